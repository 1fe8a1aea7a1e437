import ArgumentParser
import GANData
import GANRuntime
import GANTensor
import GANTraining

/// The flags that say which data; `train`, `trace` and `bench` share them.
struct DataArguments: ParsableArguments {
  @Option(
    help: """
      Which data set: \(DataSearch.names.joined(separator: ", ")). auto is MNIST, or what \
      else there is.
      """,
    completion: .list(DataSearch.names))
  var dataset: String?

  @Option(
    help: ArgumentHelp(
      """
      Folder with the data set's files, plain or gzip; torchvision's folders will do. Or with \
      pictures; or a packed file of them.
      """, valueName: "folder"),
    completion: .directory)
  var dataDir: String?

  @Option(
    help: ArgumentHelp(
      "What images are resized to: 32, 48x32 (rows, columns), or 1x32x32 (gray).",
      valueName: "size"))
  var imageSize: String?

  /// The flags, as options' assignments take them.
  var flags: [OptionAssignment?] {
    [
      OptionAssignment(flag: "--dataset", "dataset", dataset),
      OptionAssignment(flag: "--data-dir", "dataDir", dataDir),
      OptionAssignment(flag: "--image-size", "imageSize", imageSize),
    ]
  }

  /// Loads the data that the settings choose, and says which they are and why.
  ///
  /// - Parameter usesNetwork: Whether to fetch what is not here.
  func load(
    _ settings: OptionSettings, _ console: Console, usesNetwork: Bool = true
  ) throws -> any TrainingData {
    if let world = ToyWorld(rawValue: settings.choices.dataset) {
      if let folder = settings.choices.dataDir {
        throw CommandError(
          .badOptions,
          "--data-dir \(folder): the toy world \(world.rawValue) is built in, in no folder")
      }
      if settings.isExplicit("imageSize") {
        throw CommandError(
          .badOptions,
          "\(settings.origin(of: "imageSize")) has no effect: \(world.rawValue) are points")
      }
      let points = PointDataset(world, seed: settings.options.seed)
      try console.say("data: \(points.name), \(points.count) points of a known density")
      return points
    }
    let search = DataSearch(
      console, mirrors: MirrorList(settings.choices.dataMirror), usesNetwork: usesNetwork)
    let (found, place) = try search.images(
      settings.choices.dataset, in: settings.choices.dataDir, sized: settings.framingRequest)
    let images = try found.resized(settings.framingRequest)
    let (own, extents) = (found.imageShape.extents, images.imageShape.extents)
    let change = own == extents ? "" : ", resized from \(own)"
    try console.say(
      "data: \(images.name), \(images.count) images of \(extents), \(place)\(change)")
    return images
  }
}

extension ImageDataset {
  /// The images in the size asked for; these themselves where they are in it.
  ///
  /// - Throws: `RuntimeError.tooLarge` where there is no memory for them.
  func resized(_ request: FramingRequest) throws -> ImageDataset {
    let shape = request.framed(imageShape)
    if shape != imageShape {
      let (bytes, overflows) = count.multipliedReportingOverflow(by: shape.elementCount)
      try SystemMemory.require(
        overflows ? .max : bytes, for: "\(count) images resized to \(shape.extents)")
    }
    return framed(as: request)
  }
}
