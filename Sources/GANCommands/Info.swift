import ArgumentParser
import GANFormats
import GANTraining

/// `gan info`.
struct Info: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say what a run or a file holds.")

  @Argument(
    help: ArgumentHelp(
      "A run's folder, or a file of weights, a checkpoint or a trace of it.", valueName: "run"),
    completion: .file())
  var path: String

  @Flag(help: "Also list the layers of both networks and every option.")
  var all = false

  @Flag(help: "Print one JSON document.")
  var json = false

  func run() throws {
    let summary = try isFolder(path) ? summaryOfFolder() : summaryOfFile()
    print(
      json
        ? try summary.json
        : try summary.text(
          isWhole: all, columns: Terminal.output.size.columns),
      terminator: json ? "" : "\n")
  }

  private func summaryOfFolder() throws -> RunSummary {
    let run = RunFolder(path: path)
    guard !run.isRun, let newest = newestRun(in: path) else { return try RunSummary(of: run) }
    throw CommandError(
      .missing, "\(path): a folder of runs, not a run's",
      help: "for the newest in it: " + ["gan", "info", newest].shellLine)
  }

  private func summaryOfFile() throws -> RunSummary {
    guard !ImageFile.isLikely(at: path) else {
      throw CommandError(
        .badFile, "\(path): a picture, not a file of a run",
        help: "gan data inspect shows folders of pictures")
    }
    return try RunSummary(ofFile: path)
  }
}
