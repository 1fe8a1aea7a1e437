package import GANGraph
package import GANTensor

/// A tensor of the reference backend: row-major values, wider than any backend's.
package struct ReferenceTensor: Hashable, Sendable {
  /// The values; `float32` is real, every other element type an integer.
  package enum Storage: Hashable, Sendable {
    case real([Double])
    case integer([Int64])
  }

  /// Its type in the graph; values may be more precise than its element type.
  package let type: TensorType
  /// The values in row-major order.
  package let storage: Storage

  /// Wraps reals as `float32`.
  package init(_ shape: Shape, _ values: [Double]) {
    self.init(TensorType(shape, .float32), .real(values))
  }

  /// Wraps integers; booleans are 0 and 1.
  package init(_ shape: Shape, _ elementType: ElementType, _ values: [Int64]) {
    self.init(TensorType(shape, elementType), .integer(values))
  }

  init(_ type: TensorType, _ storage: Storage) {
    let count =
      switch storage {
      case .real(let values): values.count
      case .integer(let values): values.count
      }
    precondition(count == type.shape.elementCount, "\(type) cannot hold \(count) values")
    self.type = type
    self.storage = storage
  }

  /// The extents.
  package var shape: Shape { type.shape }

  /// The values of a `float32` tensor.
  package var reals: [Double] {
    guard case .real(let values) = storage else { preconditionFailure("\(type) is not real") }
    return values
  }

  /// The values of an integer or boolean tensor.
  package var integers: [Int64] {
    guard case .integer(let values) = storage else { preconditionFailure("\(type) is real") }
    return values
  }
}

extension ReferenceTensor {
  /// Widens a host tensor; no value changes.
  package init(_ host: HostTensor) {
    let type = TensorType(host.shape, host.elementType)
    switch host.elementType {
    case .float32: self.init(type, .real(host.floats.map(Double.init)))
    case .int64: self.init(type, .integer(host.int64s))
    case .int32: self.init(type, .integer(host.int32s.map(Int64.init)))
    case .uint8, .boolean: self.init(type, .integer(host.bytes.map(Int64.init)))
    }
  }

  /// The tensor as its element type has it: reals rounded to the nearest, integers wrapped.
  package var hostTensor: HostTensor {
    switch type.elementType {
    case .float32: HostTensor(shape: shape, reals.map { Float($0) })
    case .int64: HostTensor(shape: shape, integers)
    case .int32: HostTensor(shape: shape, integers.map { Int32(truncatingIfNeeded: $0) })
    case .uint8, .boolean:
      HostTensor(
        shape: shape, elementType: type.elementType,
        bytes: integers.map { UInt8(truncatingIfNeeded: $0) })
    }
  }
}

extension ReferenceTensor {
  /// The tensor whose element `i` is this one's element `offsets[i]`.
  func picking(_ offsets: [Int], as type: TensorType) -> ReferenceTensor {
    switch storage {
    case .real(let values): ReferenceTensor(type, .real(offsets.map { values[$0] }))
    case .integer(let values): ReferenceTensor(type, .integer(offsets.map { values[$0] }))
    }
  }
}

/// The offset of each element of a tensor, in row-major order of `shape`, if a step along axis `i`
/// moves by `strides[i]`.
func offsets(of shape: Shape, strides: [Int], from start: Int = 0) -> [Int] {
  zip(shape.dimensions, strides).reduce([start]) { starts, axis in
    let (extent, stride) = axis
    return starts.flatMap { start in (0..<extent).map { start + $0 * stride } }
  }
}
