package import GANGraph
package import GANTensor

/// A kind of layer: its hyperparameters are its stored properties, and its JSON.
package protocol LayerContent: Codable, Hashable, Sendable, CustomStringConvertible {
  /// The kind's name in files.
  static var kind: String { get }

  /// True where its hyperparameters make a layer: extents are positive, and so small that no
  /// product of them overflows. Files may say anything.
  var isSound: Bool { get }

  /// Parameters, which training changes, by their names inside the layer, in PyTorch's order.
  var parameters: [NetworkDescription.Parameter] { get }

  /// Buffers, which the layer remembers beside its parameters, likewise.
  var buffers: [NetworkDescription.Buffer] { get }

  /// The shape of one item after the layer, or `nil` where the layer does not take such items.
  func outputShape(for input: Shape) -> Shape?

  /// Multiply-adds for one item of the batch, of a shape that the layer takes.
  func multiplyAdds(for input: Shape) -> Int

  /// True where each item is computed from that item alone, so that batches can be joined.
  var isRowwise: Bool { get }

  /// Classes of the labels that the layer looks at; `nil` where it looks at none.
  var classCount: Int? { get }

  /// Applies the layer to a batch, `[N] + shape → [N] + outputShape`.
  func apply(to input: Tensor, in scope: LayerScope) -> Tensor
}

// What most layers are like.
extension LayerContent {
  package var isSound: Bool { true }
  package var parameters: [NetworkDescription.Parameter] { [] }
  package var buffers: [NetworkDescription.Buffer] { [] }
  package func multiplyAdds(for input: Shape) -> Int { 0 }
  package var isRowwise: Bool { true }
  package var classCount: Int? { nil }
}

extension Layer {
  /// The shape of one item after the layer, or `nil` where the layer does not take such items.
  ///
  /// Items of more than 2⁴⁰ numbers are taken and made by none: files may say anything, and so much
  /// smaller than the greatest number, no size of theirs overflows.
  func outputShape(for input: Shape) -> Shape? {
    guard input.isOfItems, let output = content.outputShape(for: input), output.isOfItems else {
      return nil
    }
    return output
  }
}

extension Shape {
  /// True for the shape of an item: extents are positive, and few enough.
  fileprivate var isOfItems: Bool {
    var count = 1
    for extent in dimensions {
      let (product, overflows) = count.multipliedReportingOverflow(by: extent)
      guard extent > 0, !overflows, product <= 1 << 40 else { return false }
      count = product
    }
    return true
  }
}

// Counts of what files describe, which may be more than there are numbers for.
extension Int {
  /// The sum of two counts, or the greatest number there is.
  func plus(_ other: Int) -> Int {
    let (sum, overflows) = addingReportingOverflow(other)
    return overflows ? .max : sum
  }

  /// The product of two counts, or the greatest number there is.
  func times(_ other: Int) -> Int {
    let (product, overflows) = multipliedReportingOverflow(by: other)
    return overflows ? .max : product
  }
}

/// True where extents of a layer are positive and so small that no product of a few overflows.
func areSound(_ extents: Int..., upTo limit: Int = 1 << 17) -> Bool {
  extents.allSatisfy { (1...limit).contains($0) }
}
