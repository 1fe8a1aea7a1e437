package import GANTensor

/// An event in a run that an application may want to show.
package enum TrainingEvent: Sendable {
  /// The step is prepared. `memoryBytes` is the memory that training is going to hold in all; nil
  /// if the system does not tell.
  case prepared(StepCost, memoryBytes: Int?)
  /// The run's progress, as often as was asked for.
  case progress(TrainingReport)
  /// Losses and scores, every `reportInterval` steps.
  case report(TrainingReport)
  /// An epoch is over; its picture and checkpoint are on their way to the disk. The items are those
  /// of the picture: images `[N, C, H, W]` in `[-1, 1]`, or points `[N, D]`; nil for a listener
  /// that is more than four pictures behind.
  case epoch(TrainingReport, fakeItems: HostTensor?)
  /// The generator was judged; `isBest` if no judgement so far was better.
  case judged(RunJudgement, at: RunPosition, images: Int, isBest: Bool)
  /// The judge has to do something else first, which takes a while.
  case judging(String)
  /// So many judgements found nothing better than the checkpoint of a step: the run stops.
  case stalled(judgements: Int, bestStep: Int?)
  /// Something begins to look wrong.
  case warned(RunWarning)
  /// A hyperparameter was changed.
  case changed(HyperparameterChange)
  /// The generator has collapsed, and the run is to stop where it has.
  case collapsed(step: Int)
  /// The number of reports and epochs that were dropped because the listener was too far behind.
  case missed(reportCount: Int)
  /// The run stopped on request, and can be resumed from this step.
  case interrupted(step: Int)
  /// The run is over and all files are written.
  case finished(TrainingOutcome)

  /// True for an event that a slow listener may lose.
  var isReport: Bool {
    switch self {
    case .report, .epoch: true
    case .prepared, .progress, .judged, .judging, .stalled, .warned, .changed, .collapsed,
      .missed, .interrupted, .finished:
      false
    }
  }
}

/// The cost of a training step.
package struct StepCost: Codable, Sendable {
  /// Multiply-adds of its products.
  package let multiplyAdds: Int
  /// Bytes of parameters, moments, buffers, the generator's average and counters.
  package let stateBytes: Int
  /// Bytes of all values that live within a step.
  package let arenaBytes: Int
}

/// The result of a run.
package struct TrainingOutcome: Sendable {
  /// The trained generator.
  package let generator: SavedNetwork
  /// The trained discriminator.
  package let discriminator: SavedNetwork
  /// What looks wrong with it.
  package let diagnosis: RunDiagnosis
  /// Time from the first step to the last file.
  package let elapsedSeconds: Double
  /// Bytes held in memory at the end; nil where the system does not tell.
  package let memoryBytes: Int?
}
