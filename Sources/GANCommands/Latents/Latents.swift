import ArgumentParser
import Foundation
import GANData
import GANEvaluation
import GANFormats
import GANNetworks
import GANTensor
import GANTraining

/// `gan latents`.
struct Latents: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show the directions of a generator's latents in which its images change most.",
    discussion: """
      Writes a picture with a row for each direction: the image of one latent in the middle, and \
      to its sides those of the latent moved along. No labels are needed. Prints the path.
      """)

  @OptionGroup var source: GeneratorArguments

  @Option(
    help: ArgumentHelp(
      """
      How they are found: activations, the principal components of the first ones; or weights, from \
      the first layer alone.
      """, valueName: "name"),
    completion: .list(LatentDirections.Method.allCases.map(\.rawValue)))
  var method = LatentDirections.Method.activations

  @Option(help: ArgumentHelp("Directions.", valueName: "n"))
  var count = 8

  @Option(help: ArgumentHelp("Images in a row, an odd number.", valueName: "n"))
  var steps = 9

  @Option(
    help: ArgumentHelp(
      "How far the ends are, in standard deviations of a latent's numbers.", valueName: "x"))
  var reach = 4.0

  @Option(
    help: ArgumentHelp(
      "Whose first latents are in the middle, a block of rows for each; 0 by default.",
      valueName: "list"))
  var seeds: SeedList?

  @Option(
    help: ArgumentHelp(
      "Of which class: its name where the data have names, or its number.", valueName: "class"))
  var label: String?

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("The picture.", valueName: "path"), completion: .file(extensions: ["png"]))
  var output = "latents.png"

  @Option(
    help: ArgumentHelp(
      "Also write the directions, unit vectors [K, L].", valueName: "file.npy"),
    completion: .file(extensions: ["npy"]))
  var directions: String?

  func validate() throws {
    try checked(count, "--count", in: 1...256)
    try checked(steps, "--steps", in: 3...101)
    guard steps % 2 == 1 else { throw ValidationError("--steps must be odd, got \(steps)") }
    guard (0.01...100).contains(reach) else {
      throw ValidationError("--reach must be from 0.01 to 100")
    }
    guard (output as NSString).pathExtension.lowercased() == "png" else {
      throw ValidationError("--output must end in .png")
    }
    guard (1...16).contains(chosenSeeds.count) else {
      throw ValidationError("--seeds must list from 1 to 16")
    }
  }

  func run() async throws {
    let generator = try source.generator()
    let size = generator.network.inputShape.elementCount
    guard count <= size else {
      throw CommandError(.usage, "--count \(count): a latent has \(size) numbers")
    }
    let label = try label.map { try generator.labels($0, from: .flag("--label")) }
    let engine = try Engine()
    let threads = try source.threads.count
    let found = try await engine.directions(
      of: generator, by: method, count: count, seed: 0, on: source.kind, threads: threads)
    let latents = chosenSeeds.flatMap { strips(along: found.directions, from: $0) }
    let total = chosenSeeds.count * count * steps
    let images = try await engine.samples(
      of: generator, count: total,
      labels: label ?? generator.network.classCount.map { _ in .one(0) },
      latents: .given(HostTensor(shape: [total, size], latents)), on: source.kind, threads: threads)
    try PNG.writeOverview(ImageGrid(perRow: steps).picture(of: images), to: output)
    if let directions { try Npy.write(found.directions, to: directions) }
    for (number, share) in found.shares.enumerated() {
      Console.writeToStandardError(
        String(format: "direction %d: %.1f %% of the variance", number + 1, 100 * share))
    }
    print(output)
    if let directions { print(directions) }
  }

  private var chosenSeeds: [UInt64] { seeds?.seeds ?? [0] }

  /// The latents of a block: the seed's, moved along each direction.
  private func strips(along directions: HostTensor, from seed: UInt64) -> [Float] {
    let size = directions.shape[1]
    let start = ItemSampler.Latents.drawn(seed: seed, .sampleLatents).matrix(count: 1, size: size)
      .floats
    let values = directions.floats
    return (0..<directions.shape[0]).flatMap { row in
      (0..<steps).flatMap { step -> [Float] in
        let way = Float(reach * (2 * Double(step) / Double(steps - 1) - 1))
        return (0..<size).map { start[$0] + way * values[row * size + $0] }
      }
    }
  }
}

extension LatentDirections.Method: ExpressibleByArgument {}
