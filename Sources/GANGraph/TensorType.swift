package import GANTensor

/// What a node of a graph holds: its extents and what one element is.
package struct TensorType: Hashable, Sendable, CustomStringConvertible {
  /// The extents, outermost first; every extent is at least 1.
  package var shape: Shape
  /// What one element is.
  package var elementType: ElementType

  /// Creates a type.
  package init(_ shape: Shape, _ elementType: ElementType = .float32) {
    self.shape = shape
    self.elementType = elementType
  }

  /// Bytes a packed tensor of this type occupies.
  package var byteCount: Int { shape.elementCount * elementType.byteCount }

  package var description: String { "\(elementType)\(shape)" }
}
