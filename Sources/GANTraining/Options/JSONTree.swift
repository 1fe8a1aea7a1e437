import Foundation

/// Any JSON, before it is decoded: the contents of a file that another version wrote.
enum JSONTree: Hashable, Sendable {
  case value(OptionValue)
  case list([JSONTree])
  case object([String: JSONTree])

  /// Reads a text.
  ///
  /// - Throws: `DecodingError`.
  init(_ json: some Sequence<UInt8>) throws {
    self = try JSONDecoder().decode(JSONTree.self, from: Data(json))
  }

  /// The value at a path of keys; nil if there is none.
  subscript(path: some Sequence<String>) -> JSONTree? {
    path.reduce(self as JSONTree?) { tree, key in
      guard case .object(let members)? = tree else { return nil }
      return members[key]
    }
  }

  /// The value, or the list of values, without objects; nil where objects are in it.
  var optionValue: OptionValue? {
    switch self {
    case .value(let value): return value
    case .list(let elements):
      let values = elements.compactMap(\.optionValue)
      return values.count == elements.count ? .list(values) : nil
    case .object: return nil
    }
  }

  /// The path of the first key here, in order of keys, that is not in `other`, which a program
  /// wrote that understood as much of this as it could.
  func firstKey(missingIn other: JSONTree) -> String? {
    switch (self, other) {
    case (.object(let members), .object(let others)):
      for (key, member) in members.sorted(by: { $0.key < $1.key }) {
        guard let known = others[key] else { return key }
        if let path = member.firstKey(missingIn: known) { return "\(key).\(path)" }
      }
      return nil
    case (.list(let elements), .list(let others)):
      return zip(elements, others).enumerated().lazy.compactMap { index, pair in
        pair.0.firstKey(missingIn: pair.1).map { "\(index).\($0)" }
      }.first
    default: return nil
    }
  }
}

extension JSONTree: Decodable {
  private struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  init(from decoder: any Decoder) throws {
    if let members = try? decoder.container(keyedBy: Key.self) {
      let pairs = try members.allKeys.map {
        ($0.stringValue, try members.decode(JSONTree.self, forKey: $0))
      }
      self = .object(Dictionary(pairs) { first, _ in first })
    } else if var elements = try? decoder.unkeyedContainer() {
      var list: [JSONTree] = []
      while !elements.isAtEnd { list.append(try elements.decode(JSONTree.self)) }
      self = .list(list)
    } else {
      self = .value(try Self.single(decoder.singleValueContainer()))
    }
  }

  private static func single(_ container: any SingleValueDecodingContainer) throws -> OptionValue {
    if container.decodeNil() { return .null }
    if let flag = try? container.decode(Bool.self) { return .flag(flag) }
    if let whole = try? container.decode(Int.self) { return .whole(Int128(whole)) }
    if let whole = try? container.decode(UInt64.self) { return .whole(Int128(whole)) }
    if let number = try? container.decode(Double.self) { return .number(number) }
    return .text(try container.decode(String.self))
  }
}
