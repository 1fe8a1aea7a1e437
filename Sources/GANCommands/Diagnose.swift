import ArgumentParser
import Foundation
import GANFormats
import GANTraining

/// `gan diagnose`.
struct Diagnose: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say what looks wrong with a run, and what to try.",
    discussion: """
      Reads what the run has recorded, while it trains or afterwards, and computes nothing anew. \
      Every verdict says what was seen, since which step, what it means, and a command that may do \
      better. Nothing found does not mean that the samples are good.
      """)

  @Argument(
    help: ArgumentHelp("A run's folder.", valueName: "run"), completion: .directory)
  var path: String

  @Flag(help: "Print one JSON document.")
  var json = false

  func run() throws {
    guard isFolder(path) else {
      throw FormatError(path, FileManager.default.fileExists(atPath: path) ? .notFolder : .notFound)
    }
    let folder = RunFolder(path: path)
    let examination = try RunExamination(of: folder)
    print(
      try json ? readableJSON(examination) : examination.text(of: folder),
      terminator: json ? "" : "\n")
  }
}
