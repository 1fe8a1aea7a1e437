/// An option as one row: its path, which values it has, since when, when it applies, and one line
/// of help.
///
/// Flags' help, `--dry-run`, configuration files, the environment, JSON and `docs/options.md` all
/// read the rows: a new option is a row in `all`, a property of `TrainingOptions`, and its use.
package struct OptionKey: Sendable {
  /// Such as `optimizer.generator.learningRate`; in JSON each part is a key.
  package let path: String
  /// Which values it can have.
  package let type: OptionType
  /// What it is, in a phrase without a full stop.
  package let help: String
  /// The version that had it first.
  package let since: String
  /// What a file without it means.
  package let absence: Absence
  /// When it has an effect; nil for always.
  package let appliesWhen: Condition?
  /// The option that gives the same otherwise, and is null once this one is set.
  package let replaces: String?

  private let write: @Sendable (TrainingOptions) -> OptionValue
  private let store: @Sendable (OptionValue, inout TrainingOptions) -> Bool

  /// What a file means that was written without an option.
  package enum Absence: Hashable, Sendable {
    /// What is the default today, as it always was.
    case `default`
    /// The value that held before the option existed, where the default is another.
    case value(OptionValue)
    /// Nothing: every version writes it.
    case damage
  }

  /// When an option has an effect.
  package struct Condition: Sendable {
    /// In words, to follow "applies only".
    package let words: String
    /// Whether it does among these.
    package let holds: @Sendable (TrainingOptions) -> Bool
  }

  /// Describes an option.
  ///
  /// - Parameter since: The version that had it first; those of the first file format by default.
  init<Value: OptionRepresentable>(
    _ path: String, _ place: any WritableKeyPath<TrainingOptions, Value> & Sendable,
    _ type: OptionType, since: String = "0.1.0", absence: Absence = .default,
    appliesWhen: Condition? = nil, replaces: String? = nil, _ help: String
  ) {
    self.path = path
    self.type = type
    self.help = help
    self.since = since
    self.absence = absence
    self.appliesWhen = appliesWhen
    self.replaces = replaces
    write = { $0[keyPath: place].optionValue }
    store = { value, options in
      guard let value = Value(value) else { return false }
      options[keyPath: place] = value
      return true
    }
  }

  /// The option that can be set at a path.
  ///
  /// - Throws: `OptionsError.unknown`, with the nearest name there is.
  package static func named(
    _ path: String, from origin: OptionOrigin?
  ) throws(OptionsError) -> OptionKey {
    guard let key = all.first(where: { $0.path == path }) else {
      let nearest = nearestName(to: path, among: OptionSettings.settablePaths)
      throw .unknown(key: path, nearest: nearest, origin: origin)
    }
    return key
  }

  /// What a value must be, to follow "must be".
  package var requirement: String { type.requirement }

  /// The value among these options.
  package func value(in options: TrainingOptions) -> OptionValue { write(options) }

  /// The value as text that `--set` takes.
  package func text(of options: TrainingOptions) -> String { write(options).description }

  /// The value before anybody says anything.
  package var defaultValue: OptionValue { write(TrainingOptions()) }

  /// Whether the value among these options is one it can have.
  package func fits(_ options: TrainingOptions) -> Bool {
    let value = write(options)
    return type.checked(value) == value
  }

  /// Gives the option a value, or one that a text spells; what it replaces becomes null.
  ///
  /// - Throws: `OptionsError.unfit`.
  package func set(
    in options: inout TrainingOptions, to value: OptionValue, from origin: OptionOrigin?
  ) throws(OptionsError) {
    guard let checked = type.read(value), store(checked, &options) else {
      if case .list = value, let element = type.element {
        throw .unfitElement(
          key: path, element: type.misfit(in: value).description, requirement: element.requirement,
          origin: origin)
      }
      throw .unfit(
        key: path, value: value.description, requirement: requirement, origin: origin)
    }
    guard checked != .null, let replaces else { return }
    try Self.named(replaces, from: nil).set(in: &options, to: .null, from: nil)
  }

  /// The same, of a text.
  ///
  /// - Throws: `OptionsError.unfit`.
  package func set(
    in options: inout TrainingOptions, to text: String, from origin: OptionOrigin?
  ) throws(OptionsError) {
    try set(in: &options, to: .text(text), from: origin)
  }

  /// Takes the value that a file has of the option, and touches no other.
  ///
  /// - Returns: Whether it is of the option's type and in range.
  func restore(_ value: OptionValue, in options: inout TrainingOptions) -> Bool {
    type.checked(value).map { store($0, &options) } ?? false
  }
}

extension TrainingOptions {
  /// The value of the option at a path.
  ///
  /// - Throws: `OptionsError.unknown`.
  package func value(at path: String) throws(OptionsError) -> OptionValue {
    try OptionKey.named(path, from: nil).value(in: self)
  }

  /// Gives the option at a path a value, or one that a text spells.
  ///
  /// A length in epochs replaces one in steps, and the other way round.
  ///
  /// - Throws: `OptionsError.unknown` or `.unfit`.
  package mutating func set(_ path: String, to value: OptionValue) throws(OptionsError) {
    try OptionKey.named(path, from: nil).set(in: &self, to: value, from: nil)
  }
}
