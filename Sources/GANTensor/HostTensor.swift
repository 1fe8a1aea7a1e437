/// A tensor as plain bytes: row-major, packed, in this machine's byte order.
///
/// What crosses borders (files, programs' inputs and outputs, tests) has this type; nothing
/// computes on it.
package struct HostTensor: Hashable, Sendable {
  /// The extents, outermost first.
  package let shape: Shape
  /// The type of the elements in `bytes`.
  package let elementType: ElementType
  /// `shape.elementCount * elementType.byteCount` bytes.
  package let bytes: [UInt8]

  /// Wraps bytes already laid out.
  package init(shape: Shape, elementType: ElementType, bytes: [UInt8]) {
    precondition(
      bytes.count == shape.elementCount * elementType.byteCount,
      "\(shape) of \(elementType) needs \(shape.elementCount * elementType.byteCount) bytes; "
        + "got \(bytes.count)")
    self.shape = shape
    self.elementType = elementType
    self.bytes = bytes
  }

  /// Wraps 32-bit floating-point values.
  package init(shape: Shape, _ values: [Float]) {
    self.init(shape: shape, elementType: .float32, bytes: values.withUnsafeBytes { [UInt8]($0) })
  }

  /// Wraps 64-bit integers.
  package init(shape: Shape, _ values: [Int64]) {
    self.init(shape: shape, elementType: .int64, bytes: values.withUnsafeBytes { [UInt8]($0) })
  }

  /// Wraps 32-bit integers.
  package init(shape: Shape, _ values: [Int32]) {
    self.init(shape: shape, elementType: .int32, bytes: values.withUnsafeBytes { [UInt8]($0) })
  }

  /// Wraps bytes that are values themselves.
  package init(shape: Shape, _ values: [UInt8]) {
    self.init(shape: shape, elementType: .uint8, bytes: values)
  }

  /// The elements as `Float`; the tensor must be `float32`.
  package var floats: [Float] { elements(as: Float.self, .float32) }

  /// The elements as `Int64`; the tensor must be `int64`.
  package var int64s: [Int64] { elements(as: Int64.self, .int64) }

  /// The elements as `Int32`; the tensor must be `int32`.
  package var int32s: [Int32] { elements(as: Int32.self, .int32) }

  private func elements<Element>(as: Element.Type, _ expected: ElementType) -> [Element] {
    precondition(elementType == expected, "asked for \(expected), holds \(elementType)")
    return bytes.withUnsafeBytes { raw in
      (0..<shape.elementCount).map {
        raw.loadUnaligned(fromByteOffset: $0 * MemoryLayout<Element>.stride, as: Element.self)
      }
    }
  }
}
