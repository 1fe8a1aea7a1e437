package import GANGraph

/// Why the reference backend cannot run a graph on the tensors it was given.
package enum ReferenceError: Error, Hashable, Sendable, CustomStringConvertible {
  /// An input, data array or state the graph reads was not given.
  case missing(name: String)
  /// A tensor was given with another type than the graph's.
  case wrongType(name: String, expected: TensorType, got: TensorType)
  /// An index names no row.
  case noSuchRow(node: NodeID, index: Int64, rows: Int)

  package var description: String {
    switch self {
    case .missing(let name): "\(name): must be given, got nothing"
    case .wrongType(let name, let expected, let got): "\(name): must be \(expected), got \(got)"
    case .noSuchRow(let node, let index, let rows):
      "\(node): index must be below \(rows), got \(index)"
    }
  }
}
