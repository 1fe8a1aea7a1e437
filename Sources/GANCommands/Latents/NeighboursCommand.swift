import ArgumentParser
import Foundation
import GANData
import GANEvaluation
import GANFormats
import GANNetworks
import GANTensor
import GANTraining

/// `gan neighbours`.
struct NeighboursCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "neighbours",
    abstract: "Show samples beside the training images that are nearest to them.",
    discussion: """
      The picture has a row for each sample: the sample, and its nearest images. A generator that \
      copies shows the same image twice. Prints the picture's path, and on standard error the \
      distances beside those of training images to their nearest other one.
      """)

  @OptionGroup var source: GeneratorArguments

  @Option(help: ArgumentHelp("Samples.", valueName: "n"))
  var count = 8

  @Option(help: ArgumentHelp("Nearest images of each.", valueName: "n"))
  var nearest = 7

  @Option(help: ArgumentHelp("Decides the latents.", valueName: "s"))
  var seed: UInt64 = 0

  @Option(
    help: ArgumentHelp(
      "What is compared: pixels, or features, hidden values as gan evaluate compares.",
      valueName: "name"),
    completion: .list(NearestImages.Space.allCases.map(\.rawValue)))
  var by = NearestImages.Space.pixels

  @Option(
    help: ArgumentHelp(
      "The training images; the run's own by default, as --data-dir takes them.",
      valueName: "data"),
    completion: .file())
  var against: String?

  @OptionGroup var features: FeatureArguments

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("The picture.", valueName: "path"), completion: .file(extensions: ["png"]))
  var output = "neighbours.png"

  @Flag(help: "Print one JSON document: indices in the data, and distances.")
  var json = false

  @Flag(help: "Say nothing but errors.")
  var quiet = false

  func validate() throws {
    try checked(count, "--count", in: 1...1_000)
    try checked(nearest, "--nearest", in: 1...100)
    guard (output as NSString).pathExtension.lowercased() == "png" else {
      throw ValidationError("--output must end in .png")
    }
    guard by == .features || features.features == nil else {
      throw ValidationError("--features is for --by features")
    }
  }

  /// What `--json` shows.
  private struct Report: Encodable {
    let samples: [Sample]
    let medianDistance, medianOfRealImages: Double

    struct Sample: Encodable {
      let indices: [Int]
      let distances: [Double]
    }
  }

  func run() async throws {
    let generator = try source.generator()
    let console = Console(isQuiet: quiet)
    let data = try EvaluationSources([source.path], allCheckpoints: false)
      .realImages(against, on: console).found.data
    guard data.itemShape == generator.options.itemShape, data.count > max(nearest, 1) else {
      throw CommandError(
        .badOptions,
        "\(data.name) has \(data.count) images of \(data.itemShape.extents), the samples are "
          + "\(generator.options.itemShape.extents)")
    }
    let (engine, threads) = (try Engine(), try source.threads.count)
    let samples = try await engine.samples(
      of: generator, count: count, seed: seed, on: source.kind, threads: threads)
    let reporter = EvaluationReporter(console)
    let interruption = Interruption(leaving: { reporter.leave() })
    let found = try await engine.nearest(
      to: samples, in: data, count: nearest, by: by, features: features.search, on: source.kind,
      threads: threads
    ) { reporter.note(.features($0)) }
    reporter.finish()
    withExtendedLifetime(interruption) {}
    try PNG.writeOverview(picture(samples, found, data), to: output)
    let firsts = found.distances.compactMap(\.first).sorted()
    let medians = (firsts[firsts.count / 2], found.floors[found.floors.count / 2])
    guard !json else {
      let rows = zip(found.indices, found.distances).map {
        Report.Sample(indices: $0, distances: $1)
      }
      let report = Report(
        samples: rows, medianDistance: medians.0, medianOfRealImages: medians.1)
      return print(try readableJSON(report), terminator: "")
    }
    try console.say(
      String(
        format:
          "nearest by \(by.rawValue): median distance %.4f, least %.4f; of training images to "
          + "their nearest other one %.4f, least %.4f", medians.0, firsts[0], medians.1,
        found.floors[0]))
    print(output)
  }

  private func picture(
    _ samples: HostTensor, _ found: NearestImages, _ data: any TrainingData
  ) -> PixelImage {
    let (values, size) = (samples.floats, data.itemShape.elementCount)
    var shown: [Float] = []
    for (row, indices) in found.indices.enumerated() {
      shown += values[row * size..<(row + 1) * size]
      shown += data.items(indices.map { Int32($0) }).floats
    }
    let shape = Shape([shown.count / size] + data.itemShape.dimensions)
    return ImageGrid(perRow: nearest + 1).picture(of: HostTensor(shape: shape, shown))
  }
}

extension NearestImages.Space: ExpressibleByArgument {}
