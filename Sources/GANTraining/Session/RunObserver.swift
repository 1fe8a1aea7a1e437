/// Somebody who looks at a run at positions known in advance, beside those that every run has.
///
/// It reads, and never changes the game. What it adds to the run's folder must follow from seed and
/// step, so that a run which was resumed has it, too; it looks before the checkpoint of the same
/// position is written.
package protocol RunObserver: Sendable {
  /// Whether it looks there; follows from the position alone.
  func isDue(at position: RunPosition) -> Bool

  /// Looks, on the engine's thread, between two steps.
  ///
  /// - Throws: Whatever is to end the run.
  func look(at moment: RunMoment) async throws
}

/// What an observer sees of a run; it is good for that look only.
package struct RunMoment {
  /// After which step.
  package let position: RunPosition
  /// The game: items, tensors, and programs over its state.
  package let session: TrainingSession
  /// The run's options.
  package let options: TrainingOptions
  /// Where its files are; nil where it has none.
  package let folder: RunFolder?
  /// Tells every listener.
  package let tell: @Sendable (TrainingEvent) -> Void
}
