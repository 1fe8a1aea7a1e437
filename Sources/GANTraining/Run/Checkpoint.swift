import Foundation
import GANFormats
import GANTensor

/// The data to resume a run after a step.
struct Checkpoint: Sendable {
  let step: Int
  let options: TrainingOptions
  let tensors: [(name: String, tensor: HostTensor)]
  /// The step of the best checkpoint so far, which is kept.
  var bestStep: Int?
  /// The ranks that computed it.
  var rankCount = 1

  /// Writes the snapshot of averages that belongs to it, `step-<n>.safetensors`, then `latest` and
  /// `best`, then removes superfluous checkpoints and snapshots.
  ///
  /// - Throws: `FormatError` of kind `unwritable`.
  func write(to folder: RunFolder, keeping retention: CheckpointRetention) throws {
    let name = Self.fileName(step: step)
    // First, so that a run that goes on from the checkpoint has it.
    if options.average.postHoc, retention.isRegular(step) { try writeAverages(to: folder) }
    try RunFile.write(
      .checkpoint, tensors, networks: options.networksByRole, options: options, step: step,
      rankCount: rankCount, to: "\(folder.checkpoints)/\(name)")
    try folder.nameLatestCheckpoint(step: step)
    unlink(folder.timedCheckpoint)
    if bestStep != nil { try folder.writeBest(step: bestStep) }
    folder.removeCheckpoints(beyond: retention, best: bestStep)
    folder.removeAverages(beyond: EvenRetention(averagesOf: options))
  }

  /// Writes `timed.safetensors`, which the next checkpoint of the schedule replaces.
  ///
  /// - Throws: `FormatError` of kind `unwritable`.
  func writeTimed(to folder: RunFolder) throws {
    try RunFile.write(
      .checkpoint, tensors, networks: options.networksByRole, options: options, step: step,
      rankCount: rankCount, to: folder.timedCheckpoint)
  }

  static func fileName(step: Int) -> String { "step-\(step).safetensors" }

  /// The step in a checkpoint's name; nil for any other name.
  static func step(ofFileName name: String) -> Int? {
    guard name.hasPrefix("step-"), name.hasSuffix(".safetensors") else { return nil }
    let step = Int(name.dropFirst("step-".count).dropLast(".safetensors".count))
    return step.flatMap { fileName(step: $0) == name ? $0 : nil }
  }
}

/// The rule for checkpoints to keep: the newest, and those of every n-th round, as far as there is
/// room; where it is short, every 2n-th, every 4n-th and so on.
///
/// A checkpoint that only an interruption asked for is kept until there is a newer one; it never
/// pushes another out, so that a run ends with the same files however often it was interrupted.
struct CheckpointRetention: Hashable, Sendable {
  let stepsPerRound: Int
  let totalSteps: Int
  /// Rounds between two checkpoints.
  let interval: Int
  let newestCount: Int
  /// Rounds between two that are kept for good; 0 keeps none.
  let keptInterval: Int
  /// The checkpoints there is room for, at least one.
  let room: Int

  init(_ options: TrainingOptions) {
    stepsPerRound = options.epochsPerRound * options.stepsPerEpoch
    totalSteps = options.totalSteps
    interval = options.checkpointInterval
    room = roomForKept(of: options.checkpointBytes, options)
    newestCount = min(options.keptCheckpoints, room)
    keptInterval = options.keptCheckpointInterval
  }

  /// The steps among `steps` whose checkpoints may go.
  ///
  /// - Parameter best: The step of the best one, which stays.
  func superfluous(among steps: [Int], best: Int? = nil) -> [Int] {
    let regular = steps.filter(isRegular).sorted()
    var kept = Set(regular.suffix(newestCount))
    if keptInterval > 0, let last = regular.last {
      let thinned = thinnedInterval(
        keptInterval * stepsPerRound, upTo: last, room: room - newestCount)
      kept.formUnion(regular.filter { step in thinned.map(step.isMultiple) ?? false })
    }
    if let newest = steps.max() { kept.insert(newest) }
    if let best { kept.insert(best) }
    return steps.filter { !kept.contains($0) }.sorted()
  }

  /// True for a step whose checkpoint the schedule asks for.
  func isRegular(_ step: Int) -> Bool {
    step.isMultiple(of: interval * stepsPerRound) || step == totalSteps
  }
}

extension RunFolder {
  /// The file that names the newest checkpoint.
  var latestCheckpointName: String { "\(checkpoints)/latest" }

  /// Has `latest` name a checkpoint.
  ///
  /// - Throws: `FormatError` of kind `unwritable`.
  func nameLatestCheckpoint(step: Int) throws(FormatError) {
    let line = Checkpoint.fileName(step: step) + "\n"
    try AtomicFile.write([UInt8](line.utf8), to: latestCheckpointName)
  }

  /// The state that was last saved by the clock, in case a run ends before its next checkpoint.
  var timedCheckpoint: String { "\(checkpoints)/timed.safetensors" }

  /// The newest complete checkpoint, if there is one: of the schedule, or saved by the clock since.
  ///
  /// - Throws: `FormatError`, `TrainingError`.
  package func latestCheckpoint() throws -> RunFile? {
    do {
      return try newestCheckpoint()
    } catch let error as FormatError where error.reason == .notFound {
      // A run that goes on may have removed it since it was named; then there is a newer one.
      return try newestCheckpoint()
    }
  }

  private func newestCheckpoint() throws -> RunFile? {
    let scheduled = try latestScheduledStep()
    if let timed = try timedFile(), timed.step > scheduled ?? -1 { return timed }
    return try scheduled.map {
      try RunFile(contentsOf: "\(checkpoints)/\(Checkpoint.fileName(step: $0))")
    }
  }

  /// What the clock saved; nil where there is nothing, or a checkpoint has just replaced it.
  private func timedFile() throws -> RunFile? {
    do {
      return try RunFile(contentsOf: timedCheckpoint)
    } catch let error as FormatError where error.reason == .notFound {
      return nil
    }
  }

  /// The step of the newest checkpoint of the schedule, if there is one.
  ///
  /// It is the one that `checkpoints/latest` names; before that file exists, the one with the
  /// greatest step, since each is there whole or not at all.
  ///
  /// - Throws: `FormatError`; `TrainingError.foreign` where `latest` names no checkpoint.
  private func latestScheduledStep() throws -> Int? {
    let file: InputFile
    do throws(FormatError) {
      file = try InputFile(path: latestCheckpointName)
    } catch {
      guard error.reason == .notFound else { throw error }
      return checkpointSteps().max()
    }
    return try checkpointStep(namedIn: file, at: latestCheckpointName)
  }

  /// Removes the checkpoints of later steps than the one to resume from.
  ///
  /// A kill can leave one that `latest` did not name yet; it would pass for the newest.
  func removeCheckpoints(after step: Int) {
    for later in checkpointSteps() where later > step {
      unlink("\(checkpoints)/\(Checkpoint.fileName(step: later))")
    }
  }

  /// Removes the checkpoints that are no longer kept.
  func removeCheckpoints(beyond retention: CheckpointRetention, best: Int?) {
    for step in retention.superfluous(among: checkpointSteps(), best: best) {
      unlink("\(checkpoints)/\(Checkpoint.fileName(step: step))")
    }
  }

  /// The paths of all checkpoints, from the first step to the last.
  package func checkpointPaths() -> [String] {
    checkpointSteps().sorted().map { "\(checkpoints)/\(Checkpoint.fileName(step: $0))" }
  }

  /// The steps of all checkpoints, in no order.
  func checkpointSteps() -> [Int] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: checkpoints)) ?? []
    return names.compactMap(Checkpoint.step(ofFileName:))
  }

  /// A player's network: the weights at the end, or those of the newest checkpoint.
  ///
  /// - Throws: `FormatError`, `TrainingError`.
  package func savedNetwork(of player: Role) throws -> SavedNetwork {
    do {
      return try newestNetwork(of: player)
    } catch let error as FormatError where error.reason == .notFound {
      // A run that goes on may have removed it since it was named; then there is a newer one.
      return try newestNetwork(of: player)
    }
  }

  private func newestNetwork(of player: Role) throws -> SavedNetwork {
    let final = network(of: player)
    if FileManager.default.fileExists(atPath: final) {
      return try SavedNetwork(player, contentsOf: final)
    }
    guard let latestCheckpoint = try latestCheckpoint() else {
      throw TrainingError.notRun(
        path: path, reason: "neither \(player.rawValue).safetensors nor checkpoints/latest in it")
    }
    return try SavedNetwork(player, in: latestCheckpoint)
  }
}
