/// Everything that can be set: the choices that decide a run, and its options.
package struct OptionValues: Equatable, Sendable {
  package var choices = RunChoices()
  package var options = TrainingOptions()
}

/// An option as one row: its path, which values it has, since when, when it applies, and one line
/// of help.
///
/// Flags' help, `--dry-run`, configuration files, the environment, JSON and `docs/options.md` all
/// read the rows: a new option is a row in `all`, a property of `TrainingOptions`, and its use.
package struct OptionKey: Sendable {
  /// Its path, such as `optimizer.generator.learningRate`; in JSON each part is a key.
  package let path: String
  /// Its allowed values.
  package let type: OptionType
  /// Its meaning, in a phrase without a full stop.
  package let help: String
  /// The version that had it first.
  package let since: String
  /// The meaning of a file without it.
  package let absence: Absence
  /// The condition for it to have an effect; nil for always.
  package let appliesWhen: Condition?
  /// The option that gives the same otherwise, and is null once this one is set.
  package let replaces: String?
  /// True if another value makes it another training, and its run's name says so: not the length,
  /// which may grow, the seed, which it has anyway, nor how a run is looked at.
  package let isNamed: Bool

  private let write: @Sendable (OptionValues) -> OptionValue
  private let store: @Sendable (OptionValue, inout OptionValues) -> Bool

  /// The meaning of a file that was written without an option.
  package enum Absence: Hashable, Sendable {
    /// Today's default, which always was the default.
    case `default`
    /// The value that held before the option existed, where the default is another.
    case value(OptionValue)
    /// Nothing: every version writes it.
    case damage
  }

  /// The condition for an option to have an effect.
  package struct Condition: Sendable {
    /// The condition in words, to follow "applies only".
    package let words: String
    /// True if the option has an effect among these.
    package let holds: @Sendable (TrainingOptions) -> Bool
  }

  /// Describes an option that a run records.
  ///
  /// - Parameter since: The version that had it first; those of the first file format by default.
  init<Value: OptionRepresentable>(
    _ path: String, _ place: any WritableKeyPath<TrainingOptions, Value> & Sendable,
    _ type: OptionType, since: String = "0.1.0", absence: Absence = .default,
    appliesWhen: Condition? = nil, replaces: String? = nil, isNamed: Bool = true, _ help: String
  ) {
    (self.path, self.type, self.help, self.since) = (path, type, help, since)
    (self.absence, self.appliesWhen, self.replaces) = (absence, appliesWhen, replaces)
    self.isNamed = isNamed
    write = { $0.options[keyPath: place].optionValue }
    store = { value, values in
      guard let value = Value(value) else { return false }
      values.options[keyPath: place] = value
      return true
    }
  }

  /// Creates the row of a choice that decides a run.
  init<Value: OptionRepresentable>(
    _ path: String, choice place: any WritableKeyPath<RunChoices, Value> & Sendable,
    _ type: OptionType, since: String = "0.1.0", _ help: String
  ) {
    (self.path, self.type, self.help, self.since) = (path, type, help, since)
    (absence, appliesWhen, replaces, isNamed) = (.default, nil, nil, false)
    write = { $0.choices[keyPath: place].optionValue }
    store = { value, values in
      guard let value = Value(value) else { return false }
      values.choices[keyPath: place] = value
      return true
    }
  }

  /// The option that can be set at a path.
  ///
  /// - Throws: `OptionsError.unknown`, with the nearest name there is.
  package static func named(
    _ path: String, from origin: OptionOrigin?
  ) throws(OptionsError) -> OptionKey {
    guard let key = (choices + all).first(where: { $0.path == path }) else {
      let nearest = nearestName(to: path, among: OptionSettings.settablePaths)
      throw .unknown(key: path, nearest: nearest, origin: origin)
    }
    return key
  }

  /// The requirement on a value, to follow "must be".
  package var requirement: String { type.requirement }

  /// The value among these.
  package func value(in values: OptionValues) -> OptionValue { write(values) }

  /// The value among these options.
  package func value(in options: TrainingOptions) -> OptionValue {
    write(OptionValues(options: options))
  }

  /// The value as text, as `--set` takes it.
  package func text(of options: TrainingOptions) -> String { value(in: options).description }

  /// The value if nothing sets it.
  package var defaultValue: OptionValue { write(OptionValues()) }

  /// True if the value among these options is an allowed one.
  package func fits(_ options: TrainingOptions) -> Bool {
    let value = value(in: options)
    return type.checked(value) == value
  }

  /// Gives the option a value, or one that a text spells; the option it replaces becomes null.
  ///
  /// - Throws: `OptionsError.unfit` or `.unfitElement`.
  package func set(
    in values: inout OptionValues, to value: OptionValue, from origin: OptionOrigin?
  ) throws(OptionsError) {
    guard let checked = type.read(value), store(checked, &values) else {
      if case .list = value, let element = type.element {
        throw .unfitElement(
          key: path, element: type.misfit(in: value).description, requirement: element.requirement,
          origin: origin)
      }
      throw .unfit(
        key: path, value: value.description, requirement: requirement, origin: origin)
    }
    guard checked != .null, let replaces else { return }
    try Self.named(replaces, from: nil).set(in: &values, to: .null, from: nil)
  }

  /// Gives the option a value among options alone.
  ///
  /// - Throws: `OptionsError.unfit` or `.unfitElement`.
  package func set(
    in options: inout TrainingOptions, to value: OptionValue, from origin: OptionOrigin?
  ) throws(OptionsError) {
    var values = OptionValues(options: options)
    try set(in: &values, to: value, from: origin)
    options = values.options
  }

  /// Gives the option the value that a text spells, among options alone.
  ///
  /// - Throws: `OptionsError.unfit`.
  package func set(
    in options: inout TrainingOptions, to text: String, from origin: OptionOrigin?
  ) throws(OptionsError) {
    try set(in: &options, to: .text(text), from: origin)
  }

  /// Takes the option's value from a file, and touches no other.
  ///
  /// - Returns: True if it is of the option's type and in range.
  func restore(_ value: OptionValue, in options: inout TrainingOptions) -> Bool {
    var values = OptionValues(options: options)
    guard let checked = type.checked(value), store(checked, &values) else { return false }
    options = values.options
    return true
  }
}

extension OptionKey {
  /// Its meaning, in a sentence that ends with its possible names: the text in `--help`.
  package var sentence: String {
    let names = type.names
    guard let last = names.last, names.count > 1 else { return help + "." }
    return "\(help): \(names.dropLast().joined(separator: ", ")) or \(last)."
  }
}

extension TrainingOptions {
  /// The value of the option at a path.
  ///
  /// - Throws: `OptionsError.unknown`.
  package func value(at path: String) throws(OptionsError) -> OptionValue {
    try Self.key(at: path).value(in: self)
  }

  /// Gives the option at a path a value, or one that a text spells.
  ///
  /// A length in epochs replaces one in steps, and the other way round.
  ///
  /// - Throws: `OptionsError.unknown` or `.unfit`.
  package mutating func set(_ path: String, to value: OptionValue) throws(OptionsError) {
    try Self.key(at: path).set(in: &self, to: value, from: nil)
  }

  private static func key(at path: String) throws(OptionsError) -> OptionKey {
    let key = try OptionKey.named(path, from: nil)
    // A choice is made before there are options.
    guard !OptionKey.choices.contains(where: { $0.path == path }) else {
      throw .unknown(key: path, nearest: nil, origin: nil)
    }
    return key
  }
}
