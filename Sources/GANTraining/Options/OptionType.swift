import GANData
import GANLearning

/// The values an option can have.
package indirect enum OptionType: Hashable, Sendable {
  case flag
  case whole(ClosedRange<Int128>)
  /// A finite number; NaN is in no range.
  case number(Range<Double>)
  /// A number, or a change from one to another over a number of images.
  case schedule(Range<Double>)
  /// One of a few names.
  case name([String])
  /// Some of a few names, kept in the order they have here.
  case names([String])
  /// Any text; from a user, not none.
  case text
  /// The size of resized images: `auto`, `32`, `48x32`, `1x32x32`.
  case imageSize
  case list(OptionType)
  /// Or null.
  case optional(OptionType)

  /// The names of an enumeration.
  static func name<Value: CaseIterable & RawRepresentable<String>>(of type: Value.Type) -> Self {
    .name(type.allCases.map(\.rawValue))
  }

  /// Any of the names of an enumeration.
  static func names<Value: CaseIterable & RawRepresentable<String>>(of type: Value.Type) -> Self {
    .names(type.allCases.map(\.rawValue))
  }

  /// A list of whole numbers.
  static func wholes(_ range: ClosedRange<Int128>) -> Self { .list(.whole(range)) }
}

extension OptionType {
  /// The requirement on a value, to follow "must be".
  package var requirement: String {
    switch self {
    case .flag: "true or false"
    case .whole(let range): "a whole number from \(Self.words(range))"
    case .number(let range):
      "a number from \(range.lowerBound)\(Self.end(of: range))"
    case .schedule(let range):
      Self.number(range).requirement + ", or a change such as 0.0002 to 5e-05 over 2000000 cosine"
    case .name(let names): "one of \(names.joined(separator: ", "))"
    case .names(let names):
      "a list of \(names.joined(separator: ", ")), such as [\(names.first ?? "")]"
    case .text: "a name"
    case .imageSize: FramingRequest.requirement
    case .list(.whole(let range)):
      "a list of whole numbers from \(Self.words(range)), such as [256,256]"
    case .list(let element): "a list, each \(element.requirement)"
    case .optional(let wrapped): "\(wrapped.requirement), or null"
    }
  }

  /// The end of a range, which may be a small whole number that is still in it.
  private static func end(of range: Range<Double>) -> String {
    guard range.upperBound.isFinite else { return "" }
    let last = range.upperBound.nextDown
    return last == last.rounded() && last < 100 ? " to \(last)" : " to below \(range.upperBound)"
  }

  private static func words(_ range: ClosedRange<Int128>) -> String {
    let isSeed = range.upperBound == Int128(UInt64.max)
    return "\(range.lowerBound) to \(isSeed ? "2^64 - 1" : "\(range.upperBound)")"
  }

  /// The names of which values are made; empty for types without names.
  package var names: [String] {
    switch self {
    case .name(let names), .names(let names): names
    case .flag, .whole, .number, .schedule, .text, .imageSize, .list: []
    case .optional(let wrapped): wrapped.names
    }
  }

  /// The type of each element of a list; nil for other types.
  package var element: OptionType? {
    switch self {
    case .names(let names): .name(names)
    case .list(let element): element
    case .flag, .whole, .number, .schedule, .name, .text, .imageSize: nil
    case .optional(let wrapped): wrapped.element
    }
  }

  /// The value in the form that options hold, if it is of this type and in range.
  ///
  /// A whole number is a number too; names of a set are put in their order.
  package func checked(_ value: OptionValue) -> OptionValue? {
    switch (self, value) {
    case (.flag, .flag), (.optional, .null): return value
    case (.whole(let range), .whole(let number)): return range.contains(number) ? value : nil
    case (.number(let range), .number(let number)): return range.contains(number) ? value : nil
    case (.number, .whole(let number)): return checked(.number(Double(number)))
    case (.schedule(let range), .number), (.schedule(let range), .whole):
      return Self.number(range).checked(value)
    case (.schedule(let range), .text(let text)):
      guard let schedule = ScheduledValue(text), schedule.extremes.allSatisfy(range.contains) else {
        return nil
      }
      return schedule.optionValue
    case (.name(let names), .text(let name)): return names.contains(name) ? value : nil
    case (.names(let names), .list(let values)):
      guard values.allSatisfy({ names.map(OptionValue.text).contains($0) }) else { return nil }
      return .list(names.map(OptionValue.text).filter(values.contains))
    case (.text, .text): return value
    case (.imageSize, .text(let text)): return FramingRequest(text) == nil ? nil : value
    case (.list(let element), .list(let values)):
      let elements = values.compactMap(element.checked)
      return elements.count == values.count ? .list(elements) : nil
    case (.optional(let wrapped), _): return wrapped.checked(value)
    default: return nil
    }
  }

  /// A user's value, whose text may spell any type, checked.
  package func read(_ value: OptionValue) -> OptionValue? {
    switch (self, value) {
    case (.flag, .text(let text)): return Bool(text).map(OptionValue.flag)
    case (.whole, .text(let text)): return Int128(text).flatMap { checked(.whole($0)) }
    case (.number, .text(let text)): return Double(text).flatMap { checked(.number($0)) }
    case (.text, .text(let text)): return text.isEmpty ? nil : value
    case (.names, .text(let text)), (.list, .text(let text)):
      return Self.list(text).flatMap { read(.list($0.map(OptionValue.text))) }
    case (.list(let element), .list(let values)):
      return checked(.list(values.map { element.read($0) ?? $0 }))
    case (.optional, .text("null")): return .null
    case (.optional(let wrapped), _): return value == .null ? value : wrapped.read(value)
    default: return checked(value)
    }
  }

  /// The part of a user's value that does not fit: an element of a list, or all of it.
  package func misfit(in value: OptionValue) -> OptionValue {
    guard case .list(let values) = value, let element else { return value }
    return values.first { element.read($0) == nil } ?? value
  }

  /// The elements of `[96,160,64]`; `[]` is a list too.
  private static func list(_ text: String) -> [String]? {
    guard text.hasPrefix("["), text.hasSuffix("]"), text.count >= 2 else { return nil }
    let elements = text.dropFirst().dropLast().split(
      separator: ",", omittingEmptySubsequences: false
    ).map { $0.filter { !$0.isWhitespace } }
    return elements == [""] ? [] : elements
  }
}
