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
      "Folder with the data set's files, plain or gzip; torchvision's folders will do.",
      valueName: "folder"),
    completion: .directory)
  var dataDir: String?

  /// The flags, as options' assignments take them.
  var flags: [(flag: String, path: String, text: String?)] {
    [("--dataset", "dataset", dataset), ("--data-dir", "dataDir", dataDir)]
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
      let points = PointDataset(world, seed: settings.options.seed)
      try console.say("data: \(points.name), \(points.count) points of a known density")
      return points
    }
    let search = DataSearch(
      console, mirrors: MirrorList(settings[.dataMirror]), usesNetwork: usesNetwork)
    let (images, place) = try search.images(settings[.dataset] ?? "auto", in: settings[.dataDir])
    let extents = images.imageShape.dimensions.map(String.init).joined(separator: "x")
    try console.say("data: \(images.name), \(images.count) images of \(extents), \(place)")
    return images
  }
}
