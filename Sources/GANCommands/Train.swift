import ArgumentParser
import GANTraining

/// `gan train`.
struct Train: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Train a GAN and keep everything about the run in a folder.",
    discussion: "Prints the run's folder when it is done.")

  @OptionGroup var training: TrainingArguments
  @OptionGroup var data: DataArguments

  @Option(help: ArgumentHelp("Passes over the data.", valueName: "n"))
  var epochs: String?

  @Option(help: ArgumentHelp("Steps, instead of epochs.", valueName: "n"))
  var steps: String?

  @Option(help: ArgumentHelp("Where runs get their numbered folders.", valueName: "folder"))
  var runsDir = "runs"

  @Flag(help: "Print every option with its value and where it comes from; train nothing.")
  var dryRun = false

  @Flag(help: "Say nothing but errors; log.txt is written all the same.")
  var quiet = false

  @Flag(help: "Print the lines of stats.jsonl instead of the run's folder.")
  var jsonLines = false

  func run() async throws {
    let settings = try training.settings(length: [
      ("--epochs", "epochs", epochs), ("--steps", "steps", steps),
    ])
    if dryRun {
      print(settings.table)
      return
    }

    let console = Console(isQuiet: quiet)
    var options = settings.options
    try console.say("device: \(deviceDescription(threads: options.threads))")
    let images = try data.load(console)
    options.adopt(images)
    let folder = try RunFolder.create(in: runsDir, for: options)
    try console.say("run: \(folder.path)")
    try console.keepLog(in: folder.log)

    let events = Engine().training(options, on: images, in: folder, explain: Console.explain)
    do {
      for try await event in events {
        try show(event, on: console)
      }
    } catch let error as TrainingError {
      // The log says how the run ended; the terminal hears it from `report`.
      try LineFile(folder.log).append("error: \(error)")
      throw error
    }
    if !jsonLines { print(folder.path) }
  }

  private func show(_ event: TrainingEvent, on console: Console) throws {
    switch event {
    case .prepared(let cost):
      try console.say(
        "step: \(cost.multiplyAdds) multiply-adds, \(megabytes(cost.stateBytes)) of state, "
          + "\(megabytes(cost.arenaBytes)) of arena")
    case .report(let report):
      try console.say(report.consoleLine)
      printLine(report.statisticsLine(kind: "report"))
    case .epoch(let report):
      printLine(report.statisticsLine(kind: "epoch"))
    case .finished(let outcome):
      try console.say("done: \(durationWords(outcome.elapsedSeconds))")
    }
  }

  private func printLine(_ line: String) { if jsonLines { print(line) } }
}
