import ArgumentParser
import Foundation
import GANFormats
import GANTraining

/// `gan runs remove`.
struct RunsRemove: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "remove",
    abstract: "Remove runs, with everything in their folders.",
    discussion: """
      Says what would go; --yes removes it. Nothing is removed while a process trains one of them.
      """)

  @Argument(
    help: ArgumentHelp("Runs, or their numbers in --runs-dir.", valueName: "run"),
    completion: .directory)
  var runs: [String]

  @OptionGroup var choice: RunChoice

  @Flag(help: "Remove them.")
  var yes = false

  @Flag(help: "Print one JSON document.")
  var json = false

  func run() throws {
    let entries = try choice.entries(runs)
    if yes {
      // All or none: a lock on each, before the first goes.
      let locks = try entries.map { try RunLock($0.folder) }
      for entry in entries { try entry.folder.remove() }
      for lock in locks { lock.release() }
    }
    guard !json else { return print(try readableJSON(entries), terminator: "") }
    for entry in entries {
      print("\(entry.folder.path)  \(RunTable.state(entry))  \(megabytes(entry.byteCount))")
    }
    let total = megabytes(entries.reduce(0) { $0 + $1.byteCount })
    Console.writeToStandardError(
      "\(total) in \(entries.count == 1 ? "1 run" : "\(entries.count) runs") "
        + (yes ? "removed" : "would be removed: --yes does it"))
  }
}

extension RunFolder {
  /// Removes the run: a kill leaves something that no list of runs shows.
  fileprivate func remove() throws {
    let place = URL(filePath: path).standardizedFileURL
    let leaving = place.deletingLastPathComponent()
      .appending(path: AtomicFile.temporaryPrefix + place.lastPathComponent)
    do {
      try FileManager.default.moveItem(at: place, to: leaving)
      try FileManager.default.removeItem(at: leaving)
    } catch {
      throw CommandError(.cannotWrite, "\(path) cannot be removed")
    }
  }
}
