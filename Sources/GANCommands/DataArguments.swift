import ArgumentParser
import GANData
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
      "What a folder's pictures become: 32, 48x32 (rows, columns), or 1x32x32 (gray).",
      valueName: "size"))
  var imageSize: String?

  /// The flags, as options' assignments take them.
  var flags: [(flag: String, path: String, text: String?)] {
    [
      ("--dataset", "dataset", dataset), ("--data-dir", "dataDir", dataDir),
      ("--image-size", "imageSize", imageSize),
    ]
  }

  /// Loads the data that the settings choose, and says which they are and why.
  ///
  /// - Parameter usesNetwork: Whether to fetch what is not here.
  func load(
    _ settings: OptionSettings, _ console: Console, usesNetwork: Bool = true
  ) throws -> any TrainingData {
    if let world = ToyWorld(rawValue: settings[.dataset] ?? "") {
      if let folder = settings[.dataDir] {
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
      console, mirrors: MirrorList(settings[.dataMirror]), usesNetwork: usesNetwork)
    let (images, place) = try search.images(
      settings[.dataset] ?? "auto", in: settings[.dataDir], sized: settings.framingRequest())
    try settings.checkImageSize(of: images)
    let extents = images.imageShape.dimensions.map(String.init).joined(separator: "x")
    try console.say("data: \(images.name), \(images.count) images of \(extents), \(place)")
    return images
  }
}

extension OptionSettings {
  /// What is asked of the images that a folder's pictures become.
  ///
  /// - Throws: `OptionsError`.
  fileprivate func framingRequest() throws(OptionsError) -> FramingRequest {
    let text = self[.imageSize] ?? "auto"
    guard let request = FramingRequest(text) else {
      // A run that goes on may have data of any size, which are then no pictures.
      guard isExplicit("imageSize") else { return FramingRequest() }
      throw .unfit(
        key: "imageSize", value: text, requirement: FramingRequest.requirement,
        origin: origin(of: "imageSize"))
    }
    return request
  }

  /// Refuses a size that somebody asks for where the data have another, and no pictures to make it
  /// of.
  fileprivate func checkImageSize(of images: ImageDataset) throws {
    let request = try framingRequest()
    guard isExplicit("imageSize"), !request.allows(images.imageShape) else { return }
    throw CommandError(
      .badOptions, "\(origin(of: "imageSize")): \(images.name) has images of \(images.imageShape)",
      help: "only a folder of pictures, --data-dir folder, comes in any size")
  }
}
