import Testing

@testable import GANCommands
@testable import GANTraining

@Suite("The line of a report on the console")
struct ConsoleLineTests {
  private func report(discriminatorLoss: Float, epochs: Int = 200) -> TrainingReport {
    var losses = StepReport()
    losses.discriminatorLoss = discriminatorLoss
    (losses.generatorLoss, losses.realScore, losses.fakeScore) = (4.5678, 0.98, 0.02)
    return TrainingReport(
      position: RunPosition(step: 600 * epochs - 400, stepsPerEpoch: 600, totalSteps: 600 * epochs),
      images: 20_000,
      losses: losses, readings: ReadingAccumulator().readings, stepSeconds: 0.0025,
      elapsedSeconds: 0.5, imagesPerSecond: 40_000
    )
  }

  @Test(
    "is the tutorial's, and NaN has no sign",
    arguments: [(0.1234, "0.1234"), (.nan, "nan"), (-.nan, "nan"), (-.infinity, "-inf")]
      as [(Float, String)])
  func tutorial(loss: Float, text: String) {
    #expect(
      report(discriminatorLoss: loss).consoleLine
        == "Epoch [199/200], Step [200/600], "
        + "d_loss: \(text), g_loss: 4.5678, D(x): 0.98, D(G(z)): 0.02")
  }

  @Test("has all of its numbers in 80 columns", arguments: [1, 20, 200, 2_000])
  func narrow(epochs: Int) {
    let report = report(discriminatorLoss: 0.1234, epochs: epochs)
    let rows = report.consoleRows(columns: 80)
    #expect(rows.count == 1 && rows[0].count <= 80)
    #expect(rows[0].hasSuffix("d 0.1234, g 4.5678, D(x) 0.98, D(G(z)) 0.02"), "\(rows)")
  }

  @Test("has them all in any terminal, in rows that fit where they can", arguments: 20...200)
  func rows(columns: Int) {
    let rows = report(discriminatorLoss: -123.4567).consoleRows(columns: columns)
    #expect(rows.allSatisfy { $0.count <= columns }, "\(rows)")
    let text = rows.joined(separator: " ")
    for part in ["Epoch [199/200]", "Step [200/600]", "-123.4", "4.5", "0.98", "0.02"] {
      #expect(text.contains(part), "\(rows)")
    }
    if columns == 50 {
      #expect(
        rows == [
          "Epoch [199/200], Step [200/600], d -123.46,", "g 4.57, D(x) 0.98, D(G(z)) 0.02",
        ])
    }
    if columns >= 110 { #expect(rows == [report(discriminatorLoss: -123.4567).consoleLine]) }
    // More columns never take more rows.
    #expect(
      rows.count >= report(discriminatorLoss: -123.4567).consoleRows(columns: columns + 1).count)
  }
}
