package import GANTensor

/// What happens in a run that somebody may want to show.
package enum TrainingEvent: Sendable {
  /// The step is prepared. Training is going to hold so many bytes in memory, all in all; nil where
  /// the system does not tell.
  case prepared(StepCost, memoryBytes: Int?)
  /// How far the run is, as often as was asked for.
  case progress(TrainingReport)
  /// Losses and scores, every `reportInterval` steps.
  case report(TrainingReport)
  /// An epoch is over; its picture and checkpoint are on their way to the disk. The items are those
  /// of the picture: images `[N, C, H, W]` in `[-1, 1]`, or points `[N, D]`; nil for a listener
  /// that is more than four pictures behind.
  case epoch(TrainingReport, fakeItems: HostTensor?)
  /// So many reports and epochs were let go, for the listener was too far behind.
  case missed(reportCount: Int)
  /// The run stopped because it was asked to, and can be resumed from this step.
  case interrupted(step: Int)
  /// The run is over and everything is written.
  case finished(TrainingOutcome)

  /// Whether a listener that lags behind may lose it.
  var isReport: Bool {
    switch self {
    case .report, .epoch: true
    case .prepared, .progress, .missed, .interrupted, .finished: false
    }
  }
}

/// What a training step costs.
package struct StepCost: Codable, Sendable {
  /// Multiply-adds of its products.
  package let multiplyAdds: Int
  /// Bytes of parameters, moments, buffers, the generator's average and counters.
  package let stateBytes: Int
  /// Bytes of everything that lives within a step.
  package let arenaBytes: Int
}

/// What a run ends with.
package struct TrainingOutcome: Sendable {
  /// The trained generator.
  package let generator: SavedNetwork
  /// The trained discriminator.
  package let discriminator: SavedNetwork
  /// From the first step to the last file.
  package let elapsedSeconds: Double
  /// Bytes held in memory at the end; nil where the system does not tell.
  package let memoryBytes: Int?
}
