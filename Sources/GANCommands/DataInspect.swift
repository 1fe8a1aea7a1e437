import ArgumentParser
import Foundation
import GANData
import GANFormats
import GANTraining

/// `gan data inspect`.
struct DataInspect: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Say what a data set holds, and show its first images.",
    discussion: """
      Means and deviations are of samples in [0, 1]; the SHA-256 is of all pixels, as in \
      a run's environment.json.
      """)

  @Argument(
    help: "A data set by its name, or a folder with its files.", completion: .directory)
  var source: String

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "Write the first 64 training images, eight a row, as a PNG.", valueName: "path"),
    completion: .file(extensions: ["png"]))
  var output: String?

  @Flag(help: "Draw the first images in the terminal.")
  var show = false

  @Flag(help: "Print one JSON document.")
  var json = false

  /// Images of a data set, by split.
  private typealias Splits = [(split: ImageDataset.Split, images: ImageDataset)]

  func run() throws {
    let (place, splits) = try found()
    let summary = DatasetSummary(place: place, splits)
    print(json ? try readableJSON(summary) : summary.text)
    guard let images = splits.first?.images.firstImages(64) else { return }
    if show { for line in Terminal.output.show(images).lines { print(line) } }
    if let output { try PNG.write(ImageGrid().picture(of: images), to: output) }
  }

  private func found() throws -> (place: String, Splits) {
    if source == DataSearch.builtIn {
      return ("built in", ImageDataset.Split.allCases.map { ($0, .strokes(split: $0)) })
    }
    if let family = ImageDataset.MNISTFamily(rawValue: source) {
      let folder = try Self.folder(of: family.published)
      return (folder, try Self.splits(of: family, in: folder))
    }
    guard isFolder(source) else {
      let nearest = nearestName(to: source, among: DataSearch.imageNames)
      throw CommandError(
        .missing, "neither a data set nor a folder: \(source)",
        help: nearest.map { "did you mean \($0)?" })
    }
    // Torchvision's roots tell families apart; elsewhere the files have the same names.
    let families = ImageDataset.MNISTFamily.allCases
    let family = families.first { (try? ImageDataset.mnist(in: source, family: $0)) != nil }
    return (source, try Self.splits(of: family ?? .mnist, in: source))
  }

  /// Where a published data set is, all of it and sound.
  private static func folder(of dataset: PublishedDataset) throws -> String {
    let cache = try DataCache.ofUser(ProcessInfo.processInfo.environment)
    let defects = ImageDataset.Split.allCases.compactMap {
      cache.firstDefect(of: dataset, split: $0)
    }
    guard let (file, defect) = defects.first else { return cache.folder(of: dataset) }
    let path = cache.path(of: file, in: dataset)
    let help = "gan data fetch \(dataset.name)"
    if defect == .damaged { throw CommandError(.badFile, "damaged: \(path)", help: help) }
    if dataset.family == .fashionMNIST, let folder = ImageDataset.systemFashionMNISTFolder {
      return folder
    }
    throw CommandError(.missing, "\(dataset.name) is not here: no \(path)", help: help)
  }

  /// The training images, and the test images where they are.
  private static func splits(
    of family: ImageDataset.MNISTFamily, in folder: String
  ) throws -> Splits {
    var splits: Splits = [(.train, try .mnist(in: folder, family: family))]
    do {
      splits.append((.test, try .mnist(in: folder, family: family, split: .test)))
    } catch let error as FormatError {
      guard case .noneFound = error.reason else { throw error }
    }
    return splits
  }
}
