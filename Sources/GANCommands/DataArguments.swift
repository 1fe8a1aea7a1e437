import ArgumentParser
import GANData
import GANTraining

/// The flags that choose data; `train`, `trace` and `bench` share them.
struct DataArguments: ParsableArguments {
  @Option(
    help: """
      Which data set: \(DataArguments.names.joined(separator: ", ")). auto is MNIST, or what \
      else there is.
      """,
    completion: .list(DataArguments.names))
  var dataset: String?

  @Option(
    help: ArgumentHelp(
      """
      Folder with the data set's files, plain or gzip; torchvision's folders will do. Or with \
      pictures; or an archive of either, a file of arrays, or a packed file.
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

  /// Loads the data of the settings, and reports which they are and why.
  ///
  /// - Parameter usesNetwork: False to fetch nothing.
  func load(
    _ settings: OptionSettings, _ console: Console, usesNetwork: Bool = true
  ) throws -> any TrainingData {
    try settings.dataSource(cache: DataCache.ofUser, usesNetwork: usesNetwork).find(on: console)
  }

  /// Every name that `--dataset` takes.
  private static let names = DataSource(cache: nil).names
}
