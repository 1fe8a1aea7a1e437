import Foundation
import GANTensor
import GANTestSupport
import SwiftGAN
import Testing

@Suite("The library SwiftGAN", .serialized)
struct SwiftGANTests {
  @Test("The README's example is the one that is compiled here")
  func exampleIsTheReadmes() throws {
    let tests = URL(filePath: #filePath).deletingLastPathComponent()
    let readme = try String(
      contentsOf: tests.appending(path: "../../README.md").standardized, encoding: .utf8)
    let marker = "<!-- example -->\n```swift\nimport SwiftGAN\n\n"
    let start = try #require(readme.range(of: marker)?.upperBound, "README.md has no example")
    let block = readme[start...].components(separatedBy: "\n```")[0]

    let source = try String(
      contentsOf: tests.appending(path: "ReadmeExample.swift"), encoding: .utf8)
    let body = source.split(separator: "\n", omittingEmptySubsequences: false)
      .drop { !$0.hasPrefix("func ") }.dropFirst().prefix { $0 != "}" }
      .map { String($0.dropFirst(2)) }
    #expect(block == body.joined(separator: "\n"))
  }

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

  @Test("The built-in digits are there without a file")
  func strokesNeedNoFile() {
    let digits = ImageData.strokes(count: 30, seed: 2)
    #expect(digits.count == 30)
    #expect(digits.shape == [1, 28, 28])
  }

  @Test("Options reach the run, and the same ones give the same samples")
  func sameOptionsSameSamples() async throws {
    let images = ImageData(
      name: "ramp", shape: [1, 2, 2], pixels: (0..<80).map { UInt8($0 * 3) })
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
    let images = ImageData(
      name: "ramp", shape: [1, 2, 2], pixels: (0..<80).map { UInt8($0 * 3) },
      labels: (0..<20).map { $0 % 2 })
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

  @Test("An option out of range is an error, not a crash")
  func invalidOption() async throws {
    let images = ImageData(name: "one", shape: [1, 1, 1], pixels: [0])
    var options = GANOptions.tutorial
    options.batchSize = -1
    await #expect(throws: (any Error).self) { try await GAN.train(options, on: images) }
  }
}
