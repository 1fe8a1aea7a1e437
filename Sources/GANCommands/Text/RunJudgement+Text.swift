import Foundation
import GANTraining

extension RunJudgement {
  /// The line of the console: the first metrics, with what real images get.
  func consoleLine(at position: RunPosition, isBest: Bool) -> String {
    func text(_ value: Double?) -> String { value.map { String(format: "%.4g", $0) } ?? "none" }
    let shown = metrics.filter { Self.shown.contains($0.name) }.map {
      "\($0.name) \(text($0.value)) (real \(text($0.floor)))"
    }
    return "epoch \(position.epoch), \(shown.joined(separator: ", ")), \(count) images, "
      + "\(features.name) \(features.sha256.prefix(12))" + (isBest ? ", the best so far" : "")
  }

  private static let shown: Set = [
    "frechet-distance", "clipped-density", "clipped-coverage", "classifier-score",
  ]
}
