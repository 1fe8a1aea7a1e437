import ArgumentParser
import GANExport
import GANTensor
import GANTraining

/// The flags that say which latents a generator gets.
struct LatentArguments: ParsableArguments {
  @Option(help: ArgumentHelp("Decides the latents; 0 by default.", valueName: "s"))
  var seed: UInt64?

  @Option(
    help: ArgumentHelp(
      "Latents to use instead, one a row: an array [N, L] of numbers.", valueName: "file.npy"),
    completion: .file(extensions: ["npy"]))
  var latents: String?

  @Option(
    help: ArgumentHelp(
      "Draw numbers of latents anew that lie beyond this: less variety, fewer odd images.",
      valueName: "t"))
  var truncation: Float?

  @Flag(help: "Go from each image to the next, and from the last to the first, in small steps.")
  var interpolate = false

  @Option(
    help: ArgumentHelp(
      "With --interpolate: steps from one image to the next; 24 by default.", valueName: "n"))
  var frames: Int?

  /// Below it normals would be drawn for ever.
  private static let truncations: ClosedRange<Float> = 0.05...10
  static let defaultFrames = 24

  func validate() throws {
    try checked(frames, "--frames", in: 1...10_000)
    guard truncation.map(Self.truncations.contains) ?? true else {
      throw ValidationError("--truncation must be a number from 0.05 to 10")
    }
    guard latents == nil || (seed == nil && truncation == nil) else {
      throw ValidationError("--latents says all of them: no --seed and no --truncation then")
    }
    guard frames == nil || interpolate else {
      throw ValidationError("--frames is for --interpolate")
    }
  }

  /// The latents that the seed, or the file, gives.
  ///
  /// - Parameters:
  ///   - size: Numbers of one.
  ///   - asked: What `--count` says.
  ///   - usual: How many there are of a seed unless it says anything.
  func chosen(
    size: Int, asked: Int?, usual: Int
  ) throws -> (latents: ItemSampler.Latents, count: Int) {
    guard let latents else {
      let seed = seed ?? 0
      let drawn: ItemSampler.Latents =
        truncation.map { .truncated(seed: seed, .sampleLatents, limit: $0) }
        ?? .drawn(seed: seed, .sampleLatents)
      return (drawn, asked ?? usual)
    }
    let tensor = try ItemSampler.Latents.read(from: latents, size: size)
    let count = asked ?? tensor.shape[0]
    guard count <= tensor.shape[0] else {
      throw CommandError(
        .usage, "--count \(count): \(latents) has \(tensor.shape[0]) latents")
    }
    return (.given(tensor), count)
  }
}
