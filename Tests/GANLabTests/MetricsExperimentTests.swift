import Foundation
import GANData
import GANEvaluation
import GANTraining
import Testing

@testable import GANLab

@Suite("Spoiled images are noticed by the metrics that can", .serialized)
struct MetricsExperimentTests {
  @Test("A level spoils what it says, and nothing else")
  func spoilings() {
    let data = ImageDataset.strokes(count: 1_500)
    let images = SpoiledImages(data, count: 200, seed: 0)
    let own = images.dataset(images.untouched(0))
    let size = 784
    func bytes(_ spoiling: Spoiling, _ level: Int) -> [UInt8] {
      let spoiled = images.images(spoiling, level: level)
      // The bytes are the data set's, and go with it.
      return withExtendedLifetime(spoiled) { Array(spoiled.storage.bytes) }
    }
    let whole = withExtendedLifetime(own) { Array(own.storage.bytes) }
    #expect(Set(images.reference).isDisjoint(with: images.untouched(0) + images.test))
    #expect(bytes(.fewer, 10) == Array(whole.prefix(20 * size)))
    let duplicates = bytes(.duplicates, 10)
    #expect(
      duplicates.count == whole.count && duplicates.prefix(20 * size) == whole.prefix(20 * size))
    #expect(duplicates[(20 * size)..<(40 * size)] == whole.prefix(20 * size))
    let copied = bytes(.copies, 25)
    #expect(copied.suffix(150 * size) == whole.suffix(150 * size))
    #expect(copied.prefix(50 * size) != whole.prefix(50 * size))
    let moved = bytes(.shift, 2)
    for row in 0..<28 {
      #expect(moved[28 * row] == 0 && moved[28 * row + 1] == 0)
      #expect(moved[28 * row + 2] == whole[28 * row])
    }
    let noisy = bytes(.noise, 16)
    let differences = zip(noisy, whole).map { abs(Int($0) - Int($1)) }
    #expect((1...60).contains(differences.reduce(0, +) / differences.count))
    #expect(images.images(.droppedClasses, level: 9).count > 100)
  }

  @Test("Without a word about strength, each way to be wrong has a metric that sees it")
  func reactions() async throws {
    let data = ImageDataset.strokes(count: 1_300)
    let path = NSTemporaryDirectory() + "/features-\(UUID().uuidString).safetensors"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try FeatureNetwork.random(for: data.itemShape).write(to: path)
    var experiment = try MetricsExperiment(
      data, count: 200, features: FeatureSearch(cache: nil, file: path))
    experiment.threads = 1
    let fixture = try await LabFixture(experiment)
    let results = try #require(fixture.results as? [String: Any])
    let untouched = try #require(results["untouched"] as? [String: [Any]])
    let reactions = try #require(results["spoilings"] as? [[String: Any]])
    #expect(reactions.count == Spoiling.allCases.count)
    func last(_ spoiling: Spoiling, _ metric: String) throws -> Double {
      let reaction = try #require(
        reactions.first { $0["spoiling"] as? String == spoiling.rawValue })
      return try #require((reaction["values"] as? [String: [Any]])?[metric]?.last as? Double)
    }
    for (spoiling, metric) in [
      (Spoiling.noise, "frechet-distance"), (.shift, "mind"), (.copies, "auth-pct"),
      (.duplicates, "vendi"), (.fewer, "coverage"), (.droppedClasses, "frechet-distance"),
    ] {
      let value = try last(spoiling, metric)
      #expect(
        MetricsExperiment.isNoticed(
          value, beside: (untouched[metric] ?? []).compactMap { $0 as? Double }),
        "\(spoiling), \(metric): \(value)")
    }
    #expect(!MetricsExperiment.isNoticed(2.5, beside: [1, 2, 2]))
    #expect(MetricsExperiment.isNoticed(3.5, beside: [1, 2, 2]))
  }

  @Test("Data without labels, points and few images are refused")
  func refusals() {
    let search = FeatureSearch(cache: nil)
    #expect(throws: FeatureError.self) {
      try MetricsExperiment(PointDataset(.ring8, seed: 0), count: 200, features: search)
    }
    #expect(throws: FeatureError.self) {
      try MetricsExperiment(ImageDataset.strokes(count: 500), count: 200, features: search)
    }
  }
}
