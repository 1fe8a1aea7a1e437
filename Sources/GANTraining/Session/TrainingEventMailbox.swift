import Synchronization

/// One listener's unread events.
///
/// Its identity is the buffer, which is bounded: of a listener that lags behind it keeps the newest
/// progress, the newest pictures and the newest reports, and counts the reports it lets go.
final class TrainingEventMailbox: Sendable {
  /// Pictures kept; events beyond lose theirs.
  static let pictureLimit = 4
  /// Reports and epochs kept: some 20 MB.
  static let reportLimit = 65_536

  fileprivate struct State {
    /// Those before `head` are read.
    var events: [TrainingEvent?] = []
    var head = 0
    /// Before it every report was let go.
    var firstKept = 0
    var reportCount = 0
    var missedReportCount = 0
    var end: Result<Void, any Error>?
    var waiter: CheckedContinuation<TrainingEvent?, any Error>?
  }

  private let state = Mutex(State())

  /// Adds an event, or hands it to the listener that waits.
  func put(_ event: TrainingEvent) {
    let waiter = state.withLock { state -> CheckedContinuation<TrainingEvent?, any Error>? in
      if let waiter = state.waiter.take() { return waiter }
      state.append(event)
      return nil
    }
    waiter?.resume(returning: event)
  }

  /// Says that nothing follows.
  func end(_ result: Result<Void, any Error>) {
    let waiter = state.withLock { state in
      state.end = result
      return state.waiter.take()
    }
    waiter?.resume(with: result.map { nil })
  }

  /// The next event; nil at the end, or where the task is cancelled.
  func next() async throws -> TrainingEvent? {
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let now = state.withLock { state -> Result<TrainingEvent?, any Error>? in
          if let event = state.take() { return .success(event) }
          if let end = state.end { return end.map { nil } }
          // One listener has one buffer: a second task that waits gets no event.
          if Task.isCancelled || state.waiter != nil { return .success(nil) }
          state.waiter = continuation
          return nil
        }
        if let now { continuation.resume(with: now) }
      }
    } onCancel: {
      state.withLock { $0.waiter.take() }?.resume(returning: nil)
    }
  }
}

extension TrainingEventMailbox.State {
  /// The first event, or how many reports there is no room for before it.
  fileprivate mutating func take() -> TrainingEvent? {
    if missedReportCount > 0 {
      defer { missedReportCount = 0 }
      return .missed(reportCount: missedReportCount)
    }
    while head < events.count {
      let event = events[head].take()
      head += 1
      if head > 1_000, 2 * head > events.count {
        events.removeFirst(head)
        (head, firstKept) = (0, 0)
      }
      guard let event else { continue }
      if event.isReport { reportCount -= 1 }
      return event
    }
    events.removeAll(keepingCapacity: true)
    (head, firstKept) = (0, 0)
    return nil
  }

  /// Adds an event and drops those there is no room for.
  fileprivate mutating func append(_ event: TrainingEvent) {
    if case .progress = event, let last = events.indices.last, last >= head,
      case .progress? = events[last]
    {
      events[last] = event
      return
    }
    events.append(event)
    if case .epoch = event { dropPictures() }
    guard event.isReport else { return }
    reportCount += 1
    if reportCount > TrainingEventMailbox.reportLimit { dropReport() }
  }

  private mutating func dropReport() {
    firstKept = max(firstKept, head)
    while firstKept < events.count, events[firstKept]?.isReport != true { firstKept += 1 }
    guard firstKept < events.count else { return }
    events[firstKept] = nil
    reportCount -= 1
    missedReportCount += 1
    guard events.count > 3 * TrainingEventMailbox.reportLimit else { return }
    events = events[head...].filter { $0 != nil }
    (head, firstKept) = (0, 0)
  }

  private mutating func dropPictures() {
    var kept = 0
    for index in events.indices.reversed() where index >= head {
      guard case .epoch(let report, fakeItems: _?)? = events[index] else { continue }
      kept += 1
      // Those before have lost theirs already.
      guard kept > TrainingEventMailbox.pictureLimit else { continue }
      events[index] = .epoch(report, fakeItems: nil)
      return
    }
  }
}
