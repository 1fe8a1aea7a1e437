package import GANTensor

/// One layer at its place in a network: what it makes and what it costs.
package struct LayerSummary: Codable, Hashable, Sendable {
  /// The start of its parameters' names, such as `3` or `3.main.1`.
  package let name: String
  /// Its kind and extents, such as `linear, 64 to 256`.
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
    placed(after: input).enumerated().map { index, place in
      let block = place.layer.content as? Residual
      let branches = [("main", block?.main), ("shortcut", block?.shortcut)]
      return LayerSummary(
        name: "\(prefix)\(index)",
        layer: block == nil ? place.layer.description : "residual block",
        outputShape: place.output,
        parameterCount: place.layer.content.parameters.reduce(0) { $0 + $1.shape.elementCount },
        multiplyAdds: place.layer.content.multiplyAdds(for: place.input),
        branches: branches.flatMap { name, layers in
          layers?.summaries(for: place.input, prefix: "\(prefix)\(index).\(name).") ?? []
        })
    }
  }

  /// Each layer with the shapes of an item before and after it, up to the first that does not take
  /// what it is given.
  func placed(after first: Shape) -> [(layer: Layer, input: Shape, output: Shape)] {
    var input = first
    var places: [(Layer, Shape, Shape)] = []
    for layer in self {
      guard let output = layer.content.outputShape(for: input) else { break }
      places.append((layer, input, output))
      input = output
    }
    return places
  }
}
