import Testing

@testable import GANCommands
@testable import GANTraining

@Suite("The line of a report on the console")
struct ConsoleLineTests {
  private func line(discriminatorLoss: Float) -> String {
    var losses = StepReport()
    losses.discriminatorLoss = discriminatorLoss
    (losses.generatorLoss, losses.realScore, losses.fakeScore) = (4.5678, 0.98, 0.02)
    return TrainingReport(
      position: RunPosition(step: 200, stepsPerEpoch: 600, totalSteps: 120_000), images: 20_000,
      losses: losses, readings: ReadingAccumulator().readings, stepSeconds: 0.0025,
      elapsedSeconds: 0.5, imagesPerSecond: 40_000
    ).consoleLine
  }

  @Test(
    "is the tutorial's, and NaN has no sign",
    arguments: [(0.1234, "0.1234"), (.nan, "nan"), (-.nan, "nan"), (-.infinity, "-inf")]
      as [(Float, String)])
  func tutorial(loss: Float, text: String) {
    #expect(
      line(discriminatorLoss: loss)
        == "Epoch [0/200], Step [200/600], "
        + "d_loss: \(text), g_loss: 4.5678, D(x): 0.98, D(G(z)): 0.02")
  }
}
