import ArgumentParser
import Foundation
import GANData
import GANFormats
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
      --show draws the first of them in the terminal, and writes no file unless --output \
      names one.
      """)

  @Argument(
    help: ArgumentHelp(
      "A run's folder, or a file of weights or a checkpoint of it.", valueName: "run"),
    completion: .file())
  var path: String

  @Option(
    help: ArgumentHelp(
      "Images to generate; 64 by default. With --label each so many of each class, 10.",
      valueName: "n"))
  var count: Int?

  @Option(
    help: ArgumentHelp(
      "Of which class: its name where the data have names, its number, or each.",
      valueName: "class"))
  var label: String?

  @Option(help: ArgumentHelp("Decides the latents.", valueName: "s"))
  var seed: UInt64 = 0

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Where they go; samples.png by default.", valueName: "path"),
    completion: .file())
  var output: String?

  @Flag(help: "Draw the images in the terminal.")
  var show = false

  @OptionGroup var threads: ThreadArguments

  @Option(help: "Where to compute: \(deviceRequirement).", completion: .list(deviceNames))
  var device = "auto"

  func validate() throws {
    try checked(count, "--count", in: 1...1_000_000)
    guard output != "" else { throw ValidationError("--output must name a file or a folder") }
  }

  func run() async throws {
    try checkDevice(device, from: .flag("--device"))
    let generator = try savedNetwork(.generator, at: path)
    warnIfUnsealed(generator, at: path)
    let isPoints = !generator.options.makesImages
    if isPoints, show { throw noPicture(of: "--show") }
    let labels = try label.map { try generator.labels($0, from: .flag("--label")) }
    if let label, case .one(let place)? = labels, let name = generator.className(place),
      name != label
    {
      Console.writeToStandardError("--label \(label) is the class \(name)")
    }
    let layout = Layout(asked: count, labels)
    let output = output ?? (show ? nil : isPoints ? "samples.npy" : "samples.png")
    try output.map { try check($0, layout, for: generator.options) }
    let images = try await Engine().samples(
      of: generator, count: layout.count, labels: labels, seed: seed,
      on: DeviceKind(rawValue: device) ?? .fastest, threads: threads.count)
    if show { draw(images) }
    guard let output else { return }
    try write(images, layout, to: output)
    print(output)
  }

  /// The number of images, and their arrangement in a picture.
  private struct Layout {
    let count: Int
    var grid = ImageGrid()

    init(asked: Int?, _ labels: ItemSampler.Labels?) {
      guard case .rows(let classes)? = labels else {
        count = asked ?? 64
        return
      }
      let perClass = asked ?? 10
      count = classes * perClass
      grid = ImageGrid(perRow: perClass)
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
      try PNG.write(layout.grid.picture(of: images), to: output)
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
