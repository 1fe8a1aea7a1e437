import ArgumentParser
import Foundation
import GANData
import GANFormats
import GANTensor
import GANTraining

/// `gan sample`.
struct Sample: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Generate images with a trained generator.",
    discussion: """
      Prints where the images are. The ending of --output chooses the form: one \
      picture, eight images a row (.png); an array of numbers in [-1, 1] (.npy); a \
      folder of pictures (none). A seed begins with the same images whatever the count.
      --show draws the first of them in the terminal, and writes no file unless --output \
      names one.
      """)

  @Argument(
    help: ArgumentHelp(
      "A run's folder, or a file of weights or a checkpoint of it.", valueName: "run"),
    completion: .file())
  var path: String

  @Option(help: ArgumentHelp("Images to generate.", valueName: "n"))
  var count = 64

  @Option(help: ArgumentHelp("Decides the latents.", valueName: "s"))
  var seed: UInt64 = 0

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Where they go; samples.png by default.", valueName: "path"),
    completion: .file())
  var output: String?

  @Flag(help: "Draw the images in the terminal.")
  var show = false

  @Option(help: ArgumentHelp("Threads that compute; all processors by default.", valueName: "t"))
  var threads: Int?

  @Option(help: "Where to compute: auto or cpu.", completion: .list(deviceNames))
  var device = "auto"

  func validate() throws {
    guard (1...1_000_000).contains(count) else {
      throw ValidationError("--count must be from 1 to 1000000, got \(count)")
    }
    guard threads.map({ (1...1_024).contains($0) }) ?? true else {
      throw ValidationError("--threads must be from 1 to 1024, got \(threads ?? 0)")
    }
    guard output != "" else { throw ValidationError("--output must name a file or a folder") }
  }

  func run() async throws {
    try checkDevice(device, from: .flag("--device"))
    let generator = try savedNetwork(.generator, at: path)
    let isPoints = !generator.options.makesImages
    if isPoints, show { throw noPicture(of: "--show") }
    let output = output ?? (show ? nil : isPoints ? "samples.npy" : "samples.png")
    try output.map { try check($0, for: generator.options) }
    let threads = threads ?? defaultThreadCount
    let images = try await Engine().samples(
      of: generator, count: count, seed: seed, threads: threads)
    if show { draw(images) }
    guard let output else { return }
    try write(images, to: output)
    print(output)
  }

  private func noPicture(of flag: String) -> CommandError {
    CommandError(
      .usage, "\(flag): \(path) generates points, which have no picture here",
      help: "--output points.npy writes them as an array")
  }

  private func draw(_ images: HostTensor) {
    let terminal = Terminal.output
    let (lines, shown) = terminal.show(images)
    for line in lines { print(line) }
    if shown < count {
      // Standard output may hold its lines back.
      fflush(nil)
      Console.writeToStandardError("\(shown) of \(count) images fit; --output keeps them all")
    }
  }

  private static func ending(of path: String) -> String {
    (path as NSString).pathExtension.lowercased()
  }

  /// Refuses a picture that no file can hold, or of what is no image, before anything is computed.
  private func check(_ output: String, for options: TrainingOptions) throws {
    let ending = Self.ending(of: output)
    guard options.makesImages else {
      guard ending == "npy" else { throw noPicture(of: "--output \(output)") }
      return
    }
    let (height, width) = (options.itemShape[1], options.itemShape[2])
    let rows = ImageGrid().extents(count: count, height: height, width: width).rows
    guard ending == "png", rows > PNG.extentLimit else { return }
    throw CommandError(
      .usage,
      "--count \(count): the picture would have \(rows) rows, the most is \(PNG.extentLimit)",
      help: "name an --output with .npy, or a folder")
  }

  private func write(_ images: HostTensor, to output: String) throws {
    switch Self.ending(of: output) {
    case "npy":
      try Npy.write(images, to: output)
    case "png":
      try PNG.write(ImageGrid().picture(of: images), to: output)
    case "":
      try makeFolder(output)
      let floats = images.floats
      let size = floats.count / count
      for index in 0..<count {
        let image = HostTensor(
          shape: images.shape.replacing(axis: 0, with: 1),
          Array(floats[index * size..<(index + 1) * size]))
        let path = "\(output)/\(String(format: "%06d", index)).png"
        try PNG.write(ImageGrid().picture(of: image), to: path)
      }
    case let ending:
      throw CommandError(
        .usage, "--output \(output): cannot write .\(ending)",
        help: "name a .png, a .npy, or a folder without an ending")
    }
  }
}

/// A player's network out of a run's folder or a file.
func savedNetwork(_ player: Player, at path: String) throws -> SavedNetwork {
  isFolder(path)
    ? try RunFolder(path: path).savedNetwork(of: player)
    : try SavedNetwork(player, contentsOf: path)
}
