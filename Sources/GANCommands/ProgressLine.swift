import Foundation
package import GANTraining

/// A run's progress, in one line of a terminal.
package struct ProgressLine: Sendable {
  private let position: RunPosition
  private let losses: StepReport
  /// Steps a second.
  private let rate: Double
  private let palette: HalfBlocks.Palette

  /// Describes a moment of a run.
  ///
  /// - Parameters:
  ///   - position: The run's position.
  ///   - losses: The last step's losses.
  ///   - stepsPerSecond: The run's speed; nil while it is unknown.
  ///   - palette: The bar's characters.
  package init(
    _ position: RunPosition, _ losses: StepReport, stepsPerSecond: Double?,
    palette: HalfBlocks.Palette
  ) {
    self.position = position
    self.losses = losses
    rate = stepsPerSecond ?? 0
    self.palette = palette
  }

  /// The line, with as much as fits.
  ///
  /// It leaves the last column free, where some terminals wrap.
  package func text(columns: Int) -> String {
    let space = max(columns - 1, 0)
    guard
      let line = [
        wide, medium(lossDigits: 4), medium(lossDigits: 2), small, smaller, short, shortest,
      ]
      .first(where: { $0.count <= space })
    else { return String(shortest.prefix(space)) }
    // A shorter bar shows nothing, a longer one nothing more.
    let barWidth = min(space - line.count - 2, 40)
    return line == wide && barWidth >= 10 ? bar(barWidth) + "  " + line : line
  }

  private var steps: String { "step \(position.step)/\(position.totalSteps)" }

  private var wide: String {
    [
      position.epochWords, steps, rateWords(perStep: " steps/s"),
      "d_loss \(losses.discriminatorLoss.text(digits: 4))",
      "g_loss \(losses.generatorLoss.text(digits: 4))",
      scores, "\(secondsLeft.map(durationWords) ?? "?") left",
    ].joined(separator: "  ")
  }

  private func medium(lossDigits: Int) -> String {
    [
      steps, rateWords(perStep: "/s"), "d \(losses.discriminatorLoss.text(digits: lossDigits))",
      "g \(losses.generatorLoss.text(digits: lossDigits))", scores, left,
    ].joined(separator: "  ")
  }

  private var small: String { "\(steps)  \(smaller)" }

  private var smaller: String {
    let numbers = [
      "d \(losses.discriminatorLoss.text(digits: 2))", "g \(losses.generatorLoss.text(digits: 2))",
      "D(x) \(losses.realScore.text(digits: 2))", "D(G(z)) \(losses.fakeScore.text(digits: 2))",
    ]
    return numbers.joined(separator: " ") + "  \(left)"
  }

  private var short: String { "\(steps)  \(rateWords(perStep: "/s"))  \(left)" }
  private var shortest: String { "\(steps)  \(left)" }

  private var scores: String {
    "D(x) \(losses.realScore.text(digits: 2))  D(G(z)) \(losses.fakeScore.text(digits: 2))"
  }

  private var secondsLeft: Double? {
    rate > 0 ? Double(position.totalSteps - position.step) / rate : nil
  }

  /// `5:08 left`, `1:02:33 left`.
  private var left: String {
    guard let secondsLeft else { return "?:?? left" }
    let (hours, rest) = Int(secondsLeft.rounded()).quotientAndRemainder(dividingBy: 3_600)
    return hours > 0
      ? String(format: "%d:%02d:%02d left", hours, rest / 60, rest % 60)
      : String(format: "%d:%02d left", rest / 60, rest % 60)
  }

  private func rateWords(perStep unit: String) -> String {
    (rate > 0 ? String(format: rate < 10 ? "%.2f" : "%.0f", rate) : "?") + unit
  }

  private func bar(_ width: Int) -> String {
    let done = min(width, width * position.step / max(position.totalSteps, 1))
    let (full, empty) = (done, width - done)
    switch palette {
    case .direct, .indexed:
      return String(repeating: "━", count: full) + "\u{1B}[2m"
        + String(repeating: "─", count: empty) + "\u{1B}[0m"
    case .shades: return String(repeating: "━", count: full) + String(repeating: "─", count: empty)
    case .ascii: return String(repeating: "=", count: full) + String(repeating: "-", count: empty)
    }
  }
}
