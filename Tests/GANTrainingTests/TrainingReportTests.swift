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

  @Test("The line in docs/run-folder.md has the keys of a line, and means between its extremes")
  func documentedLine() throws {
    let page = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../docs/run-folder.md").standardized
    let text = try String(contentsOf: page, encoding: .utf8)
    let documented = try #require(text.split(separator: "\n").first { $0.hasPrefix(#"{"kind":"#) })
    func members(_ line: some StringProtocol) throws -> [String: Any] {
      let object = try JSONSerialization.jsonObject(with: Data(String(line).utf8))
      return try #require(object as? [String: Any])
    }
    let (line, written) = (
      try members(documented), try members(report().statisticsLine(kind: "report"))
    )
    #expect(Set(line.keys) == Set(written.keys))
    let readings = try #require(line["readings"] as? [String: [String: Double]])
    #expect(readings["generator.loss"]?["last"] == line["generatorLoss"] as? Double)
    for (name, reading) in readings {
      let keys = Set(reading.keys).subtracting(["count"])
      #expect(keys == ["last", "mean", "least", "greatest"], "\(name)")
      let (least, mean, greatest) = (
        try #require(reading["least"]), try #require(reading["mean"]),
        try #require(reading["greatest"])
      )
      #expect(least <= mean && mean <= greatest, "\(name)")
    }
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
