import Foundation
package import GANData
import GANNetworks
import GANRuntime
import GANTensor

/// Options on their way to being resolved: each value with its origin.
///
/// Later values replace earlier ones: recipe, configuration file, environment, flags.
package struct OptionSettings: Sendable {
  /// Two options at once.
  package enum Shorthand: String, CaseIterable, Sendable {
    /// The width of every hidden layer of both networks.
    case hiddenSize
    /// The step size of both optimisers.
    case learningRate
  }

  private var values: OptionValues
  private var origins: [String: OptionOrigin] = [:]
  private var base: OptionOrigin
  /// The values that nothing was set in yet.
  private var first: OptionValues
  private var assignments: [OptionAssignment]

  /// True for the settings of a run that goes on.
  package private(set) var isResuming: Bool

  /// Resolves the assignments, the weakest first.
  ///
  /// - Parameter run: A run whose options hold where nothing else is said, and whose data are taken
  ///   where neither a name nor a folder of others is; nil starts from a recipe.
  /// - Throws: `OptionsError`.
  package init(
    _ assignments: [OptionAssignment], like run: RecordedRun? = nil
  ) throws(OptionsError) {
    // The last assignment of the recipe comes before all others, since they change its values.
    self.assignments = assignments
    let recipe = assignments.last { $0.path == "recipe" }
    if let run {
      (values, base) = try Self.beginning(run, recipe)
    } else {
      (values, base) = try Self.beginning(recipe)
    }
    let name = run == nil ? values.choices.recipe : nil
    (first, isResuming) = (values, false)
    origins = ["threads": .machine]
    for key in OptionKey.choices where key.value(in: values) == key.defaultValue {
      origins[key.path] = .program
    }
    for assignment in assignments { try set(assignment) }
    if run != nil { leaveDataOfRun() }
    values.options.device = DeviceKind(rawValue: choices.device) ?? .fastest
    values.options.itemShape = framingRequest.framed(options.itemShape)
    // Without a folder the data are what the tutorial was written for, perhaps in another size.
    if name == Recipe.automatic, choices.dataDir == nil {
      let fitting = Recipe.fitting(
        options.itemShape, count: options.datasetCount, isNamed: !isExplicit("imageSize"))
      guard fitting.name == Recipe.tutorial.name else {
        self = try OptionSettings(assignments + [OptionAssignment(fitting)])
        return
      }
      values.choices.recipe = fitting.name
    }
    if !awaitsData { try checkEffects() }
  }

  /// The values of a recipe.
  private static func beginning(
    _ assignment: OptionAssignment?
  ) throws(OptionsError) -> (OptionValues, OptionOrigin) {
    var values = OptionValues()
    let name = assignment?.text ?? Recipe.automatic
    let recipe =
      try name == Recipe.automatic
      ? Recipe.tutorial : Recipe.named(name, from: assignment?.origin)
    values.options = recipe.options
    values.choices.recipe = name
    values.choices.dataset = recipe.dataset
    values.choices.imageSize = recipe.imageSize
    return (values, .recipe(recipe.name))
  }

  /// The values of a run, but for what this machine decides.
  private static func beginning(
    _ run: RecordedRun, _ assignment: OptionAssignment?
  ) throws(OptionsError) -> (OptionValues, OptionOrigin) {
    if let assignment, assignment.text != run.options.recipe {
      throw .contradiction(
        "\(assignment.origin) asks for the recipe \(assignment.text), but the options are those of "
          + "\(run.path), which began with \(run.options.recipe)")
    }
    var values = OptionValues(choices: run.choices, options: run.options)
    values.options.threads = defaultThreadCount
    return (values, .run(run.path))
  }

  /// Other data than a run's are looked for without what belongs to those: a name for its own
  /// folder, or a folder under a name of its own.
  private mutating func leaveDataOfRun() {
    if isExplicit("dataset"), !isExplicit("dataDir") {
      values.choices.dataDir = nil
      origins["dataDir"] = .program
    } else if isExplicit("dataDir"), !isExplicit("dataset") {
      values.choices.dataset = DataSource.automatic
      origins["dataset"] = .program
    }
  }

  /// Starts from a run to be resumed, and adds new assignments.
  ///
  /// - Throws: `OptionsError`.
  package init(
    resuming run: RunFolder, startedWith options: TrainingOptions, dataDir: String?,
    _ assignments: [OptionAssignment]
  ) throws(OptionsError) {
    var choices = RunChoices()
    choices.recipe = options.recipe
    choices.dataset = options.dataset
    choices.dataDir = dataDir
    choices.imageSize = options.imageSize
    choices.runsDir = URL(filePath: run.path).deletingLastPathComponent().relativePath
    choices.device = options.device.rawValue
    values = OptionValues(choices: choices, options: options)
    (base, first, isResuming) = (.run(run.path), values, true)
    self.assignments = assignments
    origins["checkpointMinutes"] = .program
    origins["mpi.timeout"] = .program
    for assignment in assignments { try set(assignment) }
    values.options.device = DeviceKind(rawValue: self.choices.device) ?? options.device
    try checkEffects()
  }

  /// Gives an option its value; a later value replaces an earlier one.
  ///
  /// - Throws: `OptionsError`.
  private mutating func set(_ assignment: OptionAssignment) throws(OptionsError) {
    let (path, value, origin) = (assignment.path, assignment.value, assignment.origin)
    if let shorthand = Shorthand(rawValue: path) {
      let type = shorthand.type
      guard let value = type.read(value) else {
        throw .unfit(
          key: path, value: value.description, requirement: type.requirement, origin: origin)
      }
      for (path, value) in shorthand.expanded(value, in: options) {
        try set(OptionAssignment(path, value, origin))
      }
      return
    } else {
      let key = try OptionKey.named(path, from: origin)
      let replaced = key.type.read(value) == .null ? nil : key.replaces
      if let replaced { try checkLength(origin, replaces: replaced) }
      try key.set(in: &values, to: value, from: origin)
      if let replaced { origins[replaced] = origin }
    }
    origins[path] = origin
  }

  /// A length replaces one set elsewhere; two in one place contradict each other.
  private func checkLength(
    _ origin: OptionOrigin, replaces other: String
  ) throws(OptionsError) {
    let isGiven = other == "epochs" ? options.epochs != nil : options.steps != nil
    guard isGiven, let layer = origin.layer, let earlier = origins[other],
      earlier.layer == layer
    else { return }
    throw .contradiction("\(earlier) and \(origin) both give the length of the run")
  }

  /// Refuses options that the user sets and nothing reads; a file may list all there are.
  private func checkEffects() throws(OptionsError) {
    for key in OptionKey.all where isExplicit(key.path) {
      guard let condition = key.appliesWhen, !condition.holds(options) else { continue }
      let isChanged = key.value(in: values) != key.value(in: first)
      guard isChanged || origin(of: key.path).layer != .file else { continue }
      throw .contradiction(
        "\(origin(of: key.path)) has no effect: \(key.path) applies only \(condition.words)")
    }
  }

  /// The size that images are to have.
  package var framingRequest: FramingRequest {
    FramingRequest(choices.imageSize) ?? FramingRequest()
  }

  /// Checks as much as is possible before there are data: everything, if they are the recipe's.
  ///
  /// - Throws: `OptionsError`.
  package func validateBeforeData() throws(OptionsError) {
    guard !awaitsData else { return try validateOwnNetworks() }
    let isDataForeseen = choices.dataDir == nil && !isExplicit("dataset")
    guard !isDataForeseen else { return try options.validateTogether() }
    try options.validateWithoutData()
    try validateArchitectureIfSizeIsKnown()
  }

  /// Checks networks that the user describes whatever the recipe will be.
  private func validateOwnNetworks() throws(OptionsError) {
    let paths = ["architecture", "generator.hidden", "discriminator.hidden"]
    if paths.allSatisfy(isExplicit) { try validateArchitectureIfSizeIsKnown() }
  }

  private func validateArchitectureIfSizeIsKnown() throws(OptionsError) {
    let request = framingRequest
    if options.makesImages, request.height != nil, request.width != nil {
      try options.validateArchitecture()
    }
  }

  /// True where the data decide which recipe it is.
  package var awaitsData: Bool { choices.recipe == Recipe.automatic }

  /// The settings with the recipe that fits these data, where none is named.
  ///
  /// - Throws: `OptionsError` where an option has no effect with that recipe.
  package func fitting(_ data: any TrainingData) throws(OptionsError) -> OptionSettings {
    guard awaitsData else { return self }
    let recipe = Recipe.fitting(
      data.itemShape, count: data.count,
      isNamed: NamedDataset.named(data.name) != nil && !isExplicit("imageSize"))
    return try OptionSettings(assignments + [OptionAssignment(recipe)])
  }

  /// The options of a run on these data.
  ///
  /// - Throws: `OptionsError` where they cannot be trained on.
  package func options(for data: any TrainingData) throws(OptionsError) -> TrainingOptions {
    var options = try fitting(data).options
    options.adopt(data)
    try options.validateTogether()
    return options
  }

  /// The options so far.
  package var options: TrainingOptions { values.options }

  /// The choices that decide the run.
  package var choices: RunChoices { values.choices }

  /// The origin of an option's or a choice's value.
  package func origin(of path: String) -> OptionOrigin { origins[path] ?? base }

  /// Where options come from that are not the recipe's, by their paths, in words; of a run that goes
  /// on those that it is asked for anew.
  package var recordedOrigins: [String: String] {
    var words: [String: String] = [:]
    for key in OptionKey.all where isExplicit(key.path) || !isResuming {
      let origin = origin(of: key.path)
      if case .recipe = origin { continue }
      words[key.path] = origin.description
    }
    return words
  }

  /// True if the user sets it, in this command or its environment.
  package func isExplicit(_ path: String) -> Bool { origin(of: path).layer != nil }

  /// Every path that can be set, in the order in which they are printed.
  package static let settablePaths =
    (OptionKey.choices + OptionKey.all).map(\.path) + Shorthand.allCases.map(\.rawValue)

  /// Every choice and option with its value as text, in the order in which they are printed.
  package var rows: [(path: String, value: String)] {
    (OptionKey.choices + OptionKey.all).map { ($0.path, $0.value(in: values).description) }
  }
}

extension OptionAssignment {
  /// The choice of a recipe that fits the data.
  fileprivate init(_ recipe: Recipe) { self.init("recipe", recipe.name, .data) }
}

extension OptionSettings.Shorthand {
  /// Its allowed values: those of a player's optimiser, or of a width like any other.
  package var type: OptionType {
    let model =
      switch self {
      case .learningRate: "optimizer.generator.learningRate"
      case .hiddenSize: "latentSize"
      }
    return OptionKey.all.first { $0.path == model }?.type ?? .text
  }

  /// Its meaning, in a phrase without a full stop.
  package var help: String {
    switch self {
    case .learningRate: "Of both players' optimisers"
    case .hiddenSize: "Width of every hidden layer of both networks"
    }
  }

  /// The options it stands for, and their values.
  fileprivate func expanded(
    _ value: OptionValue, in options: TrainingOptions
  ) -> [(String, OptionValue)] {
    switch self {
    case .learningRate:
      ["generator", "discriminator"].map { ("optimizer.\($0).learningRate", value) }
    case .hiddenSize:
      [("generator", options.generator), ("discriminator", options.discriminator)].map {
        ("\($0).hidden", .list($1.hidden.map { _ in value }))
      }
    }
  }
}

extension OptionSettings {
  /// The names that an option can have; none where it has other values.
  package static func names(of path: String) -> [String] {
    // A choice and an option may have one path.
    (OptionKey.choices + OptionKey.all).filter { $0.path == path }.map(\.type.names)
      .first { !$0.isEmpty } ?? []
  }

  /// The text in `--help` for an option, a choice or a shorthand, by its path.
  package static func help(of path: String) -> String {
    if let shorthand = Shorthand(rawValue: path) { return shorthand.help + "." }
    return (OptionKey.choices + OptionKey.all).first { $0.path == path }?.sentence ?? ""
  }
}
