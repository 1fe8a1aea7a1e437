import ArgumentParser
import Foundation
import GANData
import GANEvaluation
import GANFormats
import GANNetworks
import GANTensor
import GANTraining

/// `gan invert`.
struct Invert: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Find the latents whose images are nearest to given pictures.",
    discussion: """
      Prints a line for each picture: the mean squared difference of pixels in [-1, 1] that is \
      left. Beside them the search is tried on images of the generator itself, whose latents it is \
      not told: what it leaves there it may leave anywhere. The picture has the given images above the \
      found ones.
      """)

  @OptionGroup var source: GeneratorArguments

  @Argument(
    help: ArgumentHelp(
      "Pictures, folders of pictures, or files of samples (.npy).", valueName: "image"),
    completion: .file())
  var images: [String] = []

  @Option(
    help: ArgumentHelp(
      "Images of the generator to try the search on; 0 for none.", valueName: "n"))
  var selfTest = 8

  @Option(
    help: ArgumentHelp("Latents from which each search descends.", valueName: "n"))
  var starts = 8

  @Option(help: ArgumentHelp("Decides the latents that are tried first.", valueName: "s"))
  var seed: UInt64 = 0

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("The picture.", valueName: "path"), completion: .file(extensions: ["png"]))
  var output = "invert.png"

  @Option(
    help: ArgumentHelp(
      "Also write the latents, [N, L], for gan sample --latents.", valueName: "file.npy"),
    completion: .file(extensions: ["npy"]))
  var latents: String?

  @Flag(help: "Print one JSON document.")
  var json = false

  @Flag(help: "Say nothing but errors.")
  var quiet = false

  func validate() throws {
    try checked(selfTest, "--self-test", in: 0...1_000)
    try checked(starts, "--starts", in: 1...256)
    guard (output as NSString).pathExtension.lowercased() == "png" else {
      throw ValidationError("--output must end in .png")
    }
    guard !images.isEmpty || selfTest > 0 else { throw ValidationError("name a picture") }
  }

  /// A picture and what was found, as `--json` shows it.
  private struct Row: Encodable {
    let image: String
    let error: Double
    let label: Int?
  }

  private struct Report: Encodable {
    let images: [Row]
    /// What the search leaves of the generator's own images.
    let selfTest: [Double]
  }

  func run() async throws {
    let generator = try source.generator()
    let console = Console(isQuiet: quiet)
    let shape = generator.options.itemShape
    let given = try images.flatMap { try GivenImages(at: $0, shape: shape, console).named }
    let (engine, threads) = (try Engine(), try source.threads.count)
    // The latents of the search are of another purpose than these, whatever the seed.
    let own =
      selfTest > 0
      ? try await engine.samples(
        of: generator, count: selfTest, seed: seed, on: source.kind, threads: threads
      ).floats : []
    let count = given.count + selfTest
    let targets = HostTensor(
      shape: Shape([count] + shape.dimensions), given.flatMap(\.pixels) + own)
    var effort = Inversion.Effort()
    effort.starts = starts
    effort.survivors = min(effort.survivors, starts)
    let progress = SharedLine(on: console)
    let found = try await engine.inversion(
      of: targets, by: generator, effort: effort, seed: seed, on: source.kind, threads: threads
    ) { share in progress.show("searching: \(Int(100 * share)) %") }
    progress.clear()

    let rows = given.indices.map {
      Row(image: given[$0].name, error: found.errors[$0], label: found.labels?[$0])
    }
    let tests = Array(found.errors.suffix(selfTest))
    if let latents { try Npy.write(found.latents.prefix(rows: given.count), to: latents) }
    if !given.isEmpty {
      try await write(targets, found, count: given.count, generator, engine, threads)
    }
    if json {
      print(try readableJSON(Report(images: rows, selfTest: tests)), terminator: "")
    } else {
      for row in rows {
        print(String(format: "%.6f  ", row.error) + row.image.onOneLine)
      }
      if !given.isEmpty { print(output) }
    }
    try say(tests, console)
  }

  private func say(_ tests: [Double], _ console: Console) throws {
    guard !tests.isEmpty else { return }
    let (limit, sorted) = (1e-3, tests.sorted())
    try console.say(
      "self-test: of \(tests.count) images of the generator \(tests.count { $0 < limit }) found to "
        + String(format: "%.3f, median %.6f", limit, sorted[sorted.count / 2]))
  }

  /// Draws the given images above the found ones, eight a row.
  private func write(
    _ targets: HostTensor, _ found: Inversion, count: Int, _ generator: SavedNetwork,
    _ engine: Engine, _ threads: Int
  ) async throws {
    var made: [Float] = []
    for index in 0..<count {
      let size = found.latents.shape[1]
      let latent = Array(found.latents.floats[index * size..<(index + 1) * size])
      made += try await engine.samples(
        of: generator, count: 1, labels: found.labels.map { .one($0[index]) },
        latents: .given(HostTensor(shape: [1, size], latent)), on: source.kind, threads: threads
      ).floats
    }
    let (perRow, size) = (8, generator.options.itemShape.elementCount)
    var shown: [Float] = []
    for first in stride(from: 0, to: count, by: perRow) {
      let row = first..<min(first + perRow, count)
      let blank = [Float](repeating: -1, count: (perRow - row.count) * size)
      for source in [targets.floats, made] {
        shown +=
          source[row.lowerBound * size..<row.upperBound * size] + (count > perRow ? blank : [])
      }
    }
    let columns = min(perRow, count)
    let shape = Shape([shown.count / size] + generator.options.itemShape.dimensions)
    try PNG.writeOverview(
      ImageGrid(perRow: columns).picture(of: HostTensor(shape: shape, shown)), to: output)
  }
}

extension HostTensor {
  /// Its first rows.
  fileprivate func prefix(rows: Int) -> HostTensor {
    HostTensor(
      shape: shape.replacing(axis: 0, with: rows),
      Array(floats.prefix(rows * shape.elementCount / max(shape[0], 1))))
  }
}
