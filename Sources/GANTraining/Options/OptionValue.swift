import GANLearning
import GANNetworks
import GANRuntime
package import GANTensor

/// A value of an option, from a flag, a file or code, before its row checks it.
package enum OptionValue: Hashable, Sendable {
  /// No value: another option gives the run's length, or the data have none.
  case null
  case flag(Bool)
  /// A whole number; seeds go beyond `Int`.
  case whole(Int128)
  case number(Double)
  /// A name; from outside also any other value, spelled as on a command line.
  case text(String)
  case list([OptionValue])
}

extension OptionValue: CustomStringConvertible {
  /// The value as `--set` takes it: `0.5`, `true`, `null`, `[96,160]`.
  package var description: String {
    switch self {
    case .null: "null"
    case .flag(let value): "\(value)"
    case .whole(let value): "\(value)"
    case .number(let value): "\(value)"
    case .text(let text): text
    case .list(let values): "[" + values.map(\.description).joined(separator: ",") + "]"
    }
  }
}

/// A type whose values an option can have.
protocol OptionRepresentable: Sendable {
  /// The value in the rows' form.
  var optionValue: OptionValue { get }

  /// Reads a value in the rows' form; nil if it is of another type.
  init?(_ value: OptionValue)
}

extension Bool: OptionRepresentable {
  var optionValue: OptionValue { .flag(self) }
  init?(_ value: OptionValue) {
    guard case .flag(let flag) = value else { return nil }
    self = flag
  }
}

extension OptionRepresentable where Self: FixedWidthInteger {
  var optionValue: OptionValue { .whole(Int128(self)) }
  init?(_ value: OptionValue) {
    guard case .whole(let number) = value else { return nil }
    self.init(exactly: number)
  }
}

extension Int: OptionRepresentable {}
extension UInt64: OptionRepresentable {}

extension Double: OptionRepresentable {
  var optionValue: OptionValue { .number(self) }
  init?(_ value: OptionValue) {
    guard case .number(let number) = value else { return nil }
    self = number
  }
}

extension ScheduledValue: OptionRepresentable {
  var optionValue: OptionValue { change == nil ? .number(start) : .text(description) }
  init?(_ value: OptionValue) {
    switch value {
    case .number(let number): self.init(number)
    case .text(let text): self.init(text)
    case .null, .flag, .whole, .list: return nil
    }
  }
}

extension String: OptionRepresentable {
  var optionValue: OptionValue { .text(self) }
  init?(_ value: OptionValue) {
    guard case .text(let text) = value else { return nil }
    self = text
  }
}

extension OptionRepresentable where Self: RawRepresentable<String> {
  var optionValue: OptionValue { .text(rawValue) }
  init?(_ value: OptionValue) {
    guard case .text(let name) = value else { return nil }
    self.init(rawValue: name)
  }
}

extension DeviceKind: OptionRepresentable {}
extension Precision: OptionRepresentable {}
extension Objective: OptionRepresentable {}
extension Penalty: OptionRepresentable {}
extension Augmentation: OptionRepresentable {}
extension Architecture: OptionRepresentable {}
extension Conditioning: OptionRepresentable {}
extension Initialization: OptionRepresentable {}
extension Activation: OptionRepresentable {}
extension Normalization: OptionRepresentable {}
extension DecidingMetric: OptionRepresentable {}
extension TrainingOptions.BatchStatistics: OptionRepresentable {}

extension Array: OptionRepresentable where Element: OptionRepresentable {
  var optionValue: OptionValue { .list(map(\.optionValue)) }
  init?(_ value: OptionValue) {
    guard case .list(let values) = value else { return nil }
    let elements = values.compactMap { Element($0) }
    guard elements.count == values.count else { return nil }
    self = elements
  }
}

extension Optional: OptionRepresentable where Wrapped: OptionRepresentable {
  var optionValue: OptionValue { self?.optionValue ?? OptionValue.null }
  init?(_ value: OptionValue) {
    if value == .null {
      self = .none
    } else {
      guard let wrapped = Wrapped(value) else { return nil }
      self = .some(wrapped)
    }
  }
}

extension Shape: OptionRepresentable {
  var optionValue: OptionValue { dimensions.optionValue }
  /// A shape whose elements can be counted; nil where their number overflows.
  init?(_ value: OptionValue) {
    guard let dimensions = [Int](value) else { return nil }
    var elementCount = 1
    for extent in dimensions {
      let (product, overflows) = elementCount.multipliedReportingOverflow(by: extent)
      guard extent >= 0, !overflows else { return nil }
      elementCount = product
    }
    self.init(dimensions)
  }
}
