import Foundation
import GANData
import GANFormats
import GANTensor
import GANTestSupport
import GANTraining
import Testing

@Suite("Data are found by their name or in a folder")
struct DataSourceTests {
  let scratch: DataFolder

  init() throws { scratch = try DataFolder() }

  /// A data set that this program does not have: its loader and its row, and nothing else.
  static let halves = NamedDataset(
    name: "halves", properName: "Halves", summary: "half black, half white",
    origin: .files(
      DatasetFiles(
        firstFile: "halves.raw", places: ["", "inner"], folderHint: "that holds halves.raw"
      ) { folder, _ in
        let places = ["\(folder)/halves.raw", "\(folder)/inner/halves.raw"]
        guard let path = places.first(where: { FileManager.default.fileExists(atPath: $0) }) else {
          throw FormatError(folder, .noneFound(names: ["halves.raw"], folders: [folder]))
        }
        let bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
        return ImageDataset(name: "halves", imageShape: [1, 1, 2], pixels: bytes)
      }))

  private func source(_ name: String = DataSource.automatic, in folder: String? = nil) -> DataSource
  {
    DataSource(
      name, in: folder, mirrors: .forbidden, cache: DataCache(path: "\(scratch.path)/cache"),
      registry: NamedDataset.all + [Self.halves])
  }

  private func message(_ source: DataSource) -> String? {
    do {
      _ = try source.find()
      return nil
    } catch {
      return "\(error)"
    }
  }

  @Test("A new row is known by its name, by its file in any of its places, and in every message")
  func newRow() throws {
    try scratch.write("plain/halves.raw", [0, 255])
    try scratch.write("deep/inner/halves.raw", [0, 255, 255, 0])
    try scratch.write("none/notes.txt", [1])
    for (folder, count) in [("plain", 1), ("deep", 2)] {
      for name in ["halves", DataSource.automatic] {
        let found = try source(name, in: "\(scratch.path)/\(folder)").find()
        #expect(found.data.name == "halves" && found.data.count == count)
        #expect(found.place == .folder("\(scratch.path)/\(folder)"))
      }
    }
    #expect(source().names.last == "halves")
    #expect(message(source("halvse"))?.hasSuffix(", halves") == true)
    #expect(message(source("halves")) == "dataset halves: no folder to take it from")
    let lacking = message(source("halves", in: "\(scratch.path)/none"))
    #expect(lacking?.contains("found neither halves.raw") == true)
    let unknown = message(source(in: "\(scratch.path)/none"))
    #expect(
      unknown?.contains("CIFAR-10's (data_batch_1.bin) nor Halves's (halves.raw) nor pictures")
        == true, "\(unknown ?? "")")
  }

  @Test("Images come in the size asked for, and the words say from which")
  func resizing() throws {
    try scratch.write("plain/halves.raw", [0, 255])
    var source = source("halves", in: "\(scratch.path)/plain")
    source.framing = FramingRequest(side: 4)
    let found = try source.find()
    #expect(found.data.itemShape == [1, 4, 4])
    #expect(
      "\(found)"
        == "halves, 1 images of 1x4x4, from \(scratch.path)/plain, resized from 1x1x2")
  }

  @Test("A data set that is built in is in no folder", arguments: ["strokes", "ring-8"])
  func builtIn(name: String) {
    #expect(
      message(source(name, in: scratch.path))
        == "folder \(scratch.path): the data set \(name) is built in, in no folder")
  }

  @Test(
    "Data sets in files of the same names are told apart by their contents",
    .enabled(
      if: ImageDataset.systemFashionMNISTFolders.contains {
        FileManager.default.fileExists(atPath: $0)
      }, "the package dataset-fashion-mnist is not installed"))
  func fashion() throws {
    let folder = ImageDataset.systemFashionMNISTFolders.first {
      FileManager.default.fileExists(atPath: $0)
    }
    #expect(try source(in: folder).find().data.name == "fashion-mnist")
  }

  @Test("Points are drawn by the seed")
  func points() throws {
    var first = source("ring-8")
    var second = first
    (first.seed, second.seed) = (1, 2)
    let (a, b, again) = (try first.find(), try second.find(), try first.find())
    #expect(a.data.digest() == again.data.digest())
    #expect(a.data.digest() != b.data.digest())
    #expect("\(a)" == "ring-8, 100000 points of a known density" && a.place == .builtIn)
  }

  @Test("Where nothing may be fetched, what is not here is missing, with its path")
  func absent() {
    var source = source("kmnist")
    source.usesNetwork = false
    #expect(
      message(source)
        == "kmnist is not here: no \(scratch.path)/cache/kmnist/train-images-idx3-ubyte.gz")
    source.cache = nil
    #expect(message(source)?.hasPrefix("no folder for downloads") == true)
  }
}
