import GANLearning
import GANTensor
import GANTestSupport
import Testing

@testable import GANTraining

@Suite("The end of a run is judged by what it knows")
struct RunDiagnosisTests {
  /// Smooth images, each with a slope of its own.
  private func slopes(count: Int, seed: UInt64 = 1) -> HostTensor {
    var random = SplitMix(seed: seed)
    let images = (0..<count).map { _ -> [Float] in
      let slope = random.reals(2, in: -1...1).map { Float($0) }
      return (0..<64).map { (Float($0 % 8) * slope[0] + Float($0 / 8) * slope[1]) / 16 }
    }
    return HostTensor(shape: [count, 1, 8, 8], images.flatMap(\.self))
  }

  @Test("Equal items have no spread, the real ones have all of theirs, and noise is rough")
  func measures() throws {
    let real = slopes(count: 16)
    let same = SampleMeasures(of: real, beside: real)
    #expect(same.spread == 1 && same.roughness == 1)
    let one = real.floats.prefix(64)
    let copies = HostTensor(shape: [16, 1, 8, 8], (0..<16).flatMap { _ in one })
    #expect(SampleMeasures(of: copies, beside: real).spread == 0)
    var random = SplitMix(seed: 3)
    let noise = HostTensor(shape: [16, 1, 8, 8], random.reals(1_024, in: -1...1).map { Float($0) })
    #expect(try #require(SampleMeasures(of: noise, beside: real).roughness) > 5)
    // Half as far apart, half as rough: both are homogeneous.
    let half = HostTensor(shape: real.shape, real.floats.map { $0 / 2 })
    let halved = SampleMeasures(of: half, beside: real)
    #expect(abs(try #require(halved.spread) - 0.5) < 1e-6)
    #expect(abs(try #require(halved.roughness) - 0.5) < 1e-6)
  }

  @Test("Of few items, of points and of infinities no more is said than can be")
  func limits() {
    let few = SampleMeasures(of: slopes(count: 4), beside: slopes(count: 4))
    #expect(few.spread == nil && few.roughness == 1)
    let points = HostTensor(shape: [8, 2], (0..<16).map { Float($0 % 5) })
    let measured = SampleMeasures(of: points, beside: points)
    #expect(measured.spread == 1 && measured.roughness == nil)
    let infinite = HostTensor(shape: [8, 2], [Float](repeating: .infinity, count: 16))
    #expect(SampleMeasures(of: infinite, beside: points).spread == nil)
  }

  private func findings(
    real: Float = 0.7, fake: Float = 0.3, generated: HostTensor? = nil,
    _ change: (inout TrainingOptions) -> Void = { _ in }
  ) -> [RunDiagnosis.Kind] {
    var options = TrainingOptions()
    change(&options)
    var losses = StepReport()
    (losses.realScore, losses.fakeScore) = (real, fake)
    let history = RunHistory(
      (1...20).map { step in
        StatisticsLine(
          TrainingReport(
            position: RunPosition(step: step, stepsPerEpoch: 10, totalSteps: 20), images: step,
            losses: losses, readings: ReadingAccumulator().readings, stepSeconds: 1,
            elapsedSeconds: 1, imagesPerSecond: 1))
      })
    let items = generated ?? slopes(count: 16, seed: 2)
    let measured = SampleMeasures(of: items, beside: slopes(count: 16))
    return RunDiagnosis(RunDiagnosis.Evidence(options, history, measured)).findings.map(\.kind)
  }

  @Test("Each bad end is found, the worst first, and a good one has nothing")
  func kinds() {
    var random = SplitMix(seed: 4)
    let noise = HostTensor(shape: [16, 1, 8, 8], random.reals(1_024, in: -1...1).map { Float($0) })
    let blank = HostTensor(shape: [16, 1, 8, 8], [Float](repeating: 0, count: 1_024))
    #expect(findings() == [])
    #expect(findings(real: 0.999, fake: 0.001) == [.saturation])
    #expect(findings(real: 0.999, fake: 0.001) { $0.objective = .wasserstein } == [])
    #expect(findings(real: 0.95, fake: 0.05) == [])
    #expect(findings(generated: noise) == [.noise])
    #expect(findings(generated: blank) == [.collapse])
    #expect(findings { $0.epochs = 3 } == [.tooFewSteps])
    #expect(findings { $0.epochs = 100 } == [])
    #expect(
      findings(real: 1, fake: 0, generated: noise) { $0.epochs = 1 }
        == [.saturation, .noise, .tooFewSteps])
  }

  @Test("One line names the worst with its page and the others by name")
  func line() {
    let samples = SampleMeasures(of: slopes(count: 8), beside: slopes(count: 8))
    let evidence = { (epochs: Int) -> RunDiagnosis in
      var options = TrainingOptions()
      options.epochs = epochs
      return RunDiagnosis(RunDiagnosis.Evidence(options, RunHistory(), samples))
    }
    #expect(evidence(200).line.hasPrefix("no sign of collapse"))
    #expect(
      evidence(1).line
        == "the run was too short (600 of about 120000 steps); "
        + "see docs/troubleshooting.md#too-few-steps")
  }
}
