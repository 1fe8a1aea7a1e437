/// The type of a tensor's elements, in memory and in files.
package enum ElementType: String, Hashable, Sendable, Codable, CaseIterable {
  /// IEEE 754 single precision: what networks compute in.
  case float32
  /// Signed 64-bit: labels, step counters, seeds as bit patterns.
  case int64
  /// Signed 32-bit: row indices.
  case int32
  /// Unsigned 8-bit: pixels.
  case uint8
  /// One byte, 0 or 1: the result of a comparison.
  case boolean

  /// Bytes an element occupies.
  package var byteCount: Int {
    switch self {
    case .float32, .int32: 4
    case .int64: 8
    case .uint8, .boolean: 1
    }
  }
}
