import Foundation
package import GANTraining

extension TrainingReport {
  /// The tutorial's line; it alone counts epochs from 0.
  package var consoleLine: String {
    [
      position.epochWords, "Step [\(position.stepOfEpoch)/\(position.stepsPerEpoch)]",
      "d_loss: \(losses.discriminatorLoss.text(digits: 4))",
      "g_loss: \(losses.generatorLoss.text(digits: 4))",
      "D(x): \(losses.realScore.text(digits: 2))", "D(G(z)): \(losses.fakeScore.text(digits: 2))",
    ].joined(separator: ", ")
  }
}

extension TrainingReport {
  /// The same for terminals in which it would not fit, the longest first: the first fits 80 columns.
  package var shorterConsoleLines: [String] {
    [4, 2].map { digits in
      [
        position.epochWords, "Step [\(position.stepOfEpoch)/\(position.stepsPerEpoch)]",
        "d \(losses.discriminatorLoss.text(digits: digits))",
        "g \(losses.generatorLoss.text(digits: digits))",
        "D(x) \(losses.realScore.text(digits: 2))", "D(G(z)) \(losses.fakeScore.text(digits: 2))",
      ].joined(separator: ", ")
    }
  }
}

extension RunPosition {
  /// The epoch as the console counts it, from 0: `Epoch [0/200]`.
  var epochWords: String { "Epoch [\(epoch - 1)/\(epochCount)]" }
}

extension Float {
  /// The number with so many digits after the point; `nan` whatever its sign.
  func text(digits: Int) -> String {
    // The C library would print NaN's sign.
    isNaN ? "nan" : String(format: "%.\(digits)f", Double(self))
  }
}
