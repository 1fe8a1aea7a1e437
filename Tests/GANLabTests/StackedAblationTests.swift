import Foundation
import GANData
import GANLearning
import GANNetworks
import GANRuntime
import GANStatistics
import GANTensor
import GANTraining
import Testing

@testable import GANEvaluation
@testable import GANLab

@Suite("An ablation on stacked images plays one game with every loss", .serialized)
struct StackedAblationTests {
  /// 240 images of two strokes each, and a classifier of the strokes that has learnt a little.
  private final class Fixture {
    let data = ImageDataset.strokes(count: 240).stacked(depth: 2)
    let search: FeatureSearch
    let network: FeatureNetwork
    private let path = NSTemporaryDirectory() + "/features-\(UUID().uuidString)"

    init() throws {
      let gray = try #require(data.stack?.images)
      let classifier = try ClassifierSession(
        gray, on: DeviceKind.fastest.makeDevice(threadCount: 1))
      for _ in 0..<40 { classifier.runStep() }
      network = try classifier.network()
      let cache = FeatureCache(path: path)
      _ = try cache.keep(network, of: DataIdentity(gray))
      search = FeatureSearch(cache: cache)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func report(of experiment: StackedAblationExperiment) async throws -> LabFixture {
      // The classifier must be there until the end.
      defer { withExtendedLifetime(self) {} }
      return try await LabFixture(experiment)
    }

    func results(
      of experiment: StackedAblationExperiment
    ) async throws -> StackedAblationExperiment.Results {
      defer { withExtendedLifetime(self) {} }
      return try await experiment.run(on: Engine()) { _ in }
    }

    var options: TrainingOptions {
      var options = Recipe.dcgan28.options
      options.generator.hidden = [8, 8]
      options.discriminator.hidden = [8, 8]
      options.discriminator.normalization = .none
      options.latentSize = 8
      options.batchSize = 16
      options.average.halfLife = 100
      options.threads = 1
      (options.epochs, options.steps) = (nil, 4)
      return options
    }

    func experiment(
      _ options: TrainingOptions? = nil, losses: [AblatedLoss] = AblatedLoss.all
    ) throws -> StackedAblationExperiment {
      var experiment = try StackedAblationExperiment(
        options ?? self.options, on: data, weight: 0.5, losses: losses, features: search)
      (experiment.lookCount, experiment.sampleCount) = (2, 150)
      return experiment
    }
  }

  @Test(
    "The losses are the table's: both objectives with each set of penalties, and R3GAN's lazily")
  func losses() throws {
    let penalties: [[Penalty]] = [[], [.r1], [.r2], [.r1, .r2]]
    let names = ["", "-r1", "-r2", "-r1-r2"]
    let all = AblatedLoss.all
    #expect(all.map(\.penalties) == penalties + penalties + [[.r1, .r2]])
    #expect(
      all.map(\.name) == names.map { "non-saturating" + $0 } + names.map { "relativistic" + $0 }
        + ["relativistic-r1-r2-lazy"])
    #expect(all.map(\.interval) == Array(repeating: 1, count: 8) + [8])
    #expect(all[3].label == "non-saturating, R1, R2")
    #expect(all[8].label == "relativistic, R1, R2 every 8 updates")
  }

  @Test("Games differ in the loss and in nothing else")
  func games() throws {
    let games = try Fixture().experiment().games
    #expect(games.map(\.loss) == AblatedLoss.all)
    for game in games {
      #expect(game.options.objective == game.loss.objective)
      #expect(game.options.freshReals == (game.loss.objective == .relativistic))
      for penalty in game.options.penalties {
        #expect(game.options.penalty[penalty].weight == 0.5)
        #expect(game.options.penalty[penalty].interval == game.loss.interval)
      }
      var others = game.options
      others.adopt(AblatedLoss.all[0], weight: 0.5)
      others.penalty = games[0].options.penalty
      #expect(others == games[0].options)
    }
  }

  @Test("Every loss gets its modes, their divergence and a grid of samples, beside real images")
  func results() async throws {
    let fixture = try Fixture()
    let lab = try await fixture.report(of: fixture.experiment())
    let floor = try #require(try lab.dictionary["floor"] as? [String: Any])
    #expect(floor["count"] as? Int == 150 && floor["modeCount"] as? Int == 100)
    let losses = try lab.dictionary.list("losses")
    #expect(losses.compactMap { $0["loss"] as? String } == AblatedLoss.all.map(\.name))
    for loss in losses {
      let run = try #require(try loss.list("runs").first)
      let curve = try run.list("curve")
      #expect(curve.compactMap { $0["step"] as? Int } == [2, 4])
      for reading in curve {
        #expect((1...100).contains(try reading.number("modes")))
        // Of one mode alone log 100.
        #expect((0...log(100) + 1e-12).contains(try reading.number("divergence")))
      }
      #expect(try #require(loss["modes"] as? [String: Any])["mean"] as? Double != nil)
    }
    let readme = try String(contentsOfFile: "\(lab.path)/README.md", encoding: .utf8)
    for loss in AblatedLoss.all {
      #expect(readme.contains("| \(loss.label) | "))
      #expect(readme.contains("](samples-\(loss.name).png)"))
      #expect(FileManager.default.fileExists(atPath: "\(lab.path)/samples-\(loss.name).png"))
    }
  }

  @Test("The same seed gives the same curve and images, and another one others")
  func repetition() async throws {
    let fixture = try Fixture()
    var experiment = try fixture.experiment(losses: [AblatedLoss.all[7]])
    var runs: [StackedAblationExperiment.Run] = []
    for seed: UInt64 in [3, 3, 4] {
      experiment.seeds = [seed]
      runs.append(try await fixture.results(of: experiment).losses[0].runs[0])
    }
    #expect(runs[0].curve == runs[1].curve && runs[0].curve.count == 2)
    #expect(runs[0].samples == runs[1].samples && runs[0].samples != nil)
    #expect(runs[0].samples != runs[2].samples)
  }

  @Test("Modes are counted as an evaluation counts them, of real images and of a generator's")
  func counting() async throws {
    let fixture = try Fixture()
    let device = try DeviceKind.fastest.makeDevice(threadCount: 1)
    let reader = try #require(try StackReader(fixture.network, depth: 2, on: device))
    let extractor = try FeatureExtractor(
      .random(for: fixture.data.itemShape), reader: reader, on: device)
    func counted(_ table: FeatureTable) throws -> CountedModes {
      let classes = try #require(table.stackedClasses(of: reader.classCount))
      return try CountedModes(ofStacked: classes.parts, classCount: classes.classCount)
    }
    // Not whole batches.
    let indices = Array(7..<237)
    let real = try await reader.countedModes(of: fixture.data, indices) {}
    #expect(try await counted(extractor.features(of: fixture.data, indices) { _ in }) == real)
    #expect(real.count == 230)

    let session = try TrainingSession(
      fixture.experiment().games[0].options.setup, dataset: fixture.data)
    let made = try await reader.countedModes(of: session.makeSampler(), count: 130, seed: 5) {}
    let table = try await extractor.features(
      of: session.makeSampler(), count: 130, classCount: nil, seed: 5
    ) { _ in }
    #expect(try counted(table) == made)
  }

  @Test("A run that leaves all bounds is reported with its step, and is in no mean")
  func divergence() async throws {
    let fixture = try Fixture()
    var options = fixture.options
    options.optimizer.discriminator.learningRate = 1e37
    let experiment = try fixture.experiment(options, losses: [AblatedLoss.all[0]])
    let results = try await fixture.results(of: experiment)
    let step = try #require(results.losses[0].runs[0].divergedAtStep)
    #expect(results.losses[0].modes == nil && results.losses[0].runs[0].final == nil)
    let text = experiment.account(of: results).text
    #expect(text.contains("| non-saturating | diverged |"))
    #expect(text.contains("non-saturating, seed 0, after step \(step)"))
  }

  @Test("Data without known modes, or fewer than are to be read, are refused")
  func refusals() async throws {
    let fixture = try Fixture()
    for data in [
      ImageDataset.strokes(count: 240),
      ImageDataset(
        name: "unnamed", imageShape: [1, 28, 28], pixels: [UInt8](repeating: 0, count: 20 * 784)
      ).stacked(depth: 2),
    ] {
      #expect(throws: EvaluationError.noModes) {
        try StackedAblationExperiment(
          fixture.options, on: data, weight: 1, features: fixture.search)
      }
    }
    var experiment = try fixture.experiment()
    experiment.sampleCount = 241
    await #expect(throws: FeatureError.tooFew(source: fixture.data.name, count: 240, needed: 241)) {
      _ = try await fixture.results(of: experiment)
    }
  }
}
