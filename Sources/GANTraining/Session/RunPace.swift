import Foundation
import GANRuntime
import Synchronization

/// Whether a run goes on, waits or makes one step, and what it saves or changes, by anybody's wish.
///
/// Its identity is the wish, which any thread may change; the run follows it between two steps. It changes when
/// steps are made and, by hyperparameters alone, what they compute.
package final class RunPace: Sendable {
  /// A run's pace now.
  package struct Now: Hashable, Sendable {
    /// Steps finished.
    package var step = 0
    /// True while the run is to wait.
    package var isPaused = false
    /// The step of the state that was last saved on request; nil before.
    package var savedStep: Int?
  }

  private struct State {
    var now = Now()
    /// Steps to make before it waits.
    var allowedSteps = 0
    var isSaveWanted = false
    /// Values that hyperparameters are to have, the newest of each.
    var wishes: [(name: String, value: Double?)] = []
  }

  private let state = Mutex(State())

  /// A run that goes on.
  package init() {}

  /// The pace now.
  package var now: Now { state.withLock { $0.now } }

  /// Has the run wait after the step in progress.
  package func pause() { state.withLock { ($0.now.isPaused, $0.allowedSteps) = (true, 0) } }

  /// Has it go on.
  package func resume() { state.withLock { $0.now.isPaused = false } }

  /// Has it make one step, and wait then.
  package func makeStep() {
    state.withLock { ($0.now.isPaused, $0.allowedSteps) = (true, $0.allowedSteps + 1) }
  }

  /// Has it save its state beside the checkpoints, in `timed.safetensors`.
  package func save() { state.withLock { $0.isSaveWanted = true } }

  /// Has it change a hyperparameter from its next step on; nil has it follow its options again.
  ///
  /// - Parameter name: One of the options' `changeable`, whose `number(_:)` the value is.
  package func change(_ name: String, to value: Double?) {
    state.withLock { state in
      state.wishes.removeAll { $0.name == name }
      state.wishes.append((name, value))
    }
  }

  /// Notes a finished step, which uses one that was allowed.
  func note(_ step: Int) {
    state.withLock { state in
      state.now.step = step
      state.allowedSteps = max(state.allowedSteps - 1, 0)
    }
  }

  /// True while the run is to wait.
  var isWaiting: Bool { state.withLock { $0.now.isPaused && $0.allowedSteps == 0 } }

  /// True once for each wish to save.
  func takeSave() -> Bool { state.withLock { $0.isSaveWanted.exchange(with: false) } }

  /// True if hyperparameters are to have other values.
  var wantsChanges: Bool { state.withLock { !$0.wishes.isEmpty } }

  /// The values that hyperparameters are to have, once for each wish.
  func takeChanges() -> [(name: String, value: Double?)] {
    state.withLock { state in
      defer { state.wishes = [] }
      return state.wishes
    }
  }

  /// Notes what was saved.
  func noteSaved(_ step: Int) { state.withLock { $0.now.savedStep = step } }
}

extension Bool {
  /// Takes a new value and returns the old one.
  fileprivate mutating func exchange(with value: Bool) -> Bool {
    defer { self = value }
    return self
  }
}

extension Engine {
  /// The changes that are asked for, each on the disk before it holds.
  private func changes(
    _ session: TrainingSession, as pace: RunPace, _ request: TrainingRequest
  ) throws -> [HyperparameterChange] {
    var changes: [HyperparameterChange] = []
    for (name, value) in pace.takeChanges() {
      let change = try session.change(of: name, to: value)
      guard session.changed[name] != value else { continue }
      try request.folder?.append(change)
      changes.append(change)
    }
    return changes
  }

  /// Makes changes, which hold from the next step on.
  private func make(
    _ changes: [HyperparameterChange], _ session: TrainingSession,
    _ tell: (TrainingEvent) -> Void
  ) {
    for change in changes {
      session.make(change)
      tell(.changed(change))
    }
  }

  /// Makes the changes that are asked for, at once where the run has no other ranks; else they hear with the
  /// next step that there are some.
  ///
  /// Changes wait while the run repeats what was changed before a resume, and a run that is at its end
  /// makes none.
  private func change(
    _ session: TrainingSession, as pace: RunPace, _ request: TrainingRequest,
    _ tell: (TrainingEvent) -> Void
  ) throws {
    guard pace.wantsChanges, session.planned.isEmpty, session.step < request.options.totalSteps
    else { return }
    if request.ranks == nil {
      make(try changes(session, as: pace, request), session, tell)
    } else {
      session.announcesChanges = true
    }
  }

  /// Makes the changes of the first rank on all of them, after the step with which all have heard that
  /// there are some.
  func shareChanges(
    _ session: TrainingSession, _ ranks: Ranks, _ request: TrainingRequest,
    _ tell: (TrainingEvent) -> Void
  ) throws {
    guard session.hearsChanges else { return }
    let isAtEnd = session.step == request.options.totalSteps
    let own = try isAtEnd ? [] : request.pace.map { try changes(session, as: $0, request) } ?? []
    let shared = try ranks.shared(Array(JSONEncoder().encode(own)))
    let all = try JSONDecoder().decode([HyperparameterChange].self, from: Data(shared))
    make(all, session, tell)
  }

  /// Follows a pace after a step: changes and saves what is asked for, and waits while the run is to
  /// wait; other ranks wait with it.
  func follow(
    _ pace: RunPace, _ session: TrainingSession, _ saver: RunSaver, _ reporter: RunReporter,
    _ request: TrainingRequest, _ tell: (TrainingEvent) -> Void
  ) async throws {
    func act() throws {
      try change(session, as: pace, request, tell)
      try save()
    }
    func save() throws {
      guard pace.takeSave(), try saver.saveNow(session, reporter.interval) else { return }
      pace.noteSaved(session.step)
    }
    pace.note(session.step)
    try act()
    guard pace.isWaiting else { return }
    let clock = ContinuousClock()
    let start = clock.now
    request.ranks?.beginWork()
    defer { request.ranks?.endWork() }
    while pace.isWaiting, !request.stop.isMade {
      try await Task.sleep(for: .milliseconds(20))
      try act()
    }
    reporter.passOver(clock.now - start)
  }
}
