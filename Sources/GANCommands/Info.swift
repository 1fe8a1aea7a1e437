import ArgumentParser
import GANFormats
import GANTensor
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

  @OptionGroup var networks: NetworkArguments

  @Flag(help: "Also list the layers of both networks and every option.")
  var all = false

  @Flag(help: "Print one JSON document.")
  var json = false

  func run() throws {
    let summary: RunSummary
    if networks.network != nil {
      summary = try RunSummary(of: networks.savedNetwork(.generator, at: path), at: path)
    } else if let file = NetworkArguments.foreignFile(at: path) {
      return try tell(file)
    } else {
      summary = try isFolder(path) ? summaryOfFolder() : summaryOfFile()
    }
    print(
      json
        ? try summary.json
        : try summary.text(
          isWhole: all, columns: Terminal.output.size.columns, restart: summary.restart),
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

  /// Tells what a file of another program's tensors holds.
  private func tell(_ file: SafetensorsFile) throws {
    let tensors = file.entries.map {
      Tensor(name: $0.name, shape: $0.tensor.shape.dimensions, type: "\($0.tensor.elementType)")
    }
    guard !json else { return print(try readableJSON(tensors), terminator: "") }
    print("\(path): \(tensors.count) tensors of another program")
    for tensor in tensors {
      print("  \(tensor.name.onOneLine)  \(tensor.type) \(tensor.shape)")
    }
    Console.writeToStandardError(
      "they say nothing of layers: --network takes a recipe's name, or JSON")
  }

  /// A tensor, as `--json` shows it.
  private struct Tensor: Encodable {
    let name: String
    let shape: [Int]
    let type: String
  }
}
