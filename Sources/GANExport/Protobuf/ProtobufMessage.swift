/// A message in protobuf's wire format, of the fields added so far, in that order.
///
/// - Source: "Encoding", https://protobuf.dev/programming-guides/encoding/
package struct ProtobufMessage: Hashable, Sendable {
  /// The encoded fields.
  package private(set) var bytes: [UInt8] = []

  /// A message without fields.
  package init() {}

  /// A message of the fields that `body` adds.
  package init(_ body: (inout ProtobufMessage) -> Void) { body(&self) }

  private enum WireType: UInt64 {
    case varint = 0
    case eightBytes = 1
    case counted = 2
    case fourBytes = 5
  }

  /// Adds a number of type `int32`, `int64`, `bool` or an enumeration; negative ones take ten bytes.
  package mutating func add(_ field: Int, integer: Int) {
    begin(field, .varint)
    append(varint: UInt64(bitPattern: Int64(integer)))
  }

  /// Adds a number of type `float`.
  package mutating func add(_ field: Int, float: Float) {
    begin(field, .fourBytes)
    append(littleEndian: float.bitPattern)
  }

  /// Adds a number of type `double`.
  package mutating func add(_ field: Int, double: Double) {
    begin(field, .eightBytes)
    append(littleEndian: double.bitPattern)
  }

  /// Adds a text.
  package mutating func add(_ field: Int, text: String) { add(field, bytes: [UInt8](text.utf8)) }

  /// Adds bytes.
  package mutating func add(_ field: Int, bytes added: [UInt8]) {
    begin(field, .counted)
    append(varint: UInt64(added.count))
    bytes += added
  }

  /// Adds a message.
  package mutating func add(_ field: Int, _ message: ProtobufMessage) {
    add(field, bytes: message.bytes)
  }

  /// Adds a message of the fields that `body` adds.
  package mutating func add(_ field: Int, _ body: (inout ProtobufMessage) -> Void) {
    add(field, ProtobufMessage(body))
  }

  private mutating func begin(_ field: Int, _ type: WireType) {
    append(varint: UInt64(field) << 3 | type.rawValue)
  }

  private mutating func append(varint: UInt64) {
    var rest = varint
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  private mutating func append(littleEndian value: some FixedWidthInteger) {
    withUnsafeBytes(of: value.littleEndian) { bytes += $0 }
  }
}
