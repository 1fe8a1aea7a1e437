import GANNetworks
import GANRuntime

/// The circumstances that decide a run's bits beside its options: another engine, or another
/// instruction set without fused multiply-adds or with them, rounds otherwise, and another number of ranks
/// adds up otherwise, unless `reduction.chunks` fixes the order.
package struct ComputingCircumstances: Hashable, Sendable {
  /// `EngineRevision.current` of the program.
  package var engineRevision: Int
  /// The vectors that kernels use; nil where it was not recorded.
  package var instructionSet: String?
  /// The ranks that computed together.
  package var rankCount = 1

  /// The circumstances of this process.
  package static var current: ComputingCircumstances {
    ComputingCircumstances(
      engineRevision: EngineRevision.current,
      instructionSet: CPUDevice.instructionSet)
  }

  /// Those of this process on a device: the reference uses no vectors.
  init(of device: DeviceKind, rankCount: Int = 1) {
    self = .current
    self.rankCount = rankCount
    if device == .reference { instructionSet = nil }
  }

  /// Circumstances of the given parts.
  package init(engineRevision: Int, instructionSet: String?, rankCount: Int = 1) {
    self.engineRevision = engineRevision
    self.instructionSet = instructionSet
    self.rankCount = rankCount
  }

  /// The circumstances in a checkpoint's metadata; without any it is of the first revision.
  package init(metadata: [String: String]) {
    self.init(
      engineRevision: metadata["engineRevision"].flatMap { Int($0) } ?? 1,
      instructionSet: metadata["instructionSet"],
      rankCount: metadata["ranks"].flatMap { Int($0) } ?? 1)
  }

  /// The entries in a checkpoint's metadata.
  package var metadata: [String: String] {
    var metadata = ["engineRevision": "\(engineRevision)"]
    metadata["instructionSet"] = instructionSet
    if rankCount > 1 { metadata["ranks"] = "\(rankCount)" }
    return metadata
  }

  /// The differences from `now` that change bits of a run of `options`, each in words; unrecorded
  /// circumstances count as equal.
  package func differences(
    from now: ComputingCircumstances, of options: TrainingOptions
  ) -> [String] {
    var differences: [String] = []
    let revisions = [engineRevision, now.engineRevision].sorted()
    // What a later revision changes is not known.
    let isAltered =
      revisions[1] > EngineRevision.current
      || options.alteringRevisions.contains { revisions[0] < $0 && $0 <= revisions[1] }
    if engineRevision != now.engineRevision, isAltered {
      differences.append(
        "its engine is of revision \(engineRevision), this one of \(now.engineRevision)")
    }
    if let instructionSet, let present = now.instructionSet,
      !Self.roundAlike(instructionSet, present)
    {
      differences.append("its instruction set was \(instructionSet), this is \(present)")
    }
    if rankCount != now.rankCount, options.reduction.chunks == 1 {
      let words = [rankCount, now.rankCount].map { $0 == 1 ? "one process" : "\($0) ranks" }
      differences.append("it was computed by \(words[0]), this is \(words[1])")
    }
    return differences
  }

  /// Instruction sets that fuse a multiplication and an addition, and those that do not: in either
  /// family every set gives the same bits.
  private static let families = [["x86-64-v3", "x86-64-v4"], ["x86-64", "x86-64-v2"]]

  private static func roundAlike(_ one: String, _ other: String) -> Bool {
    one == other || families.contains { $0.contains(one) && $0.contains(other) }
  }
}

extension TrainingOptions {
  /// The engine's revisions that changed bits of runs of these options.
  fileprivate var alteringRevisions: [Int] {
    (epochPlan.movesRemainder ? [2] : []) + (device == .cpu ? [3] : [])
      + (device == .cpu && architecture == .dcgan ? [4] : [])
      + (device == .cpu && [.resnet, .r3gan].contains(architecture) ? [5] : [])
  }
}
