/// A training that advances by steps: a game in progress, or an experiment's.
package protocol Stepping: AnyObject {
  /// Finished steps.
  var step: Int { get }
  /// Goes on by one step.
  func runStep() throws
  /// True if the training is to end before the next step, as was asked for.
  func isToStop(_ request: StopRequest) -> Bool
}

extension Stepping {
  package func isToStop(_ request: StopRequest) -> Bool { request.isMade }
}

extension TrainingSession: Stepping {}

/// A look at a session after steps that are known in advance; it reads, and changes nothing.
///
/// Values live on the engine's thread, where they are called.
package struct Observer<Session: Stepping> {
  let isDue: (_ step: Int) -> Bool
  let look: (Session) async throws -> Void

  /// Creates an observer.
  ///
  /// - Parameters:
  ///   - isDue: True if a look is due after a number of steps; follows from the number alone.
  ///   - look: Called between two steps.
  package init(
    isDue: @escaping (_ step: Int) -> Bool, look: @escaping (Session) async throws -> Void
  ) {
    (self.isDue, self.look) = (isDue, look)
  }

  /// Looks after every step.
  package static func everyStep(_ look: @escaping (Session) async throws -> Void) -> Observer {
    Observer(isDue: { _ in true }, look: look)
  }
}

extension Engine {
  /// Runs a session until a step: the loop of all training.
  ///
  /// - Parameters:
  ///   - session: Goes on from its present step.
  ///   - lastStep: Its end, unless it is there already.
  ///   - request: Ends it after the step in which it is made.
  ///   - observers: Those that are due look after each step, in this order.
  /// - Throws: `CancellationError` after the step in which the task is cancelled; the errors of a
  ///   step or a look.
  package func run<Session: Stepping>(
    _ session: Session, until lastStep: Int, stoppedBy request: StopRequest = StopRequest(),
    observers: [Observer<Session>] = []
  ) async throws {
    while session.step < lastStep && !session.isToStop(request) {
      try session.runStep()
      try Task.checkCancellation()
      for observer in observers where observer.isDue(session.step) {
        try await observer.look(session)
      }
      await passTurn()
    }
  }
}
