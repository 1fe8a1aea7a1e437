import GANRuntime

/// The circumstances that decide a run's bits beside its options and its number of threads: others
/// round otherwise.
package struct ComputingCircumstances: Hashable, Sendable {
  /// `EngineRevision.current` of the program.
  package var engineRevision: Int
  /// The processor's name; nil where it was not recorded.
  package var processor: String?
  /// The vectors that kernels use; nil where it was not recorded.
  package var instructionSet: String?
  /// The version of oneDNN; nil where it was not recorded.
  package var oneDNN: String?

  /// The circumstances of this process.
  package static var current: ComputingCircumstances {
    ComputingCircumstances(
      engineRevision: EngineRevision.current, processor: Processor.name,
      instructionSet: CPUDevice.instructionSet, oneDNN: CPUDevice.oneDNNVersion)
  }

  /// Those of this process on a device: the reference uses neither vectors nor libraries.
  init(of device: DeviceKind) {
    self = .current
    if device == .reference { (instructionSet, oneDNN) = (nil, nil) }
  }

  /// Circumstances of the given parts.
  package init(
    engineRevision: Int, processor: String?, instructionSet: String?, oneDNN: String?
  ) {
    self.engineRevision = engineRevision
    self.processor = processor
    self.instructionSet = instructionSet
    self.oneDNN = oneDNN
  }

  /// The circumstances in a checkpoint's metadata; without any it is of the first revision.
  init(metadata: [String: String]) {
    self.init(
      engineRevision: metadata["engineRevision"].flatMap { Int($0) } ?? 1,
      processor: metadata["processor"], instructionSet: metadata["instructionSet"],
      oneDNN: metadata["oneDNN"])
  }

  /// The entries in a checkpoint's metadata.
  var metadata: [String: String] {
    var metadata = ["engineRevision": "\(engineRevision)"]
    metadata["processor"] = processor
    metadata["instructionSet"] = instructionSet
    metadata["oneDNN"] = oneDNN
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
    for (name, before, present) in [
      ("processor", processor, now.processor),
      ("instruction set", instructionSet, now.instructionSet), ("oneDNN", oneDNN, now.oneDNN),
    ] {
      guard let before, let present, before != present else { continue }
      differences.append("its \(name) was \(before), this is \(present)")
    }
    return differences
  }
}

extension TrainingOptions {
  /// The engine's revisions that changed bits of runs of these options.
  fileprivate var alteringRevisions: [Int] { epochPlan.movesRemainder ? [2] : [] }
}
