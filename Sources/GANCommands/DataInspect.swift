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
      a run's environment.json. A folder of pictures is packed first, as gan data pack does.
      """)

  @Argument(
    help: """
      A data set by its name, a folder or an archive with its files or with pictures, a file of \
      arrays, or a packed file.
      """,
    completion: .directory)
  var source: String

  @Option(
    help: ArgumentHelp(
      "What images are resized to: 32, 48x32 (rows, columns), or 1x32x32 (gray).",
      valueName: "size"))
  var imageSize = "auto"

  @OptionGroup var pictures: PictureArguments

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "Write 64 training images, eight a row, as a PNG: the first, or of pictures some of all.",
      valueName: "path"),
    completion: .file(extensions: ["png"]))
  var output: String?

  @Flag(help: "Draw these images in the terminal.")
  var show = false

  @Flag(help: "Print one JSON document.")
  var json = false

  /// Images of a data set, by split.
  private typealias Splits = [(split: ImageDataset.Split, images: ImageDataset)]
  /// Images, where they are, and the packed file that they are in.
  private typealias Contents = (place: String, splits: Splits, packed: PackedImages?)

  func run() throws {
    let request = try pictures.request(sized: imageSize)
    var reporter = DataReporter(Console(), namesAll: true)
    let contents: Contents = try reporter.watch { try found(sized: request, $0) }
    let splits = try contents.splits.map { ($0.split, try $0.images.resized(request)) }
    let summary = DatasetSummary(place: contents.place, splits, packed: contents.packed)
    print(json ? try readableJSON(summary) : summary.text)
    guard let training = splits.first?.1 else { return }
    // Pictures come class after class: their first would be of one class.
    let images = contents.packed == nil ? training.firstImages(64) : training.spreadImages(64)
    if show { for line in Terminal.output.show(images).lines { print(line) } }
    if let output { try PNG.writeOverview(ImageGrid().picture(of: images), to: output) }
  }

  private func found(
    sized request: FramingRequest, _ note: (DataNote) -> Void
  ) throws -> Contents {
    let search = DataSource(source, cache: DataCache.ofUser)
    guard Archive.isLikely(at: source) else {
      return try found(in: source, sized: request, search, note)
    }
    return try search.searchingArchive(source, note) { folder in
      let found = try found(in: folder, sized: request, search, note)
      return (source, found.splits, found.packed)
    }
  }

  private func found(
    in place: String, sized request: FramingRequest, _ search: DataSource,
    _ note: (DataNote) -> Void
  ) throws -> Contents {
    if let found = try foundWhole(in: place, search) {
      try pictures.requireNone(for: source)
      for (_, images) in found.splits.prefix(1) where !images.assumptions.isEmpty {
        note(.assumed(images.assumptions))
      }
      return found
    }
    let folder: ImageFolder
    do throws(DataError) {
      folder = try search.pictureFolder(at: place)
    } catch {
      throw CommandError(error, folder: "")
    }
    let packer = pictures.packer(
      of: folder, named: search.pictureName(ofFolder: source), request)
    let packed = try search.packed(packer, note)
    return (place, [(.train, packed.dataset)], packed)
  }

  /// Data that are images already; nil where there is a folder without.
  private func foundWhole(in source: String, _ search: DataSource) throws -> Contents? {
    switch NamedDataset.named(source)?.origin {
    case .images(let make):
      return ("built in", ImageDataset.Split.allCases.map { ($0, make($0)) }, nil)
    case .files(let files):
      let folder = try search.presentFolder(of: files)
      return (folder, try Self.splits { try files.read(folder, $0) }, nil)
    case .points:
      throw CommandError(.usage, "\(source): points, which have no pictures here")
    case nil:
      break
    }
    if PackedImages.sayKind(at: source) {
      let packed = try PackedImages(contentsOf: source)
      return (source, [(.train, packed.dataset)], packed)
    }
    if let file = ArrayFile(source) {
      return (
        source,
        try Self.splits { split in
          guard
            let images = try file.read(split, named: search.arrayName(ofFile: source))
              as? ImageDataset
          else {
            throw CommandError(.usage, "\(source): points, which have no pictures here")
          }
          return images
        }, nil
      )
    }
    guard isFolder(source) else {
      let names = NamedDataset.all.filter { !$0.isPoints }.map(\.name)
      throw CommandError(
        .missing, "neither a data set nor a folder: \(source)",
        help: (nearestName(to: source, among: names) ?? nearestPath(to: source)?.shellQuoted)
          .map { "did you mean \($0)?" })
    }
    guard
      let files = NamedDataset.all.lazy.compactMap(\.files).first(where: {
        $0.areLikely(in: source)
      })
    else { return nil }
    return (source, try Self.splits { try files.read(source, $0) }, nil)
  }

  /// The training images, and the test images where they are.
  private static func splits(
    _ load: (ImageDataset.Split) throws -> ImageDataset
  ) throws -> Splits {
    let training = try load(.train)
    let test = try ifThere { try load(.test) }
    return [(.train, training)] + (test.map { [(.test, $0)] } ?? [])
  }

  /// The result of `load`; nil if it finds no such files.
  private static func ifThere<Found>(_ load: () throws -> Found) throws -> Found? {
    do {
      return try load()
    } catch let error as FormatError {
      guard case .noneFound = error.reason else { throw error }
      return nil
    }
  }
}
