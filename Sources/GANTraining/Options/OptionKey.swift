import GANLearning
import GANNetworks

/// An option by its path: how it is written, and how it is read from text.
///
/// `all` is the table of what `--set` and flags can reach; its paths are those of the JSON.
package struct OptionKey: Sendable {
  /// Such as `optimizer.generator.learningRate`.
  package let path: String
  /// What a value must be, to follow "must be".
  package let requirement: String

  private let write: @Sendable (TrainingOptions) -> String
  private let read: @Sendable (String, inout TrainingOptions) -> Bool

  /// Every option that can be set, in the order in which they are printed.
  package static let all: [OptionKey] = [
    choice("objective", \.objective),
    choices("penalties", \.penalties),
    number("penalty.wgan-gp.weight", \.penalty.wganGP.weight, nonnegative),
    whole("penalty.wgan-gp.interval", \.penalty.wganGP.interval, 1...1_000_000),
    number("penalty.dragan.weight", \.penalty.dragan.weight, nonnegative),
    whole("penalty.dragan.interval", \.penalty.dragan.interval, 1...1_000_000),
    number("penalty.r1.weight", \.penalty.r1.weight, nonnegative),
    whole("penalty.r1.interval", \.penalty.r1.interval, 1...1_000_000),
    number("penalty.r2.weight", \.penalty.r2.weight, nonnegative),
    whole("penalty.r2.interval", \.penalty.r2.interval, 1...1_000_000),
    number("wasserstein.clip", \.wasserstein.clip, positive),
    whole("batchSize", \.batchSize, 1...65_536),
    length("epochs", \.epochs, instead: \.steps),
    length("steps", \.steps, instead: \.epochs),
    seed,
    whole("threads", \.threads, 1...1_024),
    whole("discriminatorSteps", \.discriminatorSteps, 1...1_000),
    whole("packing", \.packing, 1...65_536),
    whole("minibatchDeviation", \.minibatchDeviation, 0...65_536),
    whole("latentSize", \.latentSize, 1...65_536),
    flag("sharedLatents", \.sharedLatents),
    choice("architecture", \.architecture),
    choice("conditioning", \.conditioning),
    choice("initialization", \.initialization),
    flag("horizontalFlip", \.horizontalFlip),
    choices("augmentation", \.augmentation),
    number("average.halfLife", \.average.halfLife, nonnegative),
    number("average.rampUp", \.average.rampUp, nonnegative),
    wholes("generator.hidden", \.generator.hidden, 1...65_536),
    choice("generator.activation", \.generator.activation),
    choice("generator.normalization", \.generator.normalization),
    number("generator.dropout", \.generator.dropout, 0..<1),
    wholes("discriminator.hidden", \.discriminator.hidden, 1...65_536),
    choice("discriminator.activation", \.discriminator.activation),
    choice("discriminator.normalization", \.discriminator.normalization),
    number("discriminator.dropout", \.discriminator.dropout, 0..<1),
    number("optimizer.generator.learningRate", \.optimizer.generator.learningRate, nonnegative),
    number("optimizer.generator.beta1", \.optimizer.generator.beta1, 0..<1),
    number("optimizer.generator.beta2", \.optimizer.generator.beta2, 0..<1),
    number("optimizer.generator.epsilon", \.optimizer.generator.epsilon, positive),
    number(
      "optimizer.discriminator.learningRate", \.optimizer.discriminator.learningRate, nonnegative),
    number("optimizer.discriminator.beta1", \.optimizer.discriminator.beta1, 0..<1),
    number("optimizer.discriminator.beta2", \.optimizer.discriminator.beta2, 0..<1),
    number("optimizer.discriminator.epsilon", \.optimizer.discriminator.epsilon, positive),
    whole("reportInterval", \.reportInterval, 1...1_000_000_000),
    whole("checkpointInterval", \.checkpointInterval, 1...1_000_000_000),
    whole("keptCheckpoints", \.keptCheckpoints, 1...1_000_000_000),
    whole("keptCheckpointInterval", \.keptCheckpointInterval, 0...1_000_000_000),
    whole("previewCount", \.previewCount, 1...4_096),
  ]

  /// What single precision holds.
  private static let limit = 1e38
  private static let nonnegative = 0..<limit
  /// From the least number that single precision has in full: what guards a division must not
  /// round to 0.
  private static let positive = Double(Float.leastNormalMagnitude)..<limit

  /// The option at a path.
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

  /// The value as text that `set` understands.
  package func text(of options: TrainingOptions) -> String { write(options) }

  /// Gives the option the value that `text` spells.
  ///
  /// - Throws: `OptionsError.unfit`.
  package func set(
    in options: inout TrainingOptions, to text: String, from origin: OptionOrigin?
  ) throws(OptionsError) {
    guard read(text, &options) else {
      throw .unfit(key: path, value: text, requirement: requirement, origin: origin)
    }
  }
}

// One constructor for each type of value.
extension OptionKey {
  private typealias Place<Value> = any WritableKeyPath<TrainingOptions, Value> & Sendable

  private static func whole(
    _ path: String, _ place: Place<Int>, _ range: ClosedRange<Int>
  ) -> OptionKey {
    OptionKey(path: path, requirement: "a whole number from \(words(range))") {
      "\($0[keyPath: place])"
    } read: { text, options in
      guard let value = Int(text), range.contains(value) else { return false }
      options[keyPath: place] = value
      return true
    }
  }

  private static func flag(_ path: String, _ place: Place<Bool>) -> OptionKey {
    OptionKey(path: path, requirement: "true or false") {
      "\($0[keyPath: place])"
    } read: { text, options in
      guard let value = Bool(text) else { return false }
      options[keyPath: place] = value
      return true
    }
  }

  private static func wholes(
    _ path: String, _ place: Place<[Int]>, _ range: ClosedRange<Int>
  ) -> OptionKey {
    OptionKey(
      path: path,
      requirement: "a list of whole numbers from \(words(range)), such as [256,256]"
    ) {
      "[" + $0[keyPath: place].map(String.init).joined(separator: ",") + "]"
    } read: { text, options in
      guard let elements = list(text) else { return false }
      let values = elements.compactMap { Int($0) }
      guard values.count == elements.count, values.allSatisfy(range.contains) else { return false }
      options[keyPath: place] = values
      return true
    }
  }

  /// The length of the run, which another option might give instead.
  private static func length(
    _ path: String, _ place: Place<Int?>, instead other: Place<Int?>
  ) -> OptionKey {
    OptionKey(path: path, requirement: "a whole number from 1, or null") {
      $0[keyPath: place].map(String.init) ?? "null"
    } read: { text, options in
      if text == "null" {
        options[keyPath: place] = nil
        return true
      }
      guard let value = Int(text), (1...1_000_000_000).contains(value) else { return false }
      options[keyPath: place] = value
      options[keyPath: other] = nil
      return true
    }
  }

  private static let seed = OptionKey(
    path: "seed", requirement: "a whole number from 0 to 2^64 - 1"
  ) {
    "\($0.seed)"
  } read: { text, options in
    guard let value = UInt64(text) else { return false }
    options.seed = value
    return true
  }

  private static func choice<Value: RawRepresentable<String> & CaseIterable & SendableMetatype>(
    _ path: String, _ place: Place<Value>
  ) -> OptionKey {
    let names = Value.allCases.map(\.rawValue)
    return OptionKey(path: path, requirement: "one of \(names.joined(separator: ", "))") {
      $0[keyPath: place].rawValue
    } read: { text, options in
      guard let value = Value(rawValue: text) else { return false }
      options[keyPath: place] = value
      return true
    }
  }

  /// Some of a few names, in any order; they are kept in theirs.
  private static func choices<
    Value: RawRepresentable<String> & CaseIterable & Equatable
      & SendableMetatype
  >(
    _ path: String, _ place: Place<[Value]>
  ) -> OptionKey {
    let names = Value.allCases.map(\.rawValue)
    return OptionKey(
      path: path,
      requirement: "a list of \(names.joined(separator: ", ")), such as [\(names[0])]"
    ) {
      "[" + $0[keyPath: place].map(\.rawValue).joined(separator: ",") + "]"
    } read: { text, options in
      guard let elements = list(text) else { return false }
      let values = elements.map { Value(rawValue: $0) }
      guard !values.contains(nil) else { return false }
      options[keyPath: place] = Value.allCases.filter(values.contains)
      return true
    }
  }

  private static func number(
    _ path: String, _ place: Place<Double>, _ range: Range<Double>
  ) -> OptionKey {
    let end = range.upperBound.isFinite ? " to below \(range.upperBound)" : ""
    return OptionKey(path: path, requirement: "a number from \(range.lowerBound)\(end)") {
      "\($0[keyPath: place])"
    } read: { text, options in
      guard let value = Double(text), range.contains(value) else { return false }
      options[keyPath: place] = value
      return true
    }
  }

  /// The elements of `[96,160,64]`; `[]` is a list too.
  private static func list(_ text: String) -> [String]? {
    guard text.hasPrefix("["), text.hasSuffix("]"), text.count >= 2 else { return nil }
    let elements = text.dropFirst().dropLast().split(
      separator: ",", omittingEmptySubsequences: false
    ).map { $0.filter { !$0.isWhitespace } }
    return elements == [""] ? [] : elements
  }

  private static func words(_ range: ClosedRange<Int>) -> String {
    "\(range.lowerBound) to \(range.upperBound)"
  }
}
