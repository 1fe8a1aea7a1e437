import ArgumentParser
import Foundation
import GANData
import GANEvaluation
import GANFormats
import GANPlots
import GANTraining

/// `gan sweep`.
struct SweepCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sweep",
    abstract: "Run many variants with many seeds, and compare them in a table.",
    discussion: """
      gan sweep --vary objective=hinge,wasserstein --seeds 0-4 --epochs 10
      Prints a table of means and standard errors over the seeds, and the sweep's folder, which \
      holds it as CSV and as a plot, and every run. Whatever ends it, --resume FOLDER goes on, to \
      the same table.
      """)

  @Argument(
    help: ArgumentHelp(
      "A YAML file with base, variants, vary and seeds; flags change it.", valueName: "file"),
    completion: .file(extensions: ["yaml", "yml"]))
  var file: String?

  @Option(
    help: ArgumentHelp(
      "A published comparison: \(SweepRequest.presets.map(\.name).joined(separator: ", ")).",
      valueName: "name"),
    completion: .list(SweepRequest.presets.map(\.name)))
  var preset: String?

  @Option(
    help: ArgumentHelp(
      "An option and its values; several make every combination. Repeatable.",
      valueName: "path=a,b"))
  var vary: [String] = []

  @Option(help: ArgumentHelp("The seeds of each, such as 0-4 or 0,3,7.", valueName: "list"))
  var seeds: SeedList?

  @Option(
    help: ArgumentHelp("Go on with the sweep in this folder.", valueName: "sweep"),
    completion: .directory)
  var resume: String?

  @Option(
    help: ArgumentHelp(
      "Runs at once, which share the threads unless --threads says how many each has.",
      valueName: "n"))
  var jobs = 1

  @Option(
    help: ArgumentHelp("Where sweeps get their numbered folders.", valueName: "folder"),
    completion: .directory)
  var sweepsDir = "sweeps"

  @OptionGroup var training: TrainingArguments
  @OptionGroup var data: DataArguments

  @Option(help: .option("epochs", "n"))
  var epochs: String?

  @Option(help: .option("steps", "n"))
  var steps: String?

  @OptionGroup var features: FeatureArguments

  @Flag(help: "Resume with another engine, or on a processor that rounds otherwise.")
  var allowDifferentBits = false

  @Flag(help: "Print the runs there would be; run nothing.")
  var dryRun = false

  @Flag(help: "Every measure in the table, not the most telling ones alone.")
  var all = false

  @Flag(help: "Print table.csv in place of the table.")
  var csv = false

  @Flag(help: "Say nothing but errors.")
  var quiet = false

  func validate() throws {
    try checked(jobs, "--jobs", in: 1...64)
    guard [file, preset, resume].count(where: { $0 != nil }) <= 1 else {
      throw ValidationError("name one of a file, --preset and --resume")
    }
    for text in vary where !text.contains("=") {
      throw ValidationError("--vary \(text): not of the form path=a,b")
    }
    guard resume == nil || (vary.isEmpty && seeds == nil) else {
      throw ValidationError("--resume goes on with a sweep as it began: no --vary, no --seeds")
    }
    guard resume != nil || file != nil || preset != nil || !vary.isEmpty || seeds != nil else {
      throw ValidationError("name what varies: a file, --preset, --vary or --seeds")
    }
  }

  func run() async throws {
    let console = Console(isQuiet: quiet, isLive: jobs == 1)
    let interruption = Interruption(
      stopping: { console.notice("stopping after this step; again to leave at once") },
      leaving: { console.leave() })
    guard let (folder, plan) = try started(on: console) else { return }
    // A lock of the whole: two processes would wait for each other's runs.
    let lock = try RunLock(RunFolder(path: folder.path))
    try console.say("sweep: \(folder.path), \(plan.cases.count) runs")
    interruption.beginTraining()
    let runner = SweepRunner(
      folder, plan, features: features.search, cache: .ofUser, stop: interruption.request,
      allowsDifferentBits: allowDifferentBits)
    let reporter = SweepReporter(console, plan)
    do {
      defer { console.end() }
      try await runner.run(lanes: jobs) { reporter.note($0) }
    }
    if let signal = interruption.received {
      try console.say("go on with: gan sweep --resume \(folder.path.shellQuoted)")
      throw Interrupted(signal: signal)
    }
    let table = try SweepTable(of: plan, in: folder)
    try table.write(to: folder)
    try table.figure(titled: plan.name).write("sweep", into: folder.path)
    print(
      csv
        ? table.groupsCSV
        : table.lines(columns: Terminal.output.size.columns, isWhole: all)
          .joined(separator: "\n") + "\n")
    print(folder.path)
    withExtendedLifetime(lock) {}
  }

  /// The sweep to go on with, or a new one; nil where it is only shown.
  private func started(on console: Console) throws -> (SweepFolder, SweepPlan)? {
    if let resume {
      let folder = SweepFolder(path: resume)
      let plan = try folder.readPlan()
      guard dryRun else { return (folder, plan) }
      for run in plan.cases { print(run.folder) }
      return nil
    }
    let request = try request()
    let planner = SweepPlanner(request, jobs: jobs, console)
    let plan = try planner.plan { try data.load($0, $1) }
    guard !dryRun else {
      for run in plan.cases { print(run.folder) }
      return nil
    }
    return (try SweepFolder.create(in: sweepsDir, for: plan), plan)
  }

  private func request() throws -> SweepRequest {
    var request =
      if let file {
        try SweepRequest(contentsOf: file)
      } else if let preset {
        try SweepRequest(preset: preset, from: .flag("--preset"))
      } else {
        SweepRequest(name: "sweep", base: [])
      }
    request.base += try training.assignments(
      data.flags + [
        OptionAssignment(flag: "--epochs", "epochs", epochs),
        OptionAssignment(flag: "--steps", "steps", steps),
      ])
    let axes = try vary.map { try SweepRequest.Axis($0) }
    request.axes += axes
    if file == nil, preset == nil, let path = axes.first?.values.first?.path {
      request.name = axes.count == 1 ? path : "\(path)-and-\(axes.count - 1)-more"
    }
    if let seeds { request.seeds = seeds.seeds }
    return request
  }
}
