/// The controls of a run that this process trains.
package protocol RunControl: Sendable {
  /// The run's name, as its folder's.
  var runName: String { get }
  /// What it is doing now.
  var live: LiveRun { get }
  /// True once the run has ended and this process is about to.
  var hasEnded: Bool { get }
  /// Does what a page asks for, or notes it for the run's next step; waits for neither.
  func take(_ command: RunCommand)
  /// Changes a hyperparameter from the run's next step on; nil has it follow the options again.
  ///
  /// - Parameter name: One of the options' `changeable`, whose `number(_:)` the value is.
  func change(_ name: String, to value: Double?)
}

/// What a page may ask of a run.
package enum RunCommand: String, Codable, CaseIterable, Sendable {
  /// Waits after the step in progress.
  case pause
  /// Trains again.
  case resume
  /// Makes one step, and waits.
  case step
  /// Saves the state beside the checkpoints.
  case save
  /// Stops after the step in progress, and saves, as Ctrl-C does.
  case stop
}

/// A run at this moment, as only its own process knows it.
package struct LiveRun: Codable, Hashable, Sendable {
  /// Steps finished.
  package var step: Int
  /// True while it waits for being told to go on.
  package var isPaused: Bool
  /// True once it is to stop.
  package var isStopping: Bool
  /// Bytes in memory that are in no file; nil where the system does not tell.
  package var memoryBytes: Int?
  /// The step of the state saved last on request; nil before.
  package var savedStep: Int?

  /// Collects the parts.
  package init(
    step: Int, isPaused: Bool, isStopping: Bool, memoryBytes: Int?, savedStep: Int?
  ) {
    (self.step, self.isPaused, self.isStopping) = (step, isPaused, isStopping)
    (self.memoryBytes, self.savedStep) = (memoryBytes, savedStep)
  }
}
