package import GANData
import GANNetworks
import GANTensor

/// Options on their way to being resolved: each value with where it came from.
///
/// What is said later replaces what was said earlier: recipe, configuration file, environment,
/// flags.
package struct OptionSettings: Sendable {
  /// What decides a run without being one of its options.
  package enum Choice: String, CaseIterable, Sendable {
    /// What the options start from.
    case recipe
    /// Which data; `auto` takes what there is.
    case dataset
    /// The folder with the data.
    case dataDir
    /// Where data are fetched from that are not here, instead of the known mirrors.
    case dataMirror
    /// What images of all sizes become: rows and columns, as `32`, `48x32` or `1x32x32`.
    case imageSize
    /// Where runs get their folders.
    case runsDir
    /// Where to compute.
    case device
  }

  /// Two options at once.
  package enum Shorthand: String, CaseIterable, Sendable {
    /// The width of every hidden layer of both networks.
    case hiddenSize
    /// The step size of both optimisers.
    case learningRate
  }

  /// The values so far.
  package private(set) var options: TrainingOptions

  private var choices: [Choice: String]
  private var origins: [String: OptionOrigin] = [:]
  private let base: OptionOrigin

  /// Resolves what is said, the weakest first.
  ///
  /// - Throws: `OptionsError`.
  package init(_ assignments: [OptionAssignment]) throws(OptionsError) {
    // The last word on the recipe counts before all others: they change what it says.
    let named = assignments.last { $0.path == Choice.recipe.rawValue }
    let recipe = try Recipe.named(named?.text ?? Recipe.tutorial.name, from: named?.origin)
    options = recipe.options
    choices = [
      .recipe: recipe.name, .dataset: recipe.dataset, .imageSize: recipe.imageSize,
      .runsDir: "runs",
      .device: "auto",
    ]
    origins = ["threads": .machine]
    for choice in Choice.allCases { origins[choice.rawValue] = .program }
    if recipe.dataset != "auto" { origins[Choice.dataset.rawValue] = .recipe(recipe.name) }
    if recipe.imageSize != "auto" { origins[Choice.imageSize.rawValue] = .recipe(recipe.name) }
    base = .recipe(recipe.name)
    for assignment in assignments { try set(assignment) }
    try checkEffects()
    options.itemShape = framingRequest.framed(options.itemShape)
  }

  /// Starts from a run that is to go on, and adds what is said now.
  ///
  /// - Throws: `OptionsError`.
  package init(
    resuming run: RunFolder, startedWith options: TrainingOptions, dataDir: String?,
    _ assignments: [OptionAssignment]
  ) throws(OptionsError) {
    self.options = options
    choices = [.recipe: options.recipe, .dataset: options.dataset, .device: options.device]
    choices[.dataDir] = dataDir
    choices[.imageSize] = options.itemShape.extents
    base = .run(run.path)
    for assignment in assignments { try set(assignment) }
    try checkEffects()
  }

  /// Gives an option its value; a later value replaces an earlier one.
  ///
  /// - Throws: `OptionsError`.
  private mutating func set(_ assignment: OptionAssignment) throws(OptionsError) {
    let (path, value, origin) = (assignment.path, assignment.value, assignment.origin)
    let text = assignment.text
    if let choice = Choice(rawValue: path) {
      guard !text.isEmpty else {
        throw .unfit(key: path, value: text, requirement: "a name", origin: origin)
      }
      guard choice != .imageSize || FramingRequest(text) != nil else {
        throw .unfit(
          key: path, value: text, requirement: FramingRequest.requirement, origin: origin)
      }
      choices[choice] = text
    } else if let shorthand = Shorthand(rawValue: path) {
      guard shorthand.accepts(text) else {
        throw .unfit(
          key: path, value: text, requirement: shorthand.requirement, origin: origin)
      }
      for (path, text) in shorthand.expanded(text, in: options) {
        try set(OptionAssignment(path, text, origin))
      }
      return
    } else {
      let key = try OptionKey.named(path, from: origin)
      let replaced = key.type.read(value) == .null ? nil : key.replaces
      if let replaced { try checkLength(origin, replaces: replaced) }
      try key.set(in: &options, to: value, from: origin)
      if let replaced { origins[replaced] = origin }
    }
    origins[path] = origin
  }

  /// A length replaces what was said elsewhere; two in one place contradict each other.
  private func checkLength(
    _ origin: OptionOrigin, replaces other: String
  ) throws(OptionsError) {
    let isGiven = other == "epochs" ? options.epochs != nil : options.steps != nil
    guard isGiven, let layer = origin.layer, let earlier = origins[other],
      earlier.layer == layer
    else { return }
    throw .contradiction("\(earlier) and \(origin) both give the length of the run")
  }

  /// Refuses what the user sets and nothing reads.
  private func checkEffects() throws(OptionsError) {
    for key in OptionKey.all where isExplicit(key.path) {
      guard let condition = key.appliesWhen, !condition.holds(options) else { continue }
      throw .contradiction(
        "\(origin(of: key.path)) has no effect: \(key.path) applies only \(condition.words)")
    }
  }

  /// The size that images are to have.
  ///
  /// A run that goes on may have items of a shape that nobody can ask for: there nothing is asked.
  package var framingRequest: FramingRequest {
    self[.imageSize].flatMap { FramingRequest($0) } ?? FramingRequest()
  }

  /// Checks what can be known before there are data: everything, where they are those that the
  /// recipe is for.
  ///
  /// - Throws: `OptionsError`.
  package func validateBeforeData() throws(OptionsError) {
    let isDataForeseen = self[.dataDir] == nil && !isExplicit(Choice.dataset.rawValue)
    guard !isDataForeseen else { return try options.validateTogether() }
    try options.validateWithoutData()
    let request = framingRequest
    if options.makesImages, request.height != nil, request.width != nil {
      try options.validateArchitecture()
    }
  }

  /// The options of a run on these data.
  ///
  /// - Throws: `OptionsError` where they cannot be trained on.
  package func options(for data: any TrainingData) throws(OptionsError) -> TrainingOptions {
    var options = options
    options.adopt(data)
    try options.validateTogether()
    return options
  }

  /// What was chosen; nil where nobody did and there is no default.
  package subscript(choice: Choice) -> String? { choices[choice] }

  /// Where an option's or a choice's value came from.
  package func origin(of path: String) -> OptionOrigin { origins[path] ?? base }

  /// Whether the user says something about it, in this command or its environment.
  package func isExplicit(_ path: String) -> Bool { origin(of: path).layer != nil }

  /// Every path that can be set, in the order in which they are printed.
  package static let settablePaths =
    Choice.allCases.map(\.rawValue) + OptionKey.all.map(\.path)
    + Shorthand.allCases.map(\.rawValue)

  /// Every choice and option with its value as text, in the order in which they are printed.
  private var rows: [(path: String, value: String)] {
    Choice.allCases.map { ($0.rawValue, self[$0] ?? "null") }
      + OptionKey.all.map { ($0.path, $0.text(of: options)) }
  }

  /// Every option as `path = value`, and where the value came from, in columns.
  package var table: String { table(of: rows) }

  /// The same in two: the options whose value is not that of other settings, and the rest.
  package func tables(comparedWith other: OptionSettings) -> (different: String, same: String) {
    let theirs = Dictionary(uniqueKeysWithValues: other.rows.map { ($0.path, $0.value) })
    return (
      table(of: rows.filter { theirs[$0.path] != $0.value }),
      table(of: rows.filter { theirs[$0.path] == $0.value })
    )
  }

  private func table(of rows: [(path: String, value: String)]) -> String {
    let width = rows.map(\.0.count).max() ?? 0
    let valueWidth = rows.map(\.1.count).filter { $0 < 40 }.max() ?? 0
    return rows.map { path, value in
      path.padded(to: width) + " = " + value.padded(to: valueWidth) + "  \(origin(of: path))"
    }.joined(separator: "\n")
  }
}

extension OptionSettings.Shorthand {
  /// The option whose values it takes: a player's for both, or a width like any other.
  private var model: String {
    switch self {
    case .learningRate: "optimizer.generator.learningRate"
    case .hiddenSize: "latentSize"
    }
  }

  /// What a value must be, to follow "must be".
  fileprivate var requirement: String {
    OptionKey.all.first { $0.path == model }?.requirement ?? ""
  }

  /// Whether a text is such a value.
  fileprivate func accepts(_ text: String) -> Bool {
    var options = TrainingOptions()
    return (try? OptionKey.named(model, from: nil).set(in: &options, to: text, from: nil)) != nil
  }

  /// The options it stands for, and their values.
  fileprivate func expanded(_ text: String, in options: TrainingOptions) -> [(String, String)] {
    switch self {
    case .learningRate:
      ["generator", "discriminator"].map { ("optimizer.\($0).learningRate", text) }
    case .hiddenSize:
      [("generator", options.generator), ("discriminator", options.discriminator)].map {
        ("\($0).hidden", "[\($1.hidden.map { _ in text }.joined(separator: ","))]")
      }
    }
  }
}

extension String {
  func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }
}
