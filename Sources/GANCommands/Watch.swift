import ArgumentParser
import Foundation
import GANFormats
import GANPage
import GANServing
import GANTraining

/// `gan watch`.
struct Watch: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show a folder of runs in a browser: curves, samples, comparisons.",
    discussion: """
      Serves until Ctrl-C, on this machine alone, whoever trains the runs or has trained them. \
      The first line is the address to open; its token lets that browser in. Runs are only shown: \
      gan train --page controls one.
      """)

  @Argument(
    help: ArgumentHelp("The folder of runs, or one run of it.", valueName: "runs"),
    completion: .directory)
  var path = RunChoices().runsDir

  @OptionGroup var page: PageArguments

  func run() throws {
    guard isFolder(path) else {
      throw CommandError(
        .missing, "\(path): no such folder", help: "gan train makes runs in \(RunChoices().runsDir)"
      )
    }
    let isRun = RunFolder(path: path).isRun
    let folder = URL(filePath: path).standardizedFileURL
    let runs = isRun ? folder.deletingLastPathComponent().relativePath : path
    var router = Router()
    RunPages(try RunsFolder(runs), landing: isRun ? folder.lastPathComponent : nil).add(to: &router)
    let server = try page.serve(router)
    try page.announce(server)
    while true { pause() }
  }
}
