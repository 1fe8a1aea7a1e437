import ArgumentParser
import Foundation
import GANFormats
import GANTraining

/// The flags that name runs.
struct RunNames: ParsableArguments {
  @Option(
    help: ArgumentHelp("The folder of runs that numbers count in.", valueName: "folder"),
    completion: .directory)
  var runsDir = "runs"

  /// The folders of the named runs, each once.
  ///
  /// - Parameter names: Runs' folders, folders of runs, or numbers; none is all of `runsDir`.
  /// - Throws: `FormatError`, `CommandError` where nothing is there.
  func folders(_ names: [String]) throws -> [RunFolder] {
    guard !names.isEmpty else { return try RunFolder.all(in: runsDir) }
    var folders: [RunFolder] = []
    for folder in try names.flatMap(find) where !folders.contains(folder) {
      folders.append(folder)
    }
    return folders
  }

  private func find(_ name: String) throws -> [RunFolder] {
    let folder = RunFolder(path: name)
    if folder.isRun { return [folder] }
    if isFolder(name) {
      let runs = try RunFolder.all(in: name)
      guard runs.isEmpty else { return runs }
      throw TrainingError.notRun(path: name, reason: "no options.json in it, and no runs")
    }
    guard let number = Int(name), number >= 0 else { throw FormatError(name, .notFound) }
    let numbered = try RunFolder.all(in: runsDir).filter {
      RunFolder.number(ofName: URL(filePath: $0.path).lastPathComponent) == number
    }
    guard !numbered.isEmpty else {
      throw CommandError(
        .missing, "no run in \(runsDir) has the number \(number)",
        help: adviceOnRuns(in: runsDir))
    }
    return numbered
  }

  /// What is told about the named runs; what cannot be read is said on standard error, and left out.
  ///
  /// - Throws: As `folders`.
  func entries(_ names: [String]) throws -> [RunEntry] {
    try folders(names).compactMap { folder in
      do {
        return try RunEntry(folder)
      } catch {
        let message = description(of: error)?.message ?? "\(error)"
        Console.writeToStandardError("left out: \(message.onOneLine)")
        return nil
      }
    }
  }
}

/// The flags that choose among runs, and their order.
struct RunChoice: ParsableArguments {
  @OptionGroup var names: RunNames

  @Option(
    name: .customLong("where"),
    help: ArgumentHelp(
      """
      Only those for which this holds: an option, a result or a fact, compared by =, !=, <, <=, > or \
      >=, as in objective=hinge or 'seed<3'. Repeatable.
      """, valueName: "condition"))
  var conditions: [String] = []

  func validate() throws {
    for text in conditions where RunCondition(text) == nil {
      throw ValidationError("--where \(text) is no condition, such as objective=hinge or 'seed<3'")
    }
  }

  /// What is told about the runs for which everything holds.
  func entries(_ names: [String]) throws -> [RunEntry] {
    try conditions.compactMap { RunCondition($0) }.reduce(self.names.entries(names)) {
      try $1.filter($0)
    }
  }
}
