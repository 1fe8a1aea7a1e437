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
    let lines = [report.consoleLine] + report.shorterConsoleLines
    let fitting = lines.first { $0.count <= 80 }
    #expect(fitting?.hasSuffix("d 0.1234, g 4.5678, D(x) 0.98, D(G(z)) 0.02") == true, "\(lines)")
    #expect(lines.map(\.count) == lines.map(\.count).sorted(by: >))
  }
}
