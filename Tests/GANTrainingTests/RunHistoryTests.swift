import Foundation
import GANLearning
import GANPlots
import Testing

@testable import GANTraining

@Suite("A run's curves are the same points, told or read")
struct RunHistoryTests {
  private func line(_ step: Int, epoch: Int = 1, loss: Float = 1) -> StatisticsLine {
    var losses = StepReport()
    (losses.discriminatorLoss, losses.generatorLoss) = (loss, 2 * loss)
    (losses.realScore, losses.fakeScore) = (0.75, 0.25)
    var readings = ReadingAccumulator()
    readings.add(["discriminator.loss", "generator.loss"], [loss / 3, loss])
    let report = TrainingReport(
      position: RunPosition(step: step, stepsPerEpoch: 10, totalSteps: 1_000_000), images: step,
      losses: losses, readings: readings.readings, stepSeconds: 0.1, elapsedSeconds: 0.1,
      imagesPerSecond: 1)
    return StatisticsLine(report)
  }

  @Test("A line that was written and read says what the report did", arguments: [1.1, .nan])
  func roundTrip(loss: Float) throws {
    var losses = StepReport()
    (losses.discriminatorLoss, losses.realScore) = (loss, 0.7)
    var readings = ReadingAccumulator()
    readings.add(["discriminator.loss", "discriminator.realScore"], [loss, 0.7])
    readings.add(["discriminator.loss", "discriminator.realScore"], [loss / 3, 0.1])
    let report = TrainingReport(
      position: RunPosition(step: 20, stepsPerEpoch: 10, totalSteps: 30), images: 7, losses: losses,
      readings: readings.readings, stepSeconds: 0.1, elapsedSeconds: 0.25, imagesPerSecond: 1)
    let text = report.statisticsLine(kind: "epoch")
    let read = try JSONDecoder().decode(StatisticsLine.self, from: Data(text.utf8))
    let told = StatisticsLine(report)
    #expect(read.means == told.means && read.endsRound && told.endsRound)
    #expect((read.step, read.epoch) == (20, 2))
    #expect(RunHistory([read]).points.description == RunHistory([told]).points.description)
    #expect(read.mean("discriminator.loss").map(\.isFinite) ?? false == loss.isFinite)
  }

  @Test("However many reports there are, points stay few, and the last report is among them")
  func thinning() {
    var history = RunHistory()
    for number in 1...(5 * RunHistory.limit + 3) { history.add(line(number)) }
    let points = history.points
    #expect(points.count <= RunHistory.limit + 1 && points.count > RunHistory.limit / 2)
    #expect(points.first?.step == 1 && points.last?.step == 5 * RunHistory.limit + 3)
    let steps = points.dropLast().map(\.step)
    let distances = Set(zip(steps, steps.dropFirst()).map { $1 - $0 })
    #expect(distances == [8])
  }

  @Test("An epoch's end in the same step adds no point")
  func repetition() {
    let history = RunHistory([line(10), line(10), line(20), line(20)])
    #expect(history.points.map(\.step) == [10, 20])
  }

  @Test(
    "The same reports give the same bytes of curves; changes are marked, scores of a critic not drawn"
  )
  func curves() {
    let history = RunHistory((1...30).map { line(10 * $0, loss: Float($0)) })
    var options = TrainingOptions()
    let text = history.curves(of: options, []).svg()
    #expect(
      text
        == RunHistory((1...30).map { line(10 * $0, loss: Float($0)) })
        .curves(of: options, []).svg())
    #expect(text.contains("D(G(z))"))
    let change = HyperparameterChange(
      step: 150, name: "optimizer.generator.learningRate", from: 2e-4, to: 1e-3)
    #expect(!text.contains("changed"))
    #expect(history.curves(of: options, [change]).svg().contains("changed"))
    options.objective = .wasserstein
    #expect(!history.curves(of: options, []).svg().contains("D(G(z))"))
  }
}
