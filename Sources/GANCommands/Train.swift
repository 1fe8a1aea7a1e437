import ArgumentParser
import Foundation
import GANData
import GANEvaluation
import GANExport
import GANFormats
import GANRuntime
import GANServing
import GANTensor
import GANTraining

/// `gan train`.
struct Train: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Train a GAN and keep everything about the run in a folder.",
    discussion: """
      Prints the run's folder when it is done. Ctrl-C stops after the step in progress \
      and saves; a second one leaves at once. Either way, and after a kill, --resume goes \
      on to the same bits.
      """)

  @OptionGroup var training: TrainingArguments
  @OptionGroup var data: DataArguments

  @Option(help: .option("epochs", "n"))
  var epochs: String?

  @Option(help: .option("steps", "n"))
  var steps: String?

  @Option(help: .option("runsDir", "folder"), completion: .directory)
  var runsDir: String?

  @Option(
    help: ArgumentHelp(
      "Go on with the run in this folder. Its length may grow, its data lie elsewhere.",
      valueName: "run"),
    completion: .directory)
  var resume: String?

  @Option(
    help: ArgumentHelp(
      """
      Start a new run with the options, data and trained networks of this run, or of a checkpoint; \
      other flags change them. Of another program's weights, --network says which layers they are.
      """, valueName: "run"),
    completion: .file())
  var from: String?

  @OptionGroup var networks: NetworkArguments

  @Flag(
    help: """
      Resume with another engine, or on a processor that rounds otherwise, and so to other bits.
      """)
  var allowDifferentBits = false

  @Option(
    help: ArgumentHelp(
      "Stop after so many evaluations without a better one, as after Ctrl-C but with exit code 0.",
      valueName: "n"))
  var stopAfterNoProgress: Int?

  @Option(
    help: """
      What to do once the generator makes nearly the same of everything: warn goes on; stop ends the \
      run as after Ctrl-C but with exit code 0.
      """,
    completion: .list(CollapsePolicy.allCases.map(\.rawValue)))
  var onCollapse = CollapsePolicy.warn

  @OptionGroup var features: FeatureArguments

  @Flag(help: "Print every option with its value and where it comes from; train nothing.")
  var dryRun = false

  @Flag(
    help: """
      Try out everything such a run would do: two steps, each with a report, and a picture, a \
      checkpoint and, where asked for, an evaluation. Nothing is kept.
      """)
  var fastDevRun = false

  @Flag(help: "Say nothing but errors; log.txt is written all the same.")
  var quiet = false

  @Flag(
    inversion: .prefixedNo,
    help: "On a terminal, draw some of an epoch's images above the line of progress.")
  var preview = true

  @Flag(
    help: """
      Record the run for TensorBoard in its folder, too; a resumed run goes on doing so.
      """)
  var tensorboard = false

  @Flag(help: "Print the lines of stats.jsonl instead of the run's folder.")
  var jsonLines = false

  @Flag(
    help: """
      Serve a page that shows the run and controls it, on this machine alone; its address is the first \
      line on standard output.
      """)
  var page = false

  @OptionGroup var pageArguments: PageArguments

  @Option(
    name: .customLong("ranks"),
    help: ArgumentHelp(
      "Compute as so many processes on this machine, which Open MPI's mpirun starts.",
      valueName: "n"))
  var rankCount: Int?

  func validate() throws {
    try validateRanks()
    try checked(stopAfterNoProgress, "--stop-after-no-progress", in: 1...1_000_000)
    guard page || !pageArguments.isGiven else {
      throw ValidationError("--port and --open are for the page of --page")
    }
    guard resume == nil || from == nil else {
      throw ValidationError(
        "--resume goes on with a run, --from starts a new one: name one of them")
    }
    guard from != nil || networks.network == nil else {
      throw ValidationError("--network is for --from, and says what is in its file")
    }
    guard resume == nil || !fastDevRun else {
      throw ValidationError("--fast-dev-run tries out a new run, --resume goes on with one")
    }
  }

  func run() async throws {
    if let launch = RankLaunch.ofProcess {
      try await run(as: launch)
    } else if let rankCount, rankCount > 1 {
      let arguments = Array(CommandLine.arguments.dropFirst())
      throw ExitCode(try LocalRanks(count: rankCount, arguments: arguments).run())
    } else {
      try await run(nil)
    }
  }

  /// Trains in this process, alone or as the first of ranks.
  func run(_ ranks: Ranks?) async throws {
    let flags =
      data.flags + [
        OptionAssignment(flag: "--epochs", "epochs", epochs),
        OptionAssignment(flag: "--steps", "steps", steps),
        OptionAssignment(flag: "--runs-dir", "runsDir", runsDir),
      ]
    if let resume {
      let assignments = try training.assignments(flags, recordedRun: .isCompared)
      try await goOn(startedRun(at: resume, from: "--resume"), assignments, ranks)
    } else if let from, let name = networks.network {
      let network = try ForeignNetwork(name)
      let isRecipe = Recipe.all.contains { $0.name == network.name }
      let recipe =
        isRecipe && training.recipe == nil
        ? OptionAssignment("recipe", network.name, .flag("--network")) : nil
      try await start(
        training.settings([recipe] + flags), from: RunStart(foreign: from, as: network), ranks)
    } else if let from {
      if isFolder(from) { _ = try startedRun(at: from, from: "--from") }
      guard NetworkArguments.foreignFile(at: from) == nil else {
        // Says what is missing.
        _ = try networks.savedNetwork(.generator, at: from)
        return
      }
      let origin = try RunStart(from)
      try await start(training.settings(flags, like: origin.run), from: origin, ranks)
    } else {
      try await start(training.settings(flags), ranks)
    }
  }

  private func start(
    _ settings: OptionSettings, from origin: RunStart? = nil, _ ranks: Ranks?
  ) async throws {
    try settings.validate()
    guard !dryRun else {
      print(try fitted(settings).table)
      return try leaveUntrained(ranks)
    }
    let listener = try listen()
    let console = makeConsole()
    let interruption = Interruption(console)

    try console.say("device: \(settings.options.deviceDescription)")
    var images = try data.load(settings, console)
    var options = try settings.options(for: images)
    if fastDevRun { options = options.rehearsal }
    options.decideEvaluation()
    try checkEvaluation(options)
    try options.divide(among: ranks, threadsAreGiven: settings.isExplicit("threads"))
    if settings.awaitsData, options.recipe != Recipe.tutorial.name {
      try console.say(options.fittingRecipeLine)
    }
    for line in options.lengthLines { try console.say(line) }
    if let line = options.evaluationLine { try console.say(line) }
    try GeneratorJudge.check(options)
    var environment = RunEnvironment(
      device: options.device, threads: options.threads, dataset: images,
      dataDir: settings.choices.dataDir,
      optionOrigins: try settings.fitting(images).recordedOrigins)
    environment.ranks = ranks?.rankCount
    if let origin {
      for line in try origin.account(for: options) { try console.say(line) }
    }
    if let ranks {
      try announce(ranks, options, console)
      images = try share(images, options, settings, environment, with: ranks)
    }
    let scratch = fastDevRun ? try ScratchFolder() : nil
    let folder = try RunFolder.create(
      in: scratch?.path ?? settings.choices.runsDir, for: options, on: environment, from: origin)
    let lock = try RunLock(folder)
    try console.say("run: \(folder.path)")
    try console.keepLog(in: folder.log)
    var request = TrainingRequest(options, on: images, in: folder)
    request.start = origin?.checkpoint
    request.ranks = ranks
    try await train(request, in: folder, settings, console, interruption, servingOn: listener)
    withExtendedLifetime(lock) {}
    guard let scratch else { return finish(folder) }
    _ = try folder.savedNetwork(of: .generator)
    try console.say("fast-dev-run: \(options.totalSteps) steps went well; nothing is kept")
    withExtendedLifetime(scratch) {}
  }

  /// The settings with the recipe that the data decide, where they do.
  private func fitted(_ settings: OptionSettings) throws -> OptionSettings {
    guard settings.awaitsData else { return settings }
    return try settings.fitting(data.load(settings, makeConsole(), usesNetwork: false))
  }

  private func goOn(
    _ folder: RunFolder, _ assignments: [OptionAssignment], _ ranks: Ranks?
  ) async throws {
    let lock = try RunLock(folder)
    let past = try StartedRun(folder)
    let settings = try past.settings(assignments)
    try settings.validate()
    do {
      try past.check(settings)
    } catch TrainingError.differs(let path, let differences, let help) {
      let another = past.startOfAnother(settings).map { "\nto start a new run so: \($0)" }
      throw TrainingError.differs(
        path: path, differences: differences, help: help.map { $0 + (another ?? "") })
    }
    let options = settings.options
    try checkEvaluation(options)
    try options.validate(rankCount: ranks?.rankCount ?? 1)
    guard !dryRun else {
      print(settings.table)
      return try leaveUntrained(ranks)
    }
    let console = makeConsole()
    if try past.isFinished(options) {
      try console.say("\(folder.path) is finished: \(options.totalSteps) steps")
      try console.say("longer: \(folder.resumption) \(options.twiceAsLong)")
      finish(folder)
      return try leaveUntrained(ranks)
    }

    let listener = try listen()
    var circumstances = ComputingCircumstances.current
    circumstances.rankCount = ranks?.rankCount ?? 1
    try past.check(circumstances, allowingDifferentBits: allowDifferentBits)
    let interruption = Interruption(console)
    try console.say("device: \(options.deviceDescription)")
    var images = try data.load(settings, console)
    var environment = RunEnvironment(
      device: options.device, threads: options.threads, dataset: images,
      dataDir: settings.choices.dataDir, optionOrigins: past.optionOrigins(settings))
    environment.ranks = ranks?.rankCount
    try past.check(images, on: environment)
    let changes = past.environment.differences(from: environment)
    if !changes.isEmpty { try console.say("before: " + changes.joined(separator: ", ")) }
    if let ranks {
      try announce(ranks, options, console)
      images = try share(images, options, settings, environment, with: ranks)
    }
    try past.prepare(options, on: environment)
    try console.say(
      past.checkpoint == nil
        ? "run: \(folder.path), from the start, as it has no checkpoint"
        : "run: \(folder.path), from step \(past.step)")
    if !past.changes.isEmpty {
      try console.say("changes: " + past.changes.map(\.description).joined(separator: ", "))
    }
    try console.keepLog(in: folder.log)
    var request = TrainingRequest(options, on: images, in: folder, from: past.checkpoint)
    request.start = past.start
    request.ranks = ranks
    try await train(request, in: folder, settings, console, interruption, servingOn: listener)
    withExtendedLifetime(lock) {}
    finish(folder)
  }

  /// The page's port, if there is to be one, before anything is made: it may be taken.
  private func listen() throws -> ListeningSocket? { page ? try pageArguments.listen() : nil }

  /// Refuses flags of evaluations where the options ask for none.
  private func checkEvaluation(_ options: TrainingOptions) throws {
    let flags = [
      stopAfterNoProgress.map { "--stop-after-no-progress \($0)" },
      features.features.map { "--features \($0)" },
    ]
    guard !options.evaluation.isOn, let flag = flags.compactMap({ $0 }).first else { return }
    throw CommandError(
      .badOptions, "\(flag) has no effect: this run is not evaluated",
      help: "--set evaluation.interval=10 evaluates every ten epochs")
  }

  /// A console that draws, unless other output goes to the terminal, too.
  private func makeConsole() -> Console {
    let sharesTerminal = jsonLines && Terminal.output.isTerminal || Console.explain != nil
    return Console(isQuiet: quiet, isLive: !sharesTerminal)
  }

  private func train(
    _ asked: TrainingRequest, in folder: RunFolder, _ settings: OptionSettings,
    _ console: Console, _ interruption: Interruption, servingOn listener: ListeningSocket?
  ) async throws {
    interruption.beginTraining()
    var request = asked
    try request.addJudge(features: features.search)
    request.patience = stopAfterNoProgress
    request.stopsOnCollapse = onCollapse == .stop
    let minutes = settings.choices.checkpointMinutes
    request.timedInterval = minutes > 0 ? .seconds(60 * minutes) : nil
    request.stop = interruption.request
    request.progressInterval = console.isLive ? .milliseconds(100) : nil
    request.explain = Console.explain
    let isRecorded = tensorboard || !TensorBoardLog.files(in: folder.path).isEmpty
    let log = isRecorded ? try TensorBoardLog(of: folder, in: folder.path) : nil
    if let log { request.observers.append(log) }
    defer { console.end() }
    let page = listener.map { _ in TrainingPage(folder, stop: request.stop) }
    request.pace = page?.pace
    if let listener {
      try page?.serve(on: listener, pageArguments, onStandardOutput: !jsonLines)
    }
    do {
      try await follow(request, in: folder, log, console, interruption)
    } catch {
      await page?.end()
      throw error
    }
    await page?.end()
  }

  /// Trains, and says what happens.
  private func follow(
    _ request: TrainingRequest, in folder: RunFolder, _ log: TensorBoardLog?, _ console: Console,
    _ interruption: Interruption
  ) async throws {
    let reporter = TrainingReporter(
      of: folder, on: console, printsLines: jsonLines, showsPreview: preview)
    do {
      for try await event in try Engine().training(request).events {
        try reporter.show(event)
        if case .interrupted(let step) = event {
          console.end()
          try log?.catchUp()
          try console.say("stopped at step \(step); go on with: \(folder.resumption)")
          // Without a signal it stopped by itself: it made no progress, or collapsed.
          guard let signal = interruption.received else { break }
          throw Interrupted(signal: signal)
        }
      }
    } catch let error as TrainingError {
      // The logs record the run's end; `report` prints it on the terminal.
      try? log?.catchUp()
      try? LineFile(folder.log).append("error: \(error)")
      guard case .diverged = error else { throw error }
      throw CommandError(
        .diverged, error.description, help: folder.adviceAfterDivergence(of: request.options))
    }
    try log?.finish()
  }

  private func finish(_ folder: RunFolder) { if !jsonLines { print(folder.path) } }
}
