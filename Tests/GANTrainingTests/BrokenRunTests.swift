import Foundation
import GANData
import GANLearning
import GANNetworks
import GANTensor
import GANTestSupport
import Testing

@testable import GANTraining

/// Short runs that are broken on purpose, of seconds each; the long campaign is
/// `Scripts/diagnose-campaign`.
@Suite("Runs that are broken on purpose say so, and their records say it again", .serialized)
struct BrokenRunTests {
  private let scratch: SmallMNIST
  private let dataset = ImageDataset.strokes(count: 200)

  init() throws { scratch = try SmallMNIST() }

  /// Small fully connected networks, whose first 1,000 steps are young.
  private func options(
    steps: Int = 3_000, _ change: (inout TrainingOptions) -> Void = { _ in }
  ) -> TrainingOptions {
    var options = Recipe.photos28.options
    options.adopt(dataset)
    options.architecture = .mlp
    options.initialization = .pytorch
    (options.generator, options.discriminator) = (
      TrainingOptions().generator, TrainingOptions().discriminator
    )
    (options.generator.hidden, options.discriminator.hidden) = ([16], [16])
    (options.penalties, options.augmentation, options.average.halfLife) = ([], [], 0)
    (options.latentSize, options.batchSize, options.threads) = (4, 20, 1)
    (options.epochs, options.steps, options.reportInterval) = (nil, steps, 50)
    change(&options)
    return options
  }

  /// Trains, and says what it warned of and how it ended.
  private func train(
    _ options: TrainingOptions, stopsOnCollapse: Bool = false
  ) async throws -> (folder: RunFolder, warnings: [RunWarning], stoppedAt: Int?) {
    try options.validate()
    let folder = try RunFolder.create(
      in: scratch.path(of: "runs"), for: options, on: RunEnvironment(threads: 1, dataset: dataset))
    var request = TrainingRequest(options, on: dataset, in: folder)
    request.stopsOnCollapse = stopsOnCollapse
    var warnings: [RunWarning] = []
    var stoppedAt: Int?
    do {
      for try await event in try Engine().training(request).events {
        if case .warned(let warning) = event { warnings.append(warning) }
        if case .interrupted(let step) = event { stoppedAt = step }
      }
    } catch TrainingError.diverged {}
    return (folder, warnings, stoppedAt)
  }

  /// What the run's records say, which is what it warned of.
  private func check(
    _ run: (folder: RunFolder, warnings: [RunWarning], stoppedAt: Int?),
    has kind: RunDiagnosis.Kind, by step: Int
  ) throws {
    let warning = try #require(
      run.warnings.first { $0.finding.kind == kind }, "\(run.warnings.map(\.finding))")
    #expect(warning.step <= step)
    let verdicts = try RunExamination(of: run.folder).verdicts
    let verdict = try #require(verdicts.first { $0.kind == kind }, "\(verdicts.map(\.kind))")
    #expect(verdict.since == warning.finding.since)
    let lines = try run.folder.statisticsLines().compactMap(\.finding)
    #expect(lines == run.warnings.map(\.finding))
  }

  @Test("A generator that stands still has collapsed, and the run stops there if it is asked to")
  func collapse() async throws {
    let still = options {
      $0.optimizer.generator.learningRate = 1e-9
      $0.generator.hidden = [16, 16, 16]
    }
    let run = try await train(still, stopsOnCollapse: true)
    try check(run, has: .collapse, by: 1_400)
    let step = try #require(run.stoppedAt)
    #expect(step == run.warnings.first { $0.finding.kind == .collapse }?.step)

    // It goes on, and does not stop for what it has said.
    let past = try StartedRun(run.folder)
    #expect(past.step == step)
    try past.prepare(still, on: RunEnvironment(threads: 1, dataset: dataset))
    var request = TrainingRequest(still, on: dataset, in: run.folder, from: past.checkpoint)
    request.stopsOnCollapse = true
    #expect(try await Engine().training(request).outcome() != nil)

    // It has the lines of a run that nobody stopped.
    let whole = try await train(still)
    func lines(_ folder: RunFolder) throws -> [String] {
      try String(contentsOfFile: folder.statistics, encoding: .utf8).split(separator: "\n").map {
        String($0).replacing(#/"\w+(Seconds|PerSecond)":[^,}]+,/#, with: "")
      }
    }
    #expect(try lines(run.folder) == lines(whole.folder))
  }

  @Test("A discriminator that has won against few images knows them by heart")
  func overfitting() async throws {
    let run = try await train(
      options {
        $0.optimizer.generator.learningRate = 1e-6
        $0.optimizer.discriminator.learningRate = 2e-3
        $0.discriminator.hidden = [64]
      })
    try check(run, has: .overfitting, by: 3_000)
  }

  @Test("A generator whose gradient is nothing learns no more")
  func stuck() async throws {
    let run = try await train(
      options {
        $0.objective = .minimax
        $0.optimizer.generator.learningRate = 1e-6
        $0.optimizer.discriminator.learningRate = 2e-2
        $0.discriminator.hidden = [64]
        $0.optimizer.generator.epsilon = 1e-3
      })
    try check(run, has: .stuckGenerator, by: 3_000)
  }

  @Test("Divergence names the first tensor that is not finite, its update and its step")
  func divergence() async throws {
    let run = try await train(
      options(steps: 20) {
        $0.objective = .hinge
        $0.optimizer.discriminator.learningRate = 1e30
      })
    let finding = try #require(run.warnings.first?.finding)
    #expect(finding.kind == .divergence)
    // The discriminator's first update leaves weights of 1e30, whose products are the generator's loss.
    #expect(finding.evidence == "first loss of the generator's update")
    #expect(finding.since == 1)
    #expect(try RunExamination(of: run.folder).verdicts.first?.kind == .divergence)
  }

  @Test("Of broken gradients the last layer's is the first; of a state its tensor")
  func origins() {
    let (bad, good) = (HostTensor(shape: [1], [Float.nan]), HostTensor(shape: [1], [Float(1)]))
    #expect(
      NonFiniteOrigin.first(in: [
        ("discriminator.0.loss", good), ("discriminator.0.gradient.0.weight", bad),
        ("discriminator.0.gradient.2.weight", bad), ("discriminator.0.gradient.2.bias", good),
        ("generator.loss", bad),
      ]) == "discriminator.0.gradient.2.weight")
    #expect(NonFiniteOrigin.first(in: [("generator.loss", good)]) == nil)
    let options = TrainingOptions()
    #expect(
      NonFiniteOrigin.words(of: "discriminator.0.penalty.r1", options)
        == "penalty.r1 of the discriminator's update")
    #expect(
      NonFiniteOrigin.words(of: "generator.gradient.4.weight", options)
        == "the gradient of 4.weight (linear, 256 to 784) in the generator's update")
    #expect(
      NonFiniteOrigin.words(ofState: "generator.0.bias", options)
        == "0.bias (linear, 64 to 256) of the generator, after its update")
  }

  @Test("Options known to fail are told before the first step, once")
  func settings() async throws {
    let run = try await train(options(steps: 20) { $0.batchSize = 1 })
    #expect(run.warnings.map(\.step) == [0])
    try check(run, has: .settings, by: 0)
    #expect(run.warnings.first?.advice == ["--set", "batchSize=64"])
  }
}
