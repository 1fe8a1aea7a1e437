import ArgumentParser
import GANData
import GANFormats
import GANTensor
import GANTraining

/// The flags that say which images; `train`, `trace` and `bench` share them.
struct DataArguments: ParsableArguments {
  @Option(
    help: "Which data set: auto, mnist, fashion-mnist or kmnist.",
    completion: .list(["auto"] + ImageDataset.MNISTFamily.allCases.map(\.rawValue)))
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

  /// Loads the images that the settings choose, and says which they are and why.
  func load(_ settings: OptionSettings, _ console: Console) throws -> ImageDataset {
    let images = try chosenImages(
      settings[.dataset] ?? "auto", in: settings[.dataDir], console)
    let extents = images.imageShape.dimensions.map(String.init).joined(separator: "x")
    try console.say("data: \(images.name), \(images.count) images of \(extents)")
    return images
  }

  private func chosenImages(
    _ dataset: String, in dataDir: String?, _ console: Console
  ) throws -> ImageDataset {
    switch (dataset, dataDir) {
    case ("auto", let folder?):
      return try images(of: .mnist, in: folder)
    case ("auto", nil):
      try console.say(
        "data: no --data-dir with MNIST, so the system's copy of Fashion-MNIST instead")
      return try systemFashionMNIST()
    case ("fashion-mnist", nil):
      return try systemFashionMNIST()
    default:
      guard let family = ImageDataset.MNISTFamily(rawValue: dataset) else {
        let names = ["auto"] + ImageDataset.MNISTFamily.allCases.map(\.rawValue)
        let nearest = nearestName(to: dataset, among: names)
        throw CommandError(
          .usage, "--dataset \(dataset): must be one of \(names.joined(separator: ", "))",
          help: nearest.map { "did you mean \($0)?" })
      }
      guard let dataDir else {
        throw CommandError(
          .missing, "--dataset \(dataset): no folder to take it from",
          help: "name the folder with its files, --data-dir folder")
      }
      return try images(of: family, in: dataDir)
    }
  }

  private func images(
    of family: ImageDataset.MNISTFamily, in folder: String
  ) throws -> ImageDataset {
    do {
      return try ImageDataset.mnist(in: folder, family: family)
    } catch let error as FormatError {
      throw CommandError(
        error.kind.status, "--data-dir \(folder): \(error)",
        help: "name the folder that holds train-images-idx3-ubyte, plain or gzip, or "
          + "torchvision's root")
    }
  }

  private func systemFashionMNIST() throws -> ImageDataset {
    do {
      return try ImageDataset.systemFashionMNIST()
    } catch {
      throw CommandError(
        .missing, "no data: \(error)",
        help: "install the package dataset-fashion-mnist, or name a folder with MNIST, "
          + "--data-dir folder")
    }
  }
}
