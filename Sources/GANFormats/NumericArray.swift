package import GANTensor

/// Numbers of one type in an array, as files of arrays hold them: row-major, packed, little-endian.
package struct NumericArray: Hashable, Sendable {
  /// The type of a number.
  package enum Element: String, Sendable, CaseIterable {
    case boolean = "bool"
    case uint8, int8, uint16, int16, uint32, int32, uint64, int64, float16, float32, float64

    /// Bytes of a number.
    package var byteCount: Int {
      switch self {
      case .boolean, .uint8, .int8: 1
      case .uint16, .int16, .float16: 2
      case .uint32, .int32, .float32: 4
      case .uint64, .int64, .float64: 8
      }
    }

    /// True for whole numbers.
    package var isInteger: Bool {
      switch self {
      case .float16, .float32, .float64: false
      default: true
      }
    }
  }

  /// Extents, the slowest first.
  package let dimensions: [Int]
  /// The type of its numbers.
  package let element: Element
  /// The numbers.
  package let bytes: [UInt8]

  /// Wraps numbers already laid out.
  package init(dimensions: [Int], element: Element, bytes: [UInt8]) {
    precondition(
      packedByteCount(dimensions, elementBytes: element.byteCount) == bytes.count,
      "\(bytes.count) bytes for \(dimensions) of \(element)")
    (self.dimensions, self.element, self.bytes) = (dimensions, element, bytes)
  }

  /// Wraps bytes.
  package init(dimensions: [Int], _ bytes: [UInt8]) {
    self.init(dimensions: dimensions, element: .uint8, bytes: bytes)
  }

  /// The number of its numbers.
  package var count: Int { bytes.count / element.byteCount }

  /// Its extents as a tensor's shape.
  package var shape: Shape { Shape(dimensions) }

  /// The numbers, each as near as can be.
  package var floats: [Float] {
    var floats: [Float] = []
    floats.reserveCapacity(count)
    visitNumbers { floats.append(Float($0)) }
    return floats
  }

  /// The least and the greatest number, and whether all are whole; nil where there are none or one
  /// is not finite.
  package var range: (least: Double, greatest: Double, isWhole: Bool)? {
    var (least, greatest) = (Double.infinity, -Double.infinity)
    var (isFinite, isWhole) = (count > 0, true)
    visitNumbers { value in
      least = min(least, value)
      greatest = max(greatest, value)
      isFinite = isFinite && value.isFinite
      isWhole = isWhole && value == value.rounded()
    }
    return isFinite ? (least, greatest, isWhole) : nil
  }

  /// Calls `body` with each number in order, integers beyond 2^53 rounded.
  package func visitNumbers(_ body: (Double) -> Void) {
    switch element {
    case .boolean: visit(UInt8.self) { body($0 == 0 ? 0 : 1) }
    case .uint8: visit(UInt8.self) { body(Double($0)) }
    case .int8: visit(Int8.self) { body(Double($0)) }
    case .uint16: visit(UInt16.self) { body(Double($0)) }
    case .int16: visit(Int16.self) { body(Double($0)) }
    case .uint32: visit(UInt32.self) { body(Double($0)) }
    case .int32: visit(Int32.self) { body(Double($0)) }
    case .uint64: visit(UInt64.self) { body(Double($0)) }
    case .int64: visit(Int64.self) { body(Double($0)) }
    case .float16: visit(UInt16.self) { body(Self.half($0)) }
    case .float32: visit(Float.self) { body(Double($0)) }
    case .float64: visit(Double.self, body)
    }
  }

  private func visit<Stored: BitwiseCopyable>(_ type: Stored.Type, _ body: (Stored) -> Void) {
    let (count, size) = (self.count, element.byteCount)
    bytes.withUnsafeBytes { bytes in
      for index in 0..<count {
        body(bytes.loadUnaligned(fromByteOffset: index * size, as: Stored.self))
      }
    }
  }

  /// IEEE 754's binary16.
  private static func half(_ bits: UInt16) -> Double {
    let (exponent, fraction) = (Int(bits >> 10 & 31), Double(bits & 1023))
    let size =
      switch exponent {
      case 0: fraction * 0x1p-24
      case 31: fraction == 0 ? Double.infinity : .nan
      default: Double(sign: .plus, exponent: exponent - 15, significand: 1 + fraction / 1024)
      }
    return bits >> 15 == 0 ? size : -size
  }

  /// The same numbers where those given are big-endian.
  package func byteSwapped() -> NumericArray {
    let size = element.byteCount
    guard size > 1 else { return self }
    var swapped = bytes
    for start in stride(from: 0, to: swapped.count, by: size) {
      swapped[start..<start + size].reverse()
    }
    return NumericArray(dimensions: dimensions, element: element, bytes: swapped)
  }

  /// The same array with its axes in another order: axis `k` is `axes[k]` of this one.
  package func transposed(_ axes: [Int]) -> NumericArray {
    precondition(axes.sorted() == Array(dimensions.indices), "axes \(axes) of \(dimensions)")
    let size = element.byteCount
    var strides = [Int](repeating: size, count: dimensions.count)
    for axis in dimensions.indices.dropLast().reversed() {
      strides[axis] = strides[axis + 1] * dimensions[axis + 1]
    }
    let (extents, steps) = (axes.map { dimensions[$0] }, axes.map { strides[$0] })
    var position = [Int](repeating: 0, count: axes.count)
    var source = 0
    let result = [UInt8](unsafeUninitializedCapacity: bytes.count) { result, initialized in
      for target in stride(from: 0, to: bytes.count, by: size) {
        for offset in 0..<size { result[target + offset] = bytes[source + offset] }
        for axis in extents.indices.reversed() {
          position[axis] += 1
          source += steps[axis]
          guard position[axis] == extents[axis] else { break }
          source -= extents[axis] * steps[axis]
          position[axis] = 0
        }
      }
      initialized = bytes.count
    }
    return NumericArray(dimensions: extents, element: element, bytes: result)
  }

  /// The same numbers under other extents.
  package func reshaped(_ dimensions: [Int]) -> NumericArray {
    NumericArray(dimensions: dimensions, element: element, bytes: bytes)
  }
}
