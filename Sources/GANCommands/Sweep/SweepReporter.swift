import GANEvaluation
import GANTraining
import Synchronization

/// The console's account of a sweep: a line where a run begins and ends, and its progress.
///
/// Its identity is the count of runs that are done.
final class SweepReporter: Sendable {
  private let console: Console
  private let plan: SweepPlan
  private let doneCount = Mutex(0)

  init(_ console: Console, _ plan: SweepPlan) { (self.console, self.plan) = (console, plan) }

  /// Shows what happened.
  func note(_ note: SweepRunner.Note) {
    if case .progress(_, let report) = note { return console.show(report) }
    // Only a log could fail to take a line, and there is none.
    if let line = line(note) { try? console.say(line) }
  }

  private func line(_ note: SweepRunner.Note) -> String? {
    switch note {
    case .began(_, let run, let step):
      "began: \(run.folder)" + (step > 0 ? ", from step \(step)" : "")
    case .finished(_, let run, let isFound):
      "\(count) \(isFound ? "is" : "was") done: \(run.folder)"
    case .failed(_, let run, let reason): "\(count) failed: \(run.folder): \(reason)"
    case .stopped(let number, let step): "stopped at step \(step): \(plan.cases[number].folder)"
    case .data(let note): note.line.map { "data: \($0)" }
    case .progress: nil
    }
  }

  private var count: String {
    let done = doneCount.withLock { count in
      count += 1
      return count
    }
    return "[\(done)/\(plan.cases.count)]"
  }
}
