import Foundation
package import GANData
import GANFormats
import GANNetworks
import GANRuntime

/// A run that was started before, with the data to resume it.
package struct StartedRun: Sendable {
  /// Its folder.
  package let folder: RunFolder
  /// The options it was started with.
  package let options: TrainingOptions
  /// The environment it last ran in.
  package let environment: RunEnvironment
  /// Its newest checkpoint; nil where it has to start over.
  package let checkpoint: RunFile?
  /// The networks it starts over with; nil for those of its seed.
  package let start: RunFile?
  /// The changes of hyperparameters so far, which it makes again at their steps.
  package let changes: [HyperparameterChange]

  /// Reads a run's folder. Nothing in it changes.
  ///
  /// - Throws: `FormatError`; `TrainingError.notRun` or `.foreign`.
  package init(_ folder: RunFolder) throws {
    self.folder = folder
    options = try folder.readOptions()
    environment = try folder.readEnvironment()
    changes = try folder.readChanges(of: options)
    checkpoint = try folder.latestCheckpoint()
    let mayStartOver =
      checkpoint == nil && FileManager.default.fileExists(atPath: folder.startingNetworks)
    start = mayStartOver ? try RunFile(contentsOf: folder.startingNetworks) : nil
    if let checkpoint { try check(checkpoint) }
  }

  /// Steps it has a checkpoint of.
  package var step: Int { checkpoint?.step ?? 0 }

  private func check(_ checkpoint: RunFile) throws {
    func foreign(_ reason: String) -> TrainingError {
      .foreign(path: checkpoint.path, reason: reason)
    }
    guard checkpoint.kind == .checkpoint else {
      throw foreign("a \(checkpoint.kind.rawValue), not a checkpoint")
    }
    // The length may have grown since, and the threads changed on purpose.
    var recorded = checkpoint.options
    (recorded.epochs, recorded.steps) = (options.epochs, options.steps)
    recorded.threads = options.threads
    guard recorded == options else {
      throw foreign("its options are not those of \(folder.options)")
    }
    guard checkpoint.step <= options.totalSteps else {
      throw foreign("at step \(checkpoint.step) of a run of \(options.totalSteps)")
    }
    let name = URL(filePath: checkpoint.path).lastPathComponent
    guard
      checkpoint.path == folder.timedCheckpoint
        || Checkpoint.step(ofFileName: name) == checkpoint.step
    else {
      throw foreign("it is of step \(checkpoint.step)")
    }
  }

  /// The options to resume with: the run's, with new assignments.
  ///
  /// - Throws: `OptionsError`.
  package func settings(_ assignments: [OptionAssignment]) throws(OptionsError) -> OptionSettings {
    try OptionSettings(
      resuming: folder, startedWith: options, dataDir: environment.dataDir, assignments)
  }

  /// Where options come from that are not the recipe's: as it was started, but for what it is asked
  /// for anew; nil where that was not recorded.
  package func optionOrigins(_ settings: OptionSettings) -> [String: String]? {
    environment.optionOrigins?.merging(settings.recordedOrigins) { $1 }
  }

  /// Refuses changes that would make it another run.
  ///
  /// Its length may grow, its data come from another folder, and any number of threads compute: it
  /// changes no bit.
  ///
  /// - Throws: `TrainingError.differs`.
  package func check(_ settings: OptionSettings) throws {
    func differs(_ differences: [String], help: String?) -> TrainingError {
      .differs(path: folder.path, differences: differences, help: help)
    }
    let free: Set = ["epochs", "steps", "threads"]
    var differences = OptionKey.all.filter { !free.contains($0.path) }.compactMap { key in
      let (before, now) = (key.text(of: options), key.text(of: settings.options))
      return before == now
        ? nil
        : "it has \(key.path) = \(before), \(settings.origin(of: key.path)) asks for \(now)"
    }
    for (path, before, now) in [
      ("recipe", options.recipe, settings.choices.recipe),
      ("dataset", options.dataset, settings.choices.dataset),
      ("device", options.device.rawValue, settings.choices.device),
    ] {
      guard now != before, now != "auto" else { continue }
      differences.append(
        "it has \(path) = \(before), \(settings.origin(of: path)) asks for \(now)")
    }
    let parent = URL(filePath: folder.path).deletingLastPathComponent().relativePath
    if settings.isExplicit("runsDir"), settings.choices.runsDir != parent {
      differences.append(
        "it stays in its folder, \(settings.origin(of: "runsDir")) asks for another")
    }
    guard differences.isEmpty else {
      throw differs(
        differences,
        help: "only a greater length and another folder of the same data can be asked for")
    }
    let total = settings.options.totalSteps
    guard total >= options.totalSteps else {
      throw differs(
        ["it has \(options.totalSteps) steps, \(total) are fewer"], help: "a run can only grow")
    }
  }

  /// Refuses to compute under other circumstances than those of the run's checkpoint, if known.
  ///
  /// A run without a checkpoint starts over, and then nothing is mixed.
  ///
  /// - Parameter now: The circumstances of this process.
  /// - Throws: `TrainingError.differs`.
  package func check(
    _ now: ComputingCircumstances = .current, allowingDifferentBits: Bool
  ) throws {
    guard let checkpoint, !allowingDifferentBits else { return }
    // The environment is of the last process, the checkpoint of the one that wrote it.
    var differences = checkpoint.circumstances.differences(from: now, of: options)
    for difference in environment.circumstances.differences(from: now, of: options)
    where !differences.contains(difference) {
      differences.append(difference)
    }
    guard !differences.isEmpty else { return }
    throw TrainingError.differs(
      path: folder.path, differences: differences,
      help: "--allow-different-bits accepts that the run ends with other bits")
  }

  /// Refuses data with other contents than those the run was started with.
  ///
  /// - Parameters:
  ///   - data: The data.
  ///   - now: The environment to resume in, which has the digests of `data`.
  /// - Throws: `TrainingError.differs`.
  package func check(_ data: any TrainingData, on now: RunEnvironment) throws {
    var differences: [String] = []
    // The same bytes may be cut into other items.
    if data.count != options.datasetCount || data.itemShape != options.itemShape {
      differences.append(
        "its data are \(options.datasetCount) items of \(options.itemShape), "
          + "these \(data.count) of \(data.itemShape)")
    }
    if now.dataSHA256 != environment.dataSHA256 {
      differences.append(
        "its data have the SHA-256 \(environment.dataSHA256), these have \(now.dataSHA256)")
    }
    if options.conditioning != .none { differences += differencesOfClasses(data, now) }
    guard !differences.isEmpty else { return }
    throw TrainingError.differs(
      path: folder.path, differences: differences,
      help: "name the folder with the same data, --data-dir folder")
  }

  private func differencesOfClasses(_ data: any TrainingData, _ now: RunEnvironment) -> [String] {
    func name(_ count: Int?) -> String { count.map { "\($0) classes" } ?? "no classes" }
    if data.classCount != options.classCount {
      return ["its data have \(name(options.classCount)), these \(name(data.classCount))"]
    }
    var differences: [String] = []
    if data.classNames != options.classNames {
      differences.append("its classes have other names")
    }
    if let labels = environment.labelsSHA256, now.labelsSHA256 != labels {
      differences.append(
        "its labels have the SHA-256 \(labels), these have \(now.labelsSHA256 ?? "none")")
    }
    return differences
  }

  /// True if a run of `options` is complete.
  ///
  /// - Throws: `FormatError`, `TrainingError.foreign` where the last file of the run is damaged.
  package func isFinished(_ options: TrainingOptions) throws -> Bool {
    let last = folder.network(of: .discriminator)
    guard step == options.totalSteps, FileManager.default.fileExists(atPath: last) else {
      return false
    }
    return try RunFile(contentsOf: last).step == step
  }

  /// The statistics to resume from: whole lines, up to the checkpoint's step.
  ///
  /// - Throws: `FormatError`; `TrainingError.foreign` where they are damaged.
  package func keptStatistics() throws -> [UInt8] { try folder.statistics(upTo: step) }

  /// Restores the folder as the checkpoint left it, ready to resume with `options`.
  ///
  /// Files that a kill left half-written are removed, and so are statistics and checkpoints beyond
  /// the one to resume from, and the networks of a former end.
  ///
  /// - Throws: `FormatError`; `TrainingError.foreign` where the statistics are damaged.
  package func prepare(_ options: TrainingOptions, on environment: RunEnvironment) throws {
    let statistics = try keptStatistics()
    for folder in [folder.path] + folder.folders(of: options) {
      try makeFolder(folder)
      let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
      for name in names where name.hasPrefix(AtomicFile.temporaryPrefix) {
        AtomicFile.removeUnfinished("\(folder)/\(name)")
      }
    }
    try AtomicFile.write(statistics, to: folder.statistics)
    try folder.removeCutChange()
    try folder.write(environment)
    if step < options.totalSteps {
      // The discriminator first: without it the run counts as unfinished, however this ends.
      for file in folder.endFiles.reversed() { unlink(file) }
    }
    // Last: from now on the run is the longer one.
    if options != self.options { try folder.write(options) }
    if let checkpoint, checkpoint.path != folder.timedCheckpoint {
      unlink(folder.timedCheckpoint)
      // A kill can come between the first checkpoint and the file that names it; where it is the last
      // one, too, none will follow.
      try folder.nameLatestCheckpoint(step: step)
    }
    folder.removeCheckpoints(after: step)
    folder.removeAverages(after: step)
    let best = BestCheckpoint(options, restoring: statistics).step
    if options.evaluation.isOn { try folder.writeBest(step: best) }
    folder.removeCheckpoints(beyond: CheckpointRetention(options), best: best)
    folder.removeAverages(beyond: EvenRetention(averagesOf: options))
  }
}

extension RunFolder {
  /// The options a run was started with.
  ///
  /// - Throws: `TrainingError.notRun` if there are none, `.foreign` if they are damaged, `.newer`
  ///   if a later version wrote them; `FormatError`.
  package func readOptions() throws -> TrainingOptions {
    do {
      return try TrainingOptions(
        contentsOf: self.options, writtenBy: try? readEnvironment().version)
    } catch let error as FormatError where error.reason == .notFound {
      throw TrainingError.notRun(path: path, reason: "no options.json in it")
    }
  }

  /// The environment a run was last in.
  ///
  /// - Throws: `FormatError`; `TrainingError.foreign` if it is damaged.
  package func readEnvironment() throws -> RunEnvironment {
    let json = Data(try InputFile(path: environment).bytes(upTo: 1_000_000))
    do {
      return try JSONDecoder().decode(RunEnvironment.self, from: json)
    } catch {
      throw TrainingError.foreign(
        path: environment, reason: "not the environment of a run, in JSON")
    }
  }

  /// The whole lines of `stats.jsonl` up to a step.
  package func statistics(upTo step: Int) throws -> [UInt8] {
    struct Line: Decodable { let step: Int }
    let file: InputFile
    do throws(FormatError) {
      file = try InputFile(path: statistics)
    } catch {
      // A run killed before its first line has none.
      guard error.reason == .notFound else { throw error }
      return []
    }
    var kept: [UInt8] = []
    var lastStep = 0
    let lines = try file.bytes(upTo: file.byteCount)
      .split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    // After the last line's end there is nothing, or a line that a kill cut.
    for (number, bytes) in lines.dropLast().enumerated() {
      guard let line = try? JSONDecoder().decode(Line.self, from: Data(bytes)) else {
        throw TrainingError.foreign(
          path: statistics, reason: "line \(number + 1) is not a report in JSON")
      }
      guard line.step >= lastStep else {
        throw TrainingError.foreign(
          path: statistics,
          reason: "line \(number + 1) is of step \(line.step), after "
            + "\(lastStep)")
      }
      lastStep = line.step
      if line.step <= step { kept += bytes + [UInt8(ascii: "\n")] }
    }
    return kept
  }
}
