/// The extents of a tensor, outermost first: `[N, C, H, W]`; `[]` is a scalar.
///
/// Extents are at least 1 in a graph; files may hold tensors with an extent of 0.
public struct Shape: Hashable, Sendable {
  /// The extents, outermost first.
  public let dimensions: [Int]

  /// Creates a shape from its extents, outermost first.
  public init(_ dimensions: [Int]) {
    precondition(dimensions.allSatisfy { $0 >= 0 }, "extents are not negative; got \(dimensions)")
    self.dimensions = dimensions
  }

  /// The shape of a single value, `[]`.
  public static let scalar = Shape([])

  /// The number of axes.
  public var rank: Int { dimensions.count }

  /// The number of elements; 1 for a scalar.
  public var elementCount: Int { dimensions.reduce(1, *) }

  /// The extent of one axis.
  public subscript(axis: Int) -> Int { dimensions[axis] }

  /// Elements between neighbours along each axis of a packed, row-major tensor.
  package var rowMajorStrides: [Int] {
    var strides = [Int](repeating: 1, count: rank)
    for axis in dimensions.indices.dropLast().reversed() {
      strides[axis] = strides[axis + 1] * dimensions[axis + 1]
    }
    return strides
  }

  /// The shape without the given axes.
  package func removing(axes: [Int]) -> Shape {
    Shape(dimensions.indices.filter { !axes.contains($0) }.map { dimensions[$0] })
  }

  /// The shape with one axis given another extent.
  package func replacing(axis: Int, with extent: Int) -> Shape {
    var changed = dimensions
    changed[axis] = extent
    return Shape(changed)
  }
}

extension Shape: ExpressibleByArrayLiteral {
  /// The shape with the listed extents, outermost first.
  public init(arrayLiteral elements: Int...) { self.init(elements) }
}

extension Shape: CustomStringConvertible {
  /// The extents in brackets: `[64, 784]`, and `[]` for a scalar.
  public var description: String {
    "[" + dimensions.map(String.init).joined(separator: ", ") + "]"
  }
}

extension Shape: Codable {
  /// Reads a plain list of extents.
  ///
  /// - Throws: `DecodingError`, also where an extent is negative or their product overflows.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let dimensions = try container.decode([Int].self)
    var elementCount = 1
    for extent in dimensions {
      let (product, overflows) = elementCount.multipliedReportingOverflow(by: extent)
      guard extent >= 0, !overflows else {
        throw DecodingError.dataCorruptedError(
          in: container, debugDescription: "\(dimensions) are no extents")
      }
      elementCount = product
    }
    self.init(dimensions)
  }

  /// Writes a plain list of extents.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(dimensions)
  }
}
