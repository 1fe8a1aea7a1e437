import ArgumentParser
import Foundation
import GANData
import GANFormats
import GANTraining

/// `gan data pack`.
struct DataPack: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pack",
    abstract: "Decode a folder of pictures into one file to train on.",
    discussion: """
      Prints the file's path. PNG, JPEG, WebP and BMP are turned upright, laid on the \
      background where they are transparent, cut to the largest centred rectangle of the \
      size's proportions and resized. gan train --data-dir takes the file, or the folder \
      itself, which it packs into the cache.
      """)

  @Argument(
    help: "The folder, or an archive of it; class folders in it give labels.",
    completion: .directory)
  var folder: String

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Where to write; a file of the cache by default.", valueName: "path"),
    completion: .file(extensions: ["safetensors"]))
  var output: String?

  @Option(
    help: ArgumentHelp(
      """
      32, 48x32 (rows, columns), or 1x32x32 (gray); by default the pictures' own, where all \
      have the same of at most 64, else 64.
      """, valueName: "size"))
  var imageSize = "auto"

  @OptionGroup var pictures: PictureArguments

  @Option(help: ArgumentHelp("What the data are called; as the folder by default."))
  var name: String?

  @Flag(help: "Say nothing but errors.")
  var quiet = false

  func run() throws {
    let request = try pictures.request(sized: imageSize)
    let source = DataSource(cache: DataCache.ofUser)
    let console = Console(isQuiet: quiet)
    guard Archive.isLikely(at: folder) else {
      return try pack(folder, of: source, request, on: console)
    }
    var reporter = DataReporter(console)
    try reporter.watch { note in
      try source.searchingArchive(folder, note) { place in
        try pack(place, of: source, request, on: console)
      }
    }
  }

  private func pack(
    _ place: String, of source: DataSource, _ request: FramingRequest, on console: Console
  ) throws {
    let packer = pictures.packer(
      of: try ImageFolder(place),
      named: try name.map(source.checkedPictureName) ?? source.pictureName(ofFolder: folder),
      request)
    guard let output else {
      do {
        _ = try source.packCache(for: packer)
      } catch let error as DataError {
        throw CommandError(
          .cannotWrite, "\(error)",
          help: "set one, or name a file with --output pictures.safetensors")
      }
      var reporter = DataReporter(console)
      _ = try reporter.watch { try source.packed(packer, $0) }
      return print(PackCache(path: try source.userCache.packed).path(of: packer))
    }
    try console.say("data: \(packer.name): \(packer.folder.survey)")
    var progress = PackingProgress(of: packer, on: console)
    _ = try progress.watch(into: output) { note throws(FormatError) in
      try packer.pack(into: output, progress: note)
      return try PackedImages(contentsOf: output)
    }
    print(output)
  }
}
