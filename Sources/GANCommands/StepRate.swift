import Foundation

/// The present speed of a run: earlier steps count less and less.
package struct StepRate: Sendable {
  /// Seconds after which a step counts 1/e: enough to smooth an epoch's end over.
  private static let memorySeconds = 15.0

  private var last: (step: Int, seconds: Double)?
  private var steps = 0.0
  private var seconds = 0.0

  /// Creates a rate before the first step.
  package init() {}

  /// Steps a second; nil before two different moments are known.
  package var stepsPerSecond: Double? { seconds > 0 && steps > 0 ? steps / seconds : nil }

  /// Notes how many steps were done at a moment.
  ///
  /// - Parameters:
  ///   - step: Finished steps; never fewer than before.
  ///   - moment: In seconds, from anywhere.
  package mutating func note(_ step: Int, at moment: Double) {
    if let last, moment > last.seconds {
      let kept = exp(-(moment - last.seconds) / Self.memorySeconds)
      steps = steps * kept + Double(step - last.step)
      seconds = seconds * kept + (moment - last.seconds)
    }
    last = (step, moment)
  }
}
