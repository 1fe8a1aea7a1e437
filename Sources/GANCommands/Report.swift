import ArgumentParser
import GANFormats
import GANPage
import GANTraining

/// `gan report`.
struct Report: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write a run as one HTML file: samples, film, curves, options.",
    discussion: """
      The file needs no other one and no network: mail it, or keep it. Prints the path.
      """)

  @Argument(
    help: ArgumentHelp("A run's folder, of a run that may go on.", valueName: "run"),
    completion: .directory)
  var path: String

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("The file; report.html by default.", valueName: "path"),
    completion: .file(extensions: ["html"]))
  var output = "report.html"

  func run() throws {
    let report = try RunReport(RunFolder(path: path)).html()
    try AtomicFile.write([UInt8](report.utf8), to: output)
    print(output)
  }
}
