package import GANData
package import GANRuntime

/// The inputs of a training.
package struct TrainingRequest: Sendable {
  /// The training and its length: valid options, with the data's `datasetCount` and `itemShape`.
  package var options: TrainingOptions
  /// The data that the generator is to imitate.
  package var dataset: any TrainingData
  /// The folder for files; without one nothing is written.
  package var folder: RunFolder?
  /// The checkpoint to resume from; nil starts.
  package var checkpoint: RunFile?
  /// The networks to start with, where there is no checkpoint; nil for those of the seed.
  package var start: RunFile?
  /// The longest time that is lost where the process ends without a word: as often the state is saved
  /// beside the checkpoints of the schedule. Nil for never.
  package var timedInterval: Duration? = .seconds(600)
  /// The flag that stops the run: it writes a checkpoint and ends with `interrupted`.
  package var stop = StopRequest()
  /// Has the run wait and go on; nil for a run that nobody paces.
  package var pace: RunPace?
  /// Time between two `progress` events; nil for none.
  package var progressInterval: Duration?
  /// The ranks that train together, of which the first has the folder; nil for a process alone.
  package var ranks: Ranks?
  /// Receives the compiler's account of itself, on the engine's thread.
  package var explain: (@Sendable (String) -> Void)?
  /// A hold on the folder, which ends with the run.
  package var lock: RunLock?
  /// They look in this order, after reports and before checkpoints.
  package var observers: [any RunObserver] = []
  /// Judges the generator now and then, after the observers.
  package var judge: (any RunJudge)?
  /// Judgements without a better one after which the run stops; nil for any number.
  package var patience: Int?
  /// True if the run is to stop where its generator collapses.
  package var stopsOnCollapse = false

  /// Asks for a run.
  package init(
    _ options: TrainingOptions, on dataset: any TrainingData, in folder: RunFolder? = nil,
    from checkpoint: RunFile? = nil
  ) {
    self.options = options
    self.dataset = dataset
    self.folder = folder
    self.checkpoint = checkpoint
  }
}
