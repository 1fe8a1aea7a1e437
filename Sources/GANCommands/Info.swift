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
    let summary =
      try isFolder(path)
      ? RunSummary(of: RunFolder(path: path)) : RunSummary(ofFile: path)
    print(
      json
        ? try summary.json
        : try summary.text(
          isWhole: all, columns: Terminal.output.size.columns),
      terminator: json ? "" : "\n")
  }
}
