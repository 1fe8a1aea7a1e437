import Foundation
import GANEvaluation
import Synchronization

/// The console's account of an evaluation in progress.
///
/// Its identity is the line that is drawn over.
final class EvaluationReporter: Sendable {
  private let console: Console
  private let line: Mutex<PreparationLine>
  /// The step from which a classifier's training would go on; 0 while none is kept.
  private let savedStep = Atomic(0)

  init(_ console: Console) {
    self.console = console
    line = Mutex(PreparationLine(on: console))
  }

  /// Shows a step of it.
  func note(_ note: EvaluationNote) {
    switch note {
    case .features(.saved(let step)): savedStep.store(step, ordering: .relaxed)
    case .features(.trained): savedStep.store(0, ordering: .relaxed)
    default: break
    }
    // Only a log could fail to take a line, and there is none.
    line.withLock { line in
      if let words = Self.passing(note) { try? line.show(words) }
      guard let words = Self.lasting(note) else { return }
      line.clear()
      try? console.say(words)
    }
  }

  /// Leaves no unfinished line.
  func finish() { line.withLock { $0.clear() } }

  /// Says what is kept, since the process is about to end, which it does whatever holds the line.
  func leave() {
    _ = line.withLockIfAvailable { $0.clear() }
    let step = savedStep.load(ordering: .relaxed)
    guard step > 0, !console.isQuiet else { return }
    Console.writeToStandardError(
      "stopped; the same command goes on with the classifier from step \(step)")
  }

  private static func passing(_ note: EvaluationNote) -> String? {
    switch note {
    case .features(.training(let step, let count, let secondsLeft)):
      "features: step \(step) of \(count), \(durationWords(secondsLeft)) left"
    case .features(.computing(let name, let done, let count)):
      "features: \(done) of \(count) images of \(name)"
    case .judging(let name, let done, let count): "\(name): \(done) of \(count) images"
    case .measuring(let name): "\(name): metrics"
    case .features, .network: nil
    }
  }

  private static func lasting(_ note: EvaluationNote) -> String? {
    switch note {
    case .features(.began(let data, let step, let count)):
      "features: training \(FeatureNetwork.classifierName(ofData: data)) once, \(count) steps"
        + (step > 0 ? ", on from step \(step)" : "")
    case .features(.trained(_, let seconds, let path)):
      "features: trained in \(durationWords(seconds))"
        + (path.map { ", kept in \($0)" } ?? "")
    case .features(.unkept(let error)):
      "features: cannot be kept: \(description(of: error)?.message ?? "\(error)")"
    case .network(let network, let accuracy):
      "features: \(network.label)"
        + (accuracy.map { String(format: ", right on %.2f %% of the test images", 100 * $0) } ?? "")
    case .features, .judging, .measuring: nil
    }
  }
}
