import Foundation
import GANData
import GANRuntime
import GANStatistics
import GANTensor
import GANTestSupport
import GANTraining
import Testing

@testable import GANEvaluation

@Suite("A classifier of the data's own")
struct ClassifierTests {
  /// Tiny pictures of four classes: which quarter is bright.
  private func quarters(_ count: Int) -> ImageDataset {
    let stream = RandomStream(seed: 5, purpose: .noise, step: 0)
    let labels = (0..<count).map { UInt8($0 % 4) }
    let pixels = (0..<count * 64).map { element -> UInt8 in
      let (row, column) = (element % 64 / 8, element % 8)
      let quarter = row / 4 * 2 + column / 4
      let light = quarter == Int(labels[element / 64]) ? 160 : 40
      return UInt8(light + Int(stream.word(at: element) % 64))
    }
    return ImageDataset(
      name: "quarters", imageShape: [1, 8, 8], pixels: pixels, labels: labels)
  }

  @Test("The same data give the same bytes on any number of threads")
  func threads() throws {
    let data = ImageDataset.strokes(count: 300)
    let digests = try [1, 2, 3].map { threads in
      let session = try ClassifierSession(data, on: CPUDevice(threadCount: threads))
      for _ in 0..<8 { session.runStep() }
      return try session.network().sha256
    }
    #expect(Set(digests).count == 1)
  }

  @Test("It learns its classes, is kept in the cache, and is not trained twice")
  func cache() async throws {
    let folder = try ScratchFolder()
    let data = quarters(400)
    let device = try CPUDevice(threadCount: 1)
    let search = FeatureSearch(cache: FeatureCache(path: folder.path(of: "features")))
    let identity = DataIdentity(data)
    var trainings = 0
    var networks: [FeatureNetwork] = []
    for _ in 0..<2 {
      networks.append(
        try await search.network(
          for: data, identity, on: device,
          note: { if case .trained = $0 { trainings += 1 } }, pause: {}))
    }
    #expect(trainings == 1)
    #expect(networks[0].sha256 == networks[1].sha256)
    #expect(networks[0].name == "lenet-quarters-1")
    let table = try await FeatureExtractor(networks[1], on: device)
      .features(of: data, 0..<400) { _ in }
    let right = (0..<400).count { item in
      let row = table.logits[item * 4..<item * 4 + 4]
      return row.firstIndex(of: row.max() ?? 0) == row.startIndex + item % 4
    }
    #expect(right == 400)
  }

  @Test("Stacked images are read image by image, and their modes counted beside real ones'")
  func stacks() async throws {
    let folder = try ScratchFolder()
    let data = quarters(400)
    let stacked = data.stacked(depth: 3)
    // As many times the same three.
    let one = Array(stacked.pixels(ofImage: 0))
    let collapsed = ImageDataset(
      name: "one", imageShape: stacked.imageShape, pixels: (0..<200).flatMap { _ in one })
    var request = EvaluationRequest(
      [JudgedImages(name: "one", collapsed), JudgedImages(name: "all", stacked)], against: stacked,
      features: FeatureSearch(cache: FeatureCache(path: folder.path(of: "features"))))
    (request.metrics, request.count, request.sets) = ([.modes, .modeDivergence], 200, 1)
    // The second time features of real images are those that were kept.
    for _ in 0..<2 {
      let report = try await Engine().evaluate(request) { _ in }
      #expect(report.results.map(\.source) == ["all", "one"])
      let worst = report.results[1]
      #expect(worst[.modes] == 1)
      let divergence = try #require(worst[.modeDivergence])
      #expect(abs(divergence - log(64)) < 1e-12)
      // 200 items on 64 modes leave out three of them, and diverge by about 63 / 400.
      for (metric, value) in worst.metrics {
        let floor = try #require(value.floor)
        #expect(metric == .modes ? (55...64).contains(floor) : (0.08...0.3).contains(floor))
      }
    }
  }

  /// Why a training ends before its last step.
  private struct Interrupted: Error {}

  @Test("A training that is interrupted again and again ends with the bytes of one that never was")
  func interruptions() async throws {
    let folder = try ScratchFolder()
    let data = quarters(130)
    let identity = DataIdentity(data)
    let caches = ["calm", "stopped"].map { FeatureCache(path: folder.path(of: $0)) }
    let interval = ClassifierTraining.savingInterval
    /// Trains, on other numbers of threads each time, and returns the step from which it went on.
    func train(_ cache: FeatureCache, until last: Int, threads: Int) async throws -> Int? {
      var (began, step, lastWait) = (Int?.none, 0, Double.infinity)
      do {
        _ = try await FeatureSearch(cache: cache).network(
          for: data, identity, on: CPUDevice(threadCount: threads),
          note: { note in
            switch note {
            case .began(_, let first, _): began = first
            case .training(let done, _, let secondsLeft): (step, lastWait) = (done, secondsLeft)
            case .saved, .trained, .unkept, .computing: break
            }
          },
          pause: { if step == last { throw Interrupted() } })
        #expect(lastWait == 0)
      } catch is Interrupted {
        #expect(lastWait > 0)
      }
      return began
    }
    #expect(try await train(caches[0], until: .max, threads: 1) == 0)
    // Before anything is kept, right where it is, and later.
    for (last, first) in [(interval - 1, 0), (interval, 0), (5 * interval + 7, interval)] {
      #expect(try await train(caches[1], until: last, threads: 2) == first)
    }
    let state = caches[1].trainingPath(of: identity)
    let kept = try Data(contentsOf: URL(filePath: state))
    #expect(try await train(caches[1], until: .max, threads: 2) == 5 * interval)
    let files = try caches.map {
      try Data(contentsOf: URL(filePath: $0.classifierPath(of: identity)))
    }
    #expect(files[0] == files[1])
    #expect(!FileManager.default.fileExists(atPath: state))

    // What is damaged, of other data or of another device is no state to go on from.
    try FileManager.default.removeItem(atPath: caches[1].classifierPath(of: identity))
    var damaged = kept
    damaged[damaged.count - 9] ^= 1
    for (bytes, first) in [(damaged, 0), (kept.dropLast(8), 0), (kept, 5 * interval)] {
      try bytes.write(to: URL(filePath: state))
      #expect(try await train(caches[1], until: first + 1, threads: 1) == first)
    }
    #expect(caches[1].training(of: identity, on: ReferenceDevice()) == nil)
    let others = DataIdentity(quarters(131))
    try FileManager.default.createDirectory(
      at: URL(filePath: caches[1].trainingPath(of: others)).deletingLastPathComponent(),
      withIntermediateDirectories: true)
    try kept.write(to: URL(filePath: caches[1].trainingPath(of: others)))
    #expect(try caches[1].training(of: others, on: CPUDevice(threadCount: 1)) == nil)
  }

  @Test("Shifts move images as they say, and uncover black")
  func shifts() {
    let pixels = (1...12).map { UInt8($0) }
    let batch = ShiftedBatch(imageShape: [1, 3, 4], data: DataStorage(pixels))
    for (rows, columns, expected) in [
      (0, 0, pixels), (1, 0, [0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8]),
      (0, -1, [2, 3, 4, 0, 6, 7, 8, 0, 10, 11, 12, 0]),
      (-1, 2, [0, 0, 5, 6, 0, 0, 9, 10, 0, 0, 0, 0]),
    ] {
      var target = [UInt8](repeating: 99, count: 24)
      batch.write(0, movedBy: rows, columns, to: 1, of: &target)
      #expect(Array(target[12...]) == expected)
      #expect(target[..<12].allSatisfy { $0 == 99 })
    }
  }

  @Test(
    "MNIST's reads at least 99.0 % of the test images",
    .enabled(
      if: RealMNIST.folder != nil
        && ProcessInfo.processInfo.environment["GAN_TEST_SOAK"] == "1"))
  func mnist() async throws {
    let folder = try #require(RealMNIST.folder)
    let test = try ImageDataset.mnist(in: folder, split: .test)
    let device = try CPUDevice(threadCount: 2)
    let clock = ContinuousClock()
    let start = clock.now
    let data = try ImageDataset.mnist(in: folder)
    let network = try await FeatureSearch(cache: nil).network(
      for: data, DataIdentity(data), on: device, note: { _ in }, pause: {})
    print("trained in", clock.now - start, network.sha256)
    let table = try await FeatureExtractor(network, on: device)
      .features(of: test, 0..<test.count) { _ in }
    let labels = try #require(test.labels)
    let right = labels.indices.count { item in
      let row = table.logits[item * 10..<item * 10 + 10]
      return row.firstIndex(of: row.max() ?? 0) == row.startIndex + Int(labels[item])
    }
    print("right:", right)
    #expect(right >= 9_900)
  }
}
