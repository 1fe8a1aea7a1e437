import ArgumentParser
import Foundation
import GANExport
import GANFormats
import GANTraining

/// `gan film`.
struct Film: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show how a run learnt: its samples after every epoch, one after another.",
    discussion: """
      The samples of a run are of the same latents all run long, so each image develops. \
      The ending of --output chooses the form: .gif, .webp, .apng, or .mp4 where ffmpeg is \
      installed. Prints the path.
      """)

  @Argument(
    help: ArgumentHelp("A run's folder, of a run that may go on.", valueName: "run"),
    completion: .directory)
  var path: String

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("The file; film.gif by default.", valueName: "path"), completion: .file())
  var output = "film.gif"

  @Option(help: ArgumentHelp("Epochs a second.", valueName: "n"))
  var rate = 10

  @Option(help: ArgumentHelp("Show every n-th epoch, and the last.", valueName: "n"))
  var every = 1

  func validate() throws {
    try checked(rate, "--rate", in: Animation.rates)
    try checked(every, "--every", in: 1...1_000_000)
  }

  func run() throws {
    let folder = RunFolder(path: path)
    guard try folder.readOptions().makesImages else {
      throw CommandError(.badOptions, "\(path) learns points, which have no pictures")
    }
    guard let file = try AnimationFile(output) else {
      throw CommandError(
        .usage, "--output \(output): a film is a file that ends in \(AnimationFile.endings)")
    }
    let pictures = try pictures(of: folder)
    let shown = pictures.indices.filter { ($0 + 1) % every == 0 || $0 == pictures.count - 1 }
    let frames = try shown.map { try PNG.read(pictures[$0]) }
    guard Set(frames.map { [$0.width, $0.height, $0.channels] }).count == 1 else {
      throw CommandError(.badFile, "\(folder.samples): its pictures have different extents")
    }
    try file.write(Animation(frames: frames, rate: rate))
    print(output)
  }

  /// The pictures there are, in the order of their epochs.
  private func pictures(of folder: RunFolder) throws -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.samples)) ?? []
    let epochs = names.compactMap { name in
      name.hasPrefix("fake_images-") && name.hasSuffix(".png")
        ? Int(name.dropFirst("fake_images-".count).dropLast(".png".count)) : nil
    }
    guard !epochs.isEmpty else {
      throw CommandError(.missing, "\(folder.samples): no pictures of any epoch yet")
    }
    return epochs.sorted().map { folder.fakeItems(epoch: $0, areImages: true) }
  }
}
