import ArgumentParser
import Foundation
import GANData
import GANExport
import GANFormats
import GANNetworks
import GANRuntime
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
      A generator that is told classes draws them in turn; --label each draws as many of \
      each, of the same latents, a class in a row.
      --interpolate goes from image to image in a circle. A .png then has a row for each \
      way; .gif, .webp, .apng and, where ffmpeg is installed, .mp4 move.
      --show draws the first of them in the terminal, and writes no file unless --output \
      names one.
      """)

  @Argument(
    help: ArgumentHelp(
      "A run's folder, or a file of weights or a checkpoint of it.", valueName: "run"),
    completion: .file())
  var path: String

  @Flag(help: "Of a run, the best checkpoint that its evaluations chose.")
  var best = false

  @Option(
    help: ArgumentHelp(
      """
      Images to generate; 64 by default. With --label each so many of each class, 10; with \
      --interpolate images on the way, 8.
      """,
      valueName: "n"))
  var count: Int?

  @Option(
    help: ArgumentHelp(
      "Of which class: its name where the data have names, its number, or each.",
      valueName: "class"))
  var label: String?

  @OptionGroup var averages: AverageArguments
  @OptionGroup var networks: NetworkArguments
  @OptionGroup var latents: LatentArguments

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Where they go; samples.png by default.", valueName: "path"),
    completion: .file())
  var output: String?

  @Option(help: ArgumentHelp("Frames a second of what moves.", valueName: "n"))
  var rate = 24

  @Flag(help: "Draw the images in the terminal.")
  var show = false

  @OptionGroup var threads: ThreadArguments

  @Option(help: "Where to compute: \(deviceRequirement).", completion: .list(deviceNames))
  var device = "auto"

  func validate() throws {
    try checked(count, "--count", in: (latents.interpolate ? 2 : 1)...1_000_000)
    try checked(rate, "--rate", in: Animation.rates)
    guard output != "" else { throw ValidationError("--output must name a file or a folder") }
  }

  func run() async throws {
    try checkDevice(device, from: .flag("--device"))
    let generator = try networks.savedNetwork(
      .generator, at: path, best: best, average: averages.average)
    warnIfUnsealed(generator, at: path)
    let isPoints = !generator.options.makesImages
    if isPoints, show { throw noPicture(of: "--show") }
    let labels = try label.map { try generator.labels($0, from: .flag("--label")) }
    if let label, case .one(let place)? = labels, let name = generator.className(place),
      name != label
    {
      Console.writeToStandardError("--label \(label) is the class \(name)")
    }
    let size = generator.network.inputShape.elementCount
    let (chosen, layout) = try arranged(generator, labels, latentSize: size)
    let output = output ?? (show ? nil : isPoints ? "samples.npy" : "samples.png")
    let animation = try output.flatMap { try animationFile($0, of: generator.options) }
    if let output, animation == nil { try check(output, layout, for: generator.options) }
    let images = try await Engine().samples(
      of: generator, count: layout.count, labels: labels, latents: chosen,
      on: DeviceKind(rawValue: device) ?? .fastest, threads: threads.count)
    if show { draw(images) }
    guard let output else { return }
    if let animation {
      try animation.write(Animation(frames: layout.frames(of: images), rate: rate))
    } else {
      try write(images, layout, to: output)
    }
    print(output)
  }

  /// The latents, and the arrangement of what they give.
  private func arranged(
    _ generator: SavedNetwork, _ labels: ItemSampler.Labels?, latentSize: Int
  ) throws -> (ItemSampler.Latents, Layout) {
    var classes = 1
    if case .rows(let count)? = labels { classes = count }
    let usual = latents.interpolate ? 8 : classes > 1 ? 10 : 64
    let (chosen, count) = try latents.chosen(size: latentSize, asked: count, usual: usual)
    guard latents.interpolate else {
      return (chosen, Layout(count: count * classes, perRow: classes > 1 ? count : nil))
    }
    guard labels != nil || generator.network.classCount == nil else {
      throw CommandError(
        .badOptions,
        "--interpolate: this generator is told a class, which must not change on the way",
        help: "--label says which, or each")
    }
    guard count >= 2 else {
      throw CommandError(.usage, "--interpolate: there is no way through one latent")
    }
    let frames = latents.frames ?? LatentArguments.defaultFrames
    guard count * frames * classes <= 1_000_000 else {
      throw CommandError(
        .usage,
        "--frames \(frames): these are \(count * frames * classes) images, the most is 1000000")
    }
    let loop = LatentLoop(
      through: chosen.matrix(count: count, size: latentSize), frames: frames)
    return (
      .given(loop.latents),
      Layout(count: count * frames * classes, perRow: frames, classes: classes)
    )
  }

  /// The file that moves; nil for others.
  private func animationFile(
    _ output: String, of options: TrainingOptions
  ) throws -> AnimationFile? {
    guard let file = try AnimationFile(output) else { return nil }
    guard options.makesImages else { throw noPicture(of: "--output \(output)") }
    guard latents.interpolate else {
      throw CommandError(
        .usage, "--output \(output): images move with --interpolate",
        help: "name a .png, a .npy, or a folder without an ending")
    }
    return file
  }

  /// The number of images, and their arrangement in a picture and in time.
  private struct Layout {
    let count: Int
    let grid: ImageGrid
    /// Classes whose images move side by side.
    let classes: Int

    init(count: Int, perRow: Int?, classes: Int = 1) {
      self.count = count
      self.classes = classes
      grid = perRow.map { ImageGrid(perRow: $0) } ?? ImageGrid()
    }

    /// The pictures of each moment: of one image, or of one of each class.
    func frames(of images: HostTensor) -> [PixelImage] {
      let values = images.floats
      let (size, moments) = (values.count / count, count / classes)
      let grid = ImageGrid(perRow: classes > 5 ? (classes + 1) / 2 : classes)
      return (0..<moments).map { moment in
        let shown = (0..<classes).flatMap { row -> ArraySlice<Float> in
          let start = (row * moments + moment) * size
          return values[start..<start + size]
        }
        return grid.picture(
          of: HostTensor(shape: images.shape.replacing(axis: 0, with: classes), shown))
      }
    }
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
    let count = images.shape[0]
    if shown < count {
      // Standard output may hold its lines back.
      fflush(nil)
      Console.writeToStandardError("\(shown) of \(count) images fit; --output keeps them all")
    }
  }

  private static func ending(of path: String) -> String {
    (path as NSString).pathExtension.lowercased()
  }

  /// Refuses pictures of no images, and those too large for a file, before anything is computed.
  private func check(
    _ output: String, _ layout: Layout, for options: TrainingOptions
  ) throws {
    let ending = Self.ending(of: output)
    guard options.makesImages else {
      guard ending == "npy" else { throw noPicture(of: "--output \(output)") }
      return
    }
    let (height, width) = (options.itemShape[1], options.itemShape[2])
    let (rows, columns) = layout.grid.extents(count: layout.count, height: height, width: width)
    guard ending == "png", max(rows, columns) > PNG.extentLimit else { return }
    let extent = rows > columns ? "\(rows) rows" : "\(columns) columns"
    throw CommandError(
      .usage,
      "--count \(count ?? layout.count): the picture would have \(extent), the most is "
        + "\(PNG.extentLimit)",
      help: "name an --output with .npy, or a folder")
  }

  private func write(_ images: HostTensor, _ layout: Layout, to output: String) throws {
    switch Self.ending(of: output) {
    case "npy":
      try Npy.write(images, to: output)
    case "png":
      try AtomicFile.write(layout.grid.png(of: images, for: output), to: output)
    case "":
      try makeFolder(output)
      let floats = images.floats
      let size = floats.count / layout.count
      for index in 0..<layout.count {
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

/// The path of a run's best checkpoint.
func bestCheckpoint(ofRun path: String) throws -> String {
  guard let checkpoint = try RunFolder(path: path).bestCheckpoint() else {
    throw CommandError(
      .missing, "--best: \(path) has no checkpoints/best",
      help: "gan train --set evaluation.interval=10 evaluates every ten epochs")
  }
  return checkpoint
}

/// A player's network out of a run's folder or a file.
func savedNetwork(_ player: Role, at path: String) throws -> SavedNetwork {
  isFolder(path)
    ? try RunFolder(path: path).savedNetwork(of: player)
    : try SavedNetwork(player, contentsOf: path)
}

/// Says where a network's file is not as we wrote it.
func warnIfUnsealed(_ network: SavedNetwork, at path: String) {
  guard !network.isSealed else { return }
  Console.writeToStandardError(
    "\(path) has no seal: another program has saved it, and it is taken as it is")
}
