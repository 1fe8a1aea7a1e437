package import GANGraph
package import GANTensor

/// The sum of two branches of layers; an empty shortcut is the input itself.
///
/// - Source: He et al., "Deep Residual Learning for Image Recognition", 2015, arXiv:1512.03385.
package struct Residual: LayerContent {
  package static let kind = "residual"

  let main: [Layer]
  let shortcut: [Layer]

  package var parameters: [NetworkDescription.Parameter] {
    placed(main.parameters).map { $0.prefixed("main.") }
      + shortcut.parameters.map { $0.prefixed("shortcut.") }
  }

  /// Parameters of a branch, whose weights know their places in it.
  private func placed(
    _ parameters: [NetworkDescription.Parameter]
  ) -> [NetworkDescription.Parameter] {
    let count = parameters.count(where: \.isWeight)
    var index = 0
    return parameters.map { parameter in
      guard parameter.isWeight else { return parameter }
      var placed = parameter
      placed.placeInBlock = .init(index: index, count: count)
      index += 1
      return placed
    }
  }

  package var buffers: [NetworkDescription.Buffer] {
    main.buffers.map { $0.prefixed("main.") } + shortcut.buffers.map { $0.prefixed("shortcut.") }
  }

  package func outputShape(for input: Shape) -> Shape? {
    let output = main.outputShape(for: input)
    return output == shortcut.outputShape(for: input) ? output : nil
  }

  package func multiplyAdds(for input: Shape) -> Int {
    main.multiplyAdds(for: input).plus(shortcut.multiplyAdds(for: input))
  }

  package var isRowwise: Bool { (main + shortcut).allSatisfy(\.content.isRowwise) }

  package var classCount: Int? { (main + shortcut).classCount }

  package func apply(to input: Tensor, in scope: LayerScope) -> Tensor {
    main.apply(to: input, in: scope.nested("main"))
      + shortcut.apply(to: input, in: scope.nested("shortcut"))
  }

  package var description: String {
    func list(_ layers: [Layer]) -> String {
      layers.isEmpty ? "the input" : layers.map(\.description).joined(separator: "; ")
    }
    return "residual block of (\(list(main))) and (\(list(shortcut)))"
  }
}

extension Layer {
  /// The sum of two branches.
  package static func residual(main: [Layer], shortcut: [Layer] = []) -> Layer {
    Layer(Residual(main: main, shortcut: shortcut))
  }
}
