package import GANTensor

/// The type of a node of a graph: its extents and its elements' type.
package struct TensorType: Hashable, Sendable, CustomStringConvertible {
  /// The extents, outermost first; every extent is at least 1.
  package var shape: Shape
  /// The type of one element.
  package var elementType: ElementType

  /// Creates a type.
  package init(_ shape: Shape, _ elementType: ElementType) {
    self.shape = shape
    self.elementType = elementType
  }

  /// Bytes a packed tensor of this type occupies.
  package var byteCount: Int { shape.elementCount * elementType.byteCount }

  package var description: String { "\(elementType)\(shape)" }
}
