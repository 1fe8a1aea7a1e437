package import GANTensor

/// One layer at its place in a network: what it makes and what it costs.
package struct LayerSummary: Codable, Hashable, Sendable {
  /// What the names of its parameters begin with, such as `3` or `3.main.1`.
  package let name: String
  /// What it is, such as `linear, 64 to 256`.
  package let layer: String
  /// The shape of one item after it.
  package let outputShape: Shape
  /// Values in it that training changes.
  package let parameterCount: Int
  /// Multiply-adds of one forward pass, for one item.
  package let multiplyAdds: Int
  /// The layers of a residual block, those of its shortcut last; their figures are part of its own.
  package let branches: [LayerSummary]
}

extension NetworkDescription {
  /// Every layer in order, up to the first that does not take what it is given.
  package var layerSummaries: [LayerSummary] { layers.summaries(for: inputShape, prefix: "") }
}

extension [Layer] {
  fileprivate func summaries(for input: Shape, prefix: String) -> [LayerSummary] {
    var shape = input
    var summaries: [LayerSummary] = []
    for (index, layer) in enumerated() {
      guard let output = layer.content.outputShape(for: shape) else { break }
      let block = layer.content as? Residual
      let branches = [("main", block?.main), ("shortcut", block?.shortcut)]
      summaries.append(
        LayerSummary(
          name: "\(prefix)\(index)",
          layer: block == nil ? layer.description : "residual block", outputShape: output,
          parameterCount: layer.content.parameters.reduce(0) { $0 + $1.shape.elementCount },
          multiplyAdds: layer.content.multiplyAdds(for: shape),
          branches: branches.flatMap { [shape] name, layers in
            layers?.summaries(for: shape, prefix: "\(prefix)\(index).\(name).") ?? []
          }))
      shape = output
    }
    return summaries
  }
}
