/// The servers that published data sets are fetched from.
package enum MirrorList: Hashable, Sendable {
  /// The mirrors that are known.
  case known
  /// Others instead: their addresses, the best first.
  case instead([String])
  /// None: the network is not to be used.
  case forbidden

  /// The word that forbids the network.
  package static let none = "none"

  /// Reads an option: addresses with spaces between them, `none`, or nothing.
  package init(_ text: String?) {
    let words = (text ?? "").split(separator: " ").map(String.init)
    switch words {
    case []: self = .known
    case [Self.none]: self = .forbidden
    default: self = .instead(words)
    }
  }

  /// The folders that may hold a data set's files; one's own mirrors have a folder for each.
  func folders(for dataset: PublishedDataset) -> [String] {
    switch self {
    case .known: dataset.mirrors
    case .instead(let addresses): addresses.map { "\($0)/\(dataset.name)" }
    case .forbidden: []
    }
  }
}
