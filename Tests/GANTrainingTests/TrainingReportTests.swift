import Foundation
import Testing

@testable import GANTraining

@Suite("Reports read as the contract says")
struct TrainingReportTests {
  private func report(discriminatorLoss: Float = 0.1234) -> TrainingReport {
    var losses = StepReport()
    losses.discriminatorLoss = discriminatorLoss
    losses.generatorLoss = 4.5678
    losses.realScore = 0.98
    losses.fakeScore = 0.02
    var interval = ReadingAccumulator()
    interval.add(["discriminatorLoss", "penalty"], [discriminatorLoss, 0.5])
    interval.add(["discriminatorLoss", "penalty"], [discriminatorLoss, 1.5])
    return TrainingReport(
      position: RunPosition(step: 200, stepsPerEpoch: 600, totalSteps: 120_000), images: 20_000,
      losses: losses, readings: interval.readings, stepSeconds: 0.0025, elapsedSeconds: 0.5,
      imagesPerSecond: 40_000)
  }

  @Test("The console line is the tutorial's")
  func consoleLine() {
    #expect(
      report().consoleLine
        == "Epoch [0/200], Step [200/600], "
        + "d_loss: 0.1234, g_loss: 4.5678, D(x): 0.98, D(G(z)): 0.02")
  }

  @Test("A line of statistics is a JSON object with the contract's keys")
  func statisticsLine() throws {
    let line = report().statisticsLine(kind: "report")
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    #expect(
      object.keys.sorted() == [
        "discriminatorLoss", "elapsedSeconds", "epoch", "fakeScore", "generatorLoss", "images",
        "imagesPerSecond", "kind", "readings", "realScore", "step", "stepSeconds",
      ])
    #expect(object["epoch"] as? Int == 1)
    #expect(object["step"] as? Int == 200)
    #expect(object["discriminatorLoss"] as? Double == 0.1234)
    let readings = try #require(object["readings"] as? [String: [String: Double]])
    #expect(readings["penalty"] == ["last": 1.5, "mean": 1, "least": 0.5, "greatest": 1.5])
  }

  @Test("What is not finite is null, and named", arguments: [Float.nan, .infinity, -.infinity])
  func nonfinite(loss: Float) throws {
    let line = report(discriminatorLoss: loss).statisticsLine(kind: "report")
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    #expect(object["discriminatorLoss"] is NSNull)
    #expect(object["nonfinite"] as? [String] == ["discriminatorLoss"])
  }
}
