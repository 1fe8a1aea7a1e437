/// An observer of a run at positions known in advance, beside those that every run has.
///
/// It reads, and never changes the game. Its files in the run's folder must follow from seed and
/// step, so that a resumed run has them, too; it looks before the checkpoint of the same position
/// is written.
package protocol RunObserver: Sendable {
  /// True if it looks there; follows from the position alone.
  func isDue(at position: RunPosition) -> Bool

  /// Looks, on the engine's thread, between two steps.
  ///
  /// - Throws: Whatever is to end the run.
  func look(at moment: RunMoment) async throws
}

/// An observer's view of a run; valid for that look only.
package struct RunMoment {
  /// After which step.
  package let position: RunPosition
  /// The game: items, tensors, and programs over its state.
  package let session: TrainingSession
  /// The run's options.
  package let options: TrainingOptions
  /// The folder of the run's files; nil if it has none.
  package let folder: RunFolder?
  /// Tells every listener.
  package let tell: @Sendable (TrainingEvent) -> Void
  /// Lets other work of the engine go first, between the parts of a long look.
  ///
  /// Throws `CancellationError` where the run is cancelled.
  package let pause: @Sendable () async throws -> Void
}
