import Foundation
import GANData
import GANLearning
import GANNetworks
import GANRuntime
import GANTensor
import GANTestSupport
import GANTraining
import Synchronization
import Testing

@Suite("An engine trains as the options say")
struct EngineTests {
  private func smallRun(_ scratch: SmallMNIST) throws -> (TrainingOptions, ImageDataset) {
    let dataset = try ImageDataset.mnist(in: scratch.path)
    var options = TrainingOptions()
    options.adopt(dataset)
    options.threads = 1
    options.epochs = 2
    (options.generator.hidden, options.discriminator.hidden) = ([12], [12])
    return (options, dataset)
  }

  @Test("Events come in order: prepared, reports and epochs, finished")
  func events() async throws {
    let (options, dataset) = try smallRun(SmallMNIST())
    var names: [String] = []
    for try await event in try Engine().training(TrainingRequest(options, on: dataset)).events {
      switch event {
      case .prepared: names.append("prepared")
      case .report(let report): names.append("report \(report.position.step)")
      case .epoch(let report, _): names.append("epoch \(report.position.epoch)")
      case .finished(let outcome): names.append("finished \(outcome.generator.step)")
      case .progress, .judged, .judging, .stalled, .warned, .changed, .collapsed, .missed,
        .interrupted:
        names.append("unexpected")
      }
    }
    #expect(
      names == ["prepared", "report 3", "epoch 1", "report 6", "epoch 2", "finished 6"])
  }

  @Test("What a step costs is known without data")
  func cost() async throws {
    let (options, dataset) = try smallRun(SmallMNIST())
    let foreseen = try await Engine().cost(of: options)
    for try await event in try Engine().training(TrainingRequest(options, on: dataset)).events {
      guard case .prepared(let cost, _) = event else { continue }
      #expect(foreseen.multiplyAdds == cost.multiplyAdds)
      #expect(foreseen.stateBytes == cost.stateBytes && foreseen.stateBytes > 0)
      #expect(foreseen.arenaBytes == cost.arenaBytes && foreseen.arenaBytes > 0)
    }
  }

  @Test("A run that diverges stops with the step and the tensor, and leaves no checkpoint")
  func divergence() async throws {
    let scratch = try SmallMNIST()
    var (options, dataset) = try smallRun(scratch)
    options.objective = .hinge
    options.optimizer.discriminator.learningRate = 1e30
    let folder = try RunFolder.create(
      in: scratch.path(of: "runs"), for: options, on: RunEnvironment(threads: 1, dataset: dataset))
    let error = await #expect(throws: TrainingError.self) {
      let run = try Engine().training(TrainingRequest(options, on: dataset, in: folder))
      for try await _ in run.events {}
    }
    guard case .diverged(let step, let epoch, let tensor) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    // The discriminator's first update leaves weights of 1e30 in two layers. Their products, beyond any
    // float32, are the generator's loss and gradient, whatever the order of sums and the logits' signs.
    #expect(step == 1)
    #expect(epoch == 1)
    #expect(tensor?.contains("0.weight") == true)
    #expect(try folder.latestCheckpoint() == nil)
    let lines = try String(contentsOfFile: folder.statistics, encoding: .utf8)
    #expect(lines.contains(#""nonfinite":["#))
  }

  @Test("What options out of range would cost is not counted")
  func invalidOptions() async throws {
    var (options, _) = try smallRun(SmallMNIST())
    options.batchSize = 0
    await #expect(throws: OptionsError.self) { try await Engine().cost(of: options) }
  }

  @Test("More samples of a seed begin with the same ones")
  func samplesContinue() async throws {
    let (options, dataset) = try smallRun(SmallMNIST())
    let engine = try Engine()
    var trained: SavedNetwork?
    for try await event in engine.training(TrainingRequest(options, on: dataset)).events {
      if case .finished(let outcome) = event { trained = outcome.generator }
    }
    let generator = try #require(trained)
    let few = try await engine.samples(of: generator, count: 3, seed: 7, threads: 1)
    let many = try await engine.samples(of: generator, count: 130, seed: 7, threads: 1)
    #expect(few.shape == [3, 1, 6, 6])
    #expect(many.shape == [130, 1, 6, 6])
    #expect(many.floats.prefix(few.shape.elementCount).elementsEqual(few.floats))
    #expect(many.floats.allSatisfy { (-1...1).contains($0) })
  }

  @Test("A benchmark counts what the networks need")
  func benchmark() async throws {
    var (options, _) = try smallRun(SmallMNIST())
    options.epochs = nil
    options.steps = 5
    options.batchSize = 10
    let synthetic = try options.syntheticData()
    #expect(synthetic.count == 1_000)
    let profile = Mutex<[KernelProfile]>([])
    let result = try await Engine().benchmark(
      options, on: synthetic, warmUpSteps: 1,
      profile: { kernels in profile.withLock { $0 = kernels } })
    // Forward: G and D twice for one player, G and D for the other. Backward: D's weights twice
    // and its inner layer twice; then D to its input, G's weights and its inner layer.
    let generator = 64 * 12 + 12 * 36
    let discriminator = 36 * 12 + 12
    let forward = 2 * generator + 3 * discriminator
    let backward = 2 * (discriminator + 12) + discriminator + generator + 12 * 36
    #expect(result.usefulMultiplyAddsPerStep == 10 * (forward + backward))
    let kernels = profile.withLock { $0 }
    #expect(kernels.reduce(0) { $0 + $1.multiplyAdds } == result.usefulMultiplyAddsPerStep)
    #expect(kernels.allSatisfy { $0.seconds > 0 && $0.seconds.isFinite && $0.bytes > 0 })
    #expect(result.steps == 5)
    #expect(result.millisecondsPerStep.p10 <= result.millisecondsPerStep.p90)
    #expect(result.meanMillisecondsPerStep > 0)
    #expect(result.throttledPeriods >= 0 && result.throttledMilliseconds >= 0)
    #expect(result.startupMilliseconds > 0)
    #expect(result.peakResidentMB > 1)
  }
}
