import Foundation
import GANLearning

// Options as any version wrote them.
extension TrainingOptions: Decodable {
  /// Reads the options in a file.
  ///
  /// Options that the file lacks have the value that held before they were options.
  ///
  /// - Throws: `RecordedOptionsError`; `DecodingError` where it is not JSON.
  package init(from decoder: any Decoder) throws { try self.init(JSONTree(from: decoder)) }

  private init(_ tree: JSONTree) throws(RecordedOptionsError) {
    self.init()
    let rows = OptionKey.facts + OptionKey.all
    try Self.checkKeys(of: tree, "", rows)
    for row in rows {
      guard let value = try Self.value(of: row, in: tree) else { continue }
      guard row.restore(value, in: &self) else { throw row.refusal(of: value) }
    }
  }

  /// The value a file has of an option, or means without it; nil for today's default.
  private static func value(
    of row: OptionKey, in tree: JSONTree
  ) throws(RecordedOptionsError) -> OptionValue? {
    if let there = tree[row.keys] {
      guard let value = there.optionValue else {
        throw .unfit(key: row.path, value: "an object", requirement: row.requirement)
      }
      return value
    }
    switch row.absence {
    case .default: return nil
    case .value(let value): return value
    case .damage: throw .missing(row.path)
    }
  }

  /// Makes sure that every key leads to an option.
  private static func checkKeys(
    of tree: JSONTree, _ prefix: String, _ rows: [OptionKey]
  ) throws(RecordedOptionsError) {
    guard case .object(let members) = tree else {
      throw .unfit(
        key: prefix.isEmpty ? "options" : String(prefix.dropLast()),
        value: tree.optionValue?.description ?? "a list", requirement: "an object")
    }
    for (key, member) in members.sorted(by: { $0.key < $1.key }) {
      let path = prefix + key
      if rows.contains(where: { $0.path == path }) { continue }
      guard rows.contains(where: { $0.path.hasPrefix(path + ".") }) else {
        throw .unknownKey(path)
      }
      try checkKeys(of: member, path + ".", rows)
    }
  }
}

extension OptionKey {
  /// The keys of the JSON that lead to the value.
  fileprivate var keys: [String] { path.split(separator: ".").map(String.init) }

  /// Why a file's value does not fit: it is of a later version, or damaged.
  fileprivate func refusal(of value: OptionValue) -> RecordedOptionsError {
    let stranger = type.misfit(in: value)
    if case .text(let text) = stranger {
      if !type.names.isEmpty { return .unknownName(text, key: path) }
      if case .schedule = type, let curve = ScheduledValue.unknownCurve(in: text) {
        return .unknownCurve(curve, key: path)
      }
    }
    return .unfit(key: path, value: stranger.description, requirement: requirement)
  }
}

/// Why options in a file cannot be used.
package enum RecordedOptionsError: Error, Hashable, Sendable {
  /// A later version has an option that this one does not know.
  case unknownKey(String)
  /// A later version has a name that an option can have, which this one does not know.
  case unknownName(String, key: String)
  /// A later version has a curve that a hyperparameter can follow, which this one does not know.
  case unknownCurve(String, key: String)
  /// A key that every version writes is missing.
  case missing(String)
  /// A value is of the wrong type or out of range.
  case unfit(key: String, value: String, requirement: String)
}

extension RecordedOptionsError {
  /// The novelty of a later version, as a phrase; nil if no version would write it.
  var novelty: String? {
    switch self {
    case .unknownKey(let path): "the option \(path)"
    case .unknownName(let name, let key): "the \(key) \(name)"
    case .unknownCurve(let name, let key): "the curve \(name) of \(key)"
    case .missing, .unfit: nil
    }
  }
}

extension RecordedOptionsError: CustomStringConvertible {
  /// The error, without its place.
  package var description: String {
    switch self {
    case .unknownKey(let path): "no option is called \(path)"
    case .unknownName(let name, let key): "\(key) is never \(name)"
    case .unknownCurve(let name, let key): "\(key) never follows a curve \(name)"
    case .missing(let path): "there is no \(path)"
    case .unfit(let key, let value, let requirement):
      "\(key) must be \(requirement), got \(value)"
    }
  }
}
