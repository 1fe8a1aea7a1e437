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
  /// The same for a terminal: in one row as long as shorter words suffice, the first of which fit 80
  /// columns, else in as many as its numbers take.
  package func consoleRows(columns: Int) -> [String] {
    let shorter = [4, 2].map(shortParts)
    let wordings = [consoleLine] + shorter.map { $0.joined(separator: ", ") }
    if let row = wordings.first(where: { $0.count <= columns }) { return [row] }
    var rows: [String] = []
    for part in shorter[1] {
      if let row = rows.last, row.count + part.count + 3 <= columns {
        rows[rows.count - 1] = "\(row), \(part)"
      } else {
        rows.append(part)
      }
    }
    return rows.dropLast().map { $0 + "," } + rows.suffix(1)
  }

  private func shortParts(lossDigits: Int) -> [String] {
    [
      position.epochWords, "Step [\(position.stepOfEpoch)/\(position.stepsPerEpoch)]",
      "d \(losses.discriminatorLoss.text(digits: lossDigits))",
      "g \(losses.generatorLoss.text(digits: lossDigits))",
      "D(x) \(losses.realScore.text(digits: 2))", "D(G(z)) \(losses.fakeScore.text(digits: 2))",
    ]
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
