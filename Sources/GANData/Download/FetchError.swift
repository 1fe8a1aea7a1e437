/// Why a published data set could not be fetched.
package enum FetchError: Error, Hashable, Sendable {
  /// No mirror gave one of its files.
  case nowhere(dataset: String, file: String, attempts: [Attempt])
  /// This system has no libcurl.
  case noLibrary
  /// The network is not to be used, by `MirrorList.forbidden`.
  case forbidden(dataset: String)

  /// A mirror that was asked, and what came of it.
  package struct Attempt: Hashable, Sendable {
    /// The mirror's address.
    package let mirror: String
    /// The failure in words.
    package let reason: String
    /// True where a file came that is not the published one.
    package let isForeign: Bool

    package init(mirror: String, reason: String, isForeign: Bool) {
      (self.mirror, self.reason, self.isForeign) = (mirror, reason, isForeign)
    }
  }

  /// True where every mirror answered with another file than was published.
  package var isForeign: Bool {
    guard case .nowhere(_, _, let attempts) = self else { return false }
    return attempts.allSatisfy(\.isForeign)
  }
}

extension FetchError: CustomStringConvertible {
  /// One line with every mirror, without `error:` and without a full stop.
  package var description: String {
    details.isEmpty ? summary : "\(summary): \(details.joined(separator: "; "))"
  }

  /// What came of each mirror, a line each.
  package var details: [String] {
    guard case .nowhere(_, _, let attempts) = self else { return [] }
    return attempts.map { "\($0.mirror): \($0.reason)" }
  }

  /// What failed, in a line without the mirrors.
  package var summary: String {
    switch self {
    case .nowhere(let dataset, let file, _):
      "cannot fetch \(dataset): no mirror gives \(file)"
    case .noLibrary:
      "cannot fetch anything: libcurl is not installed"
    case .forbidden(let dataset):
      "cannot fetch \(dataset): dataMirror=\(MirrorList.none) forbids the network"
    }
  }
}
