import Foundation
import GANLearning
import GANTestSupport
import SwiftGAN
import Testing

@Suite("The library SwiftGAN", .serialized)
struct SwiftGANTests {
  @Test("The README's example runs and leaves a picture and a generator")
  func exampleRuns() async throws {
    let scratch = try SmallMNIST()
    let data = scratch.path(of: "data/mnist")
    try FileManager.default.createDirectory(atPath: data, withIntermediateDirectories: true)
    try SmallMNIST.write(toFolder: data)
    // The example names its files relative to where it is run.
    let before = FileManager.default.currentDirectoryPath
    try #require(FileManager.default.changeCurrentDirectoryPath(scratch.path))
    defer { _ = FileManager.default.changeCurrentDirectoryPath(before) }
    try await readmeExample()

    #expect(FileManager.default.fileExists(atPath: scratch.path(of: "samples.png")))
    let gan = try GAN(contentsOf: scratch.path(of: "generator.safetensors"))
    #expect(try await gan.samples(count: 3).shape == [3, 1, 6, 6])
  }

  @Test("The article's code trains, shows pictures and answers")
  func article() async throws {
    let scratch = try SmallMNIST()
    let gan = try await train(
      TrainingSet.strokes(count: 100), in: scratch.path(of: "runs"), resuming: nil,
      pictures: scratch.path)
    #expect(FileManager.default.fileExists(atPath: scratch.path(of: "2.png")))
    #expect(try await picture(of: gan, count: 2, seed: 1).starts(with: [0x89, 0x50, 0x4E, 0x47]))
  }

  @Test("The built-in digits are there without a file")
  func strokesNeedNoFile() throws {
    let digits = try TrainingSet.strokes(count: 30, seed: 2)
    #expect(digits.count == 30)
    #expect(digits.shape == [1, 28, 28])
  }

  @Test("Labels with gaps are as many classes as occur")
  func gaps() throws {
    for (labels, count) in [([8, 9, 8, 9], 2), ([0, 1, 2, 3], 4), ([7, 7, 7, 7], 1)] {
      let images = try TrainingSet.images(
        [1, 2, 3, 4], shape: [1, 1, 1], labels: labels.map { UInt8($0) })
      #expect(images.classCount == count)
    }
  }

  @Test("Options reach the run, and the same ones give the same samples")
  func sameOptionsSameSamples() async throws {
    let images = try TrainingSet.images((0..<80).map { UInt8($0 * 3) }, shape: [1, 2, 2])
    var options = GANOptions.tutorial
    (options.epochs, options.batchSize, options.threads) = (3, 7, 1)
    (options.generatorHidden, options.discriminatorHidden) = ([8], [4, 4])
    (options.objective, options.latentSize, options.seed) = (.minimax, 3, 9)

    var samples: [[Float]] = []
    for _ in 0..<2 {
      var steps: [Int] = []
      let gan = try await GAN.train(options, on: images) { steps.append($0.step) }
      #expect(steps == [3, 6, 9])
      samples.append(try await gan.samples(count: 4).values)
    }
    #expect(samples[0] == samples[1])
    #expect(samples[0].count == 16)
  }

  @Test("A generator that is told classes draws the one that is asked for")
  func labels() async throws {
    let images = try TrainingSet.images(
      (0..<80).map { UInt8($0 * 3) }, shape: [1, 2, 2], labels: (0..<20).map { $0 % 2 })
    var options = GANOptions.cgan
    (options.epochs, options.batchSize, options.threads) = (1, 5, 1)
    (options.generatorHidden, options.discriminatorHidden) = ([8], [4])
    let gan = try await GAN.train(options, on: images.resized(to: [1, 4, 3]))
    #expect(gan.classCount == 2)
    let turns = try await gan.samples(count: 4)
    #expect(turns.shape == [4, 1, 4, 3])
    for label in 0..<2 {
      let ofOne = try await gan.samples(count: 4, label: label)
      let place = label * 12..<(label + 1) * 12
      #expect(ofOne.values[place] == turns.values[place])
    }
    await #expect(throws: (any Error).self) { try await gan.samples(count: 1, label: 2) }
  }

  /// The smallest game there is.
  var tiny: GANOptions {
    var options = GANOptions.tutorial
    (options.epochs, options.batchSize, options.threads) = (2, 10, 1)
    (options.generatorHidden, options.discriminatorHidden) = ([4], [4])
    (options.latentSize, options.reportInterval) = (3, 1)
    return options
  }

  var ramp: TrainingSet {
    get throws {
      try TrainingSet.images((0..<80).map { UInt8($0 * 3) }, shape: [1, 2, 2], name: "ramp")
    }
  }

  @Test(
    "An option out of range is an error in words",
    arguments: [
      ("batchSize", "-1"), ("batchSize", "many"), ("generator.hidden", "[0]"), ("no.such", "1"),
      ("packing", "3"), ("objective", "winning"), ("epochs", "null"),
    ])
  func invalidOption(path: String, value: String) async throws {
    var options = tiny
    options[path] = value
    let data = try ramp
    let error = await #expect(throws: GANError.self) { try await GAN.train(options, on: data) }
    #expect(error?.kind == .invalidOption)
    #expect(error?.localizedDescription == error?.message)
    #expect(error?.message.isEmpty == false)
  }

  @Test("Every option can be read by its path and set to what it is")
  func paths() throws {
    var options = GANOptions.tutorial
    #expect(GANOptions.rows.count >= 49)
    for row in GANOptions.rows {
      let value = try #require(options[row.path], "\(row)")
      // Only one of the two gives the length.
      if row.path != "steps" { try options.set(row.path, to: value) }
    }
    #expect(options == .tutorial)
    options["objective"] = "hinge"
    options["penalties"] = "[r1]"
    #expect(options.objective == .hinge && options.penalties == [.r1])
    options.steps = 5
    #expect(options["epochs"] == "null" && options["steps"] == "5")
    #expect(options["nothing"] == nil)
  }

  @Test("Every recipe is there by its name")
  func recipes() throws {
    for name in GANOptions.recipes { _ = try GANOptions(recipe: name) }
    #expect(try GANOptions(recipe: "tutorial") == .tutorial)
    #expect(throws: GANError.self) { try GANOptions(recipe: "none") }
  }

  @Test("No argument ends the process")
  func arguments() async throws {
    let gan = try await GAN.train(tiny, on: ramp)
    let data = try ramp
    let attempts: [@Sendable () async throws -> Void] = [
      { _ = try await gan.samples(count: 0) },
      { _ = try await gan.samples(count: -1) },
      { _ = try await gan.samples(count: .max) },
      { _ = try await gan.samples(count: 1, label: 0) },
      { _ = try await gan.samples(count: 1, threads: 0) },
      { _ = try await gan.samples(latents: []) },
      { _ = try await gan.samples(latents: [[1, 2, 3], [1, 2]]) },
      { _ = try await gan.samples(count: 1).png(perRow: 0) },
      { _ = try TrainingSet.images([], shape: [1, 2, 2]) },
      { _ = try TrainingSet.images([1, 2, 3], shape: [1, 2, 2]) },
      { _ = try TrainingSet.images([1, 2, 3, 4], shape: [2, 2]) },
      { _ = try TrainingSet.images([1, 2, 3, 4], shape: [1, 2, -2]) },
      { _ = try TrainingSet.images([1, 2, 3, 4], shape: [1, .max, .max]) },
      { _ = try TrainingSet.images([1, 2, 3, 4], shape: [1, 2, 2], labels: [1, 2]) },
      { _ = try TrainingSet.images([1, 2, 3, 4], shape: [1, 2, 2], name: "../x") },
      { _ = try TrainingSet.points([]) },
      { _ = try TrainingSet.points([[1], [1, 2]]) },
      { _ = try TrainingSet.points([[.nan]]) },
      { _ = try TrainingSet.strokes(count: 0) },
      { _ = try TrainingSet.world("flat") },
      { _ = try await GAN.resume("/nothing/here", on: data, epochs: 0) },
      { _ = try TrainingSet.world("ring-8", count: 0) },
      { _ = try TrainingSet.world("ring-8").resized(to: [1, 4, 4]) },
      { _ = try data.resized(to: [0, 0, 0]) },
      { _ = try data.resized(to: [1, 100_000, 1]) },
      { _ = try GAN(contentsOf: "/nothing/here") },
      { _ = try await GAN.resume("/nothing/here", on: data) },
      { _ = try await GAN.training(.tutorial, on: data, in: "/proc/nothing") },
      { try gan.save(to: "/nothing/here/x.safetensors") },
    ]
    for (number, attempt) in attempts.enumerated() {
      await #expect(throws: GANError.self, "attempt \(number)") { try await attempt() }
    }
  }

  @Test("Samples are of given latents; their PNG, pixels and weights are bytes in memory")
  func bytes() async throws {
    let gan = try await GAN.train(tiny, on: ramp)
    let latents: [[Float]] = (0..<5).map { [Float($0), 0.5, -1] }
    let five = try await gan.samples(latents: latents)
    #expect(five.shape == [5, 1, 2, 2])
    let last = try await gan.samples(latents: [latents[4]])
    #expect(last.values[...] == five.values.suffix(4))
    #expect(zip(five.pixels, five.values).allSatisfy { abs(Float($0) - 127.5 * ($1 + 1)) <= 0.501 })
    let scratch = try SmallMNIST()
    try five.writeGrid(to: scratch.path(of: "five.png"))
    #expect(try Data(contentsOf: URL(filePath: scratch.path(of: "five.png"))) == five.png())
    try gan.save(to: scratch.path(of: "g.safetensors"))
    let saved = try Data(contentsOf: URL(filePath: scratch.path(of: "g.safetensors")))
    #expect(try gan.safetensors() == saved)
    #expect(
      try await GAN(contentsOf: scratch.path(of: "g.safetensors"))
        .samples(latents: latents).values == five.values)
  }

  @Test("A stopped run goes on to the bits of one that never stopped, and says so to each listener")
  func resumption() async throws {
    let (scratch, data) = (try SmallMNIST(), try ramp)
    var options = tiny
    options.epochs = 30
    let first = try await GAN.training(options, on: data, in: scratch.path(of: "runs"))
    var (previews, reports) = (0, 0)
    for try await event in first.events {
      switch event {
      case .report(let progress):
        reports += 1
        #expect(progress.readings.contains { $0.name == "discriminator.loss" && $0.mean != nil })
      case .epoch(_, let preview): previews += preview?.count == 64 ? 1 : 0
      default: break
      }
    }
    #expect(reports == 60 && previews > 0)
    let whole = try await first.result()
    // A run that comes to its end before it is asked to stop is followed by another.
    var (stopped, next): (Training?, Training?) = (nil, nil)
    for _ in 0..<100 where next == nil {
      let training = try await GAN.training(options, on: data, in: scratch.path(of: "runs"))
      training.stop()
      stopped = training
      // The run is free as soon as it says that it stopped.
      for try await event in training.events {
        guard case .stopped = event else { continue }
        next = try await GAN.resume(#require(training.folder), on: data)
      }
    }
    let error = await #expect(throws: GANError.self) { try await stopped?.result() }
    #expect(error?.kind == .stopped)
    let folder = try #require(stopped?.folder)
    let resumed = try await #require(next).result()
    #expect(try resumed.safetensors() == whole.safetensors())
    // At its end there is nothing left to do.
    let finished = try await GAN.resume(folder, on: data)
    #expect(try await finished.result().safetensors() == whole.safetensors())
    var isFinished = false
    for try await event in finished.events { if case .finished = event { isFinished = true } }
    #expect(isFinished)
    #expect(try GAN(contentsOf: folder).step == 60)
    let others = try TrainingSet.strokes(count: 20)
    let mismatch = await #expect(throws: GANError.self) {
      try await GAN.resume(folder, on: others, epochs: 500)
    }
    #expect(mismatch?.kind == .mismatch)
  }

  @Test("Points are learnt, too")
  func points() async throws {
    var options = try GANOptions(recipe: "ring-8")
    (options.steps, options.threads) = (3, 1)
    let gan = try await GAN.train(options, on: TrainingSet.world("ring-8", count: 1_000))
    let samples = try await gan.samples(count: 7)
    #expect(samples.shape == [7, 2])
    #expect(throws: GANError.self) { try samples.png() }
  }
}
