import Foundation
package import GANTraining

extension TrainingReport {
  /// The tutorial's line; it alone counts epochs from 0.
  package var consoleLine: String {
    [
      "Epoch [\(position.epoch - 1)/\(position.epochCount)]",
      "Step [\(position.stepOfEpoch)/\(position.stepsPerEpoch)]",
      "d_loss: \(losses.discriminatorLoss.text(digits: 4))",
      "g_loss: \(losses.generatorLoss.text(digits: 4))",
      "D(x): \(losses.realScore.text(digits: 2))", "D(G(z)): \(losses.fakeScore.text(digits: 2))",
    ].joined(separator: ", ")
  }
}

extension Float {
  /// The number with so many digits after the point; `nan` whatever its sign.
  func text(digits: Int) -> String {
    // The C library would print NaN's sign.
    isNaN ? "nan" : String(format: "%.\(digits)f", Double(self))
  }
}
