import Foundation
import GANData
import GANFormats
import GANTensor
import GANTestSupport
import Testing

@Suite("Arrays of one's own, as other programs write them")
struct ArrayFileTests {
  let folder: DataFolder

  init() throws { folder = try DataFolder() }

  private func path(_ name: String) -> String { "\(folder.path)/\(name)" }

  private func images(_ name: String, _ split: ImageDataset.Split = .train) throws -> ImageDataset {
    let file = try #require(ArrayFile(path(name)))
    return try #require(try file.read(split, named: "x") as? ImageDataset)
  }

  private func text(_ name: String, _ text: String) throws {
    try folder.write(name, [UInt8](text.utf8))
  }

  // MARK: Tables

  /// A square of 8 x 8 as fields, all of one number.
  private func square(_ value: String) -> String {
    [String](repeating: value, count: 64).joined(separator: ",")
  }

  @Test("A table of pixels with a header, as Kaggle has MNIST")
  func kaggle() throws {
    let header = "label," + (0..<64).map { "pixel\($0)" }.joined(separator: ",")
    try text("train.csv", "\(header)\n7,\(square("255"))\r\n3,\(square("0"))\n\n")
    let data = try images("train.csv")
    #expect(data.imageShape == [1, 8, 8] && data.count == 2)
    #expect(data.labels == [7, 3])
    #expect(data.pixels == [UInt8](repeating: 255, count: 64) + [UInt8](repeating: 0, count: 64))
  }

  @Test("A table of pixels without a header begins with the class")
  func headless() throws {
    try text("mnist_train.csv", "7,\(square("255"))\n3,\(square("1"))\n")
    let data = try images("mnist_train.csv")
    #expect(data.labels == [7, 3] && data.imageShape == [1, 8, 8])
    #expect(data.assumptions.contains("the first of 65 columns is taken for classes"))
    try text("plain.csv", "\(square("255"))\n\(square("1"))\n")
    #expect(try images("plain.csv").labels == nil)
  }

  @Test(
    "Points are rows of a few numbers, whatever is between them",
    arguments: [
      "0.5,-1\n2,3\n", "x,y\n0.5,-1\n2,3\n", "0.5 -1\n 2  3 \n", "0.5\t-1\n2\t3", "0.5;-1\n2;3",
    ])
  func points(table: String) throws {
    try text("points.csv", table)
    let file = try #require(ArrayFile(path("points.csv")))
    let points = try #require(try file.read(.train, named: "x") as? PointDataset)
    #expect(points.itemShape == [2] && points.count == 2)
    #expect(points.items([0, 1]).floats == [0.5, -1, 2, 3])
  }

  @Test(
    "What is no table of numbers is refused by its line",
    arguments: [
      ("1,2\n3,cat\n", "line 2 has a field cat"),
      ("1,2\n3\n", "line 2 has 1 fields, the first row 2"),
      ("", "rows of which there are none"), ("a,b\n", "rows of which there are none"),
      // A row of quotation marks alone has no field at all.
      ("\"\n", "rows of which there are none"),
    ])
  func wrong(table: String, words: String) throws {
    try text("x.csv", table)
    let file = try #require(ArrayFile(path("x.csv")))
    let error = #expect(throws: FormatError.self) { try file.read(.train, named: "x") }
    #expect(
      error?.kind == .invalid && error?.description.contains(words) == true,
      "\(String(describing: error))")
  }

  // MARK: NumPy

  @Test(
    "NumPy's files are read, classes beside them too",
    .enabled(if: PythonPeer.canImport("numpy"), "python3 cannot import numpy"))
  func numpy() throws {
    let script = """
      import sys, numpy
      folder = sys.argv[1]
      pixels = (numpy.arange(4 * 5 * 6 * 3) % 251).astype(numpy.uint8).reshape(4, 5, 6, 3)
      classes = numpy.array([1, 0, 2, 1])
      numpy.save(folder + "/x_train.npy", pixels)
      numpy.save(folder + "/y_train.npy", classes)
      numpy.save(folder + "/rows.npy", pixels[:, :4, :4, 0].repeat(2, 1).repeat(2, 2).reshape(4, 64))
      numpy.savez(folder + "/keras.npz", x_train=pixels, y_train=classes, x_test=pixels[:2],
                  y_test=classes[:2])
      numpy.savez_compressed(folder + "/medical.npz", train_images=pixels,
                             train_labels=classes[:, None], val_images=pixels[:1],
                             test_images=pixels[:3], test_labels=classes[:3, None],
                             names=numpy.array(["a", "b"]))
      numpy.savez(folder + "/one.npz", pixels[..., 0] / 255.0)
      numpy.savez(folder + "/hot.npz", images=pixels, labels=numpy.eye(3)[classes])
      numpy.save(folder + "/points.npy", numpy.array([[0.5, 1], [2, 3], [4, 5]]))
      numpy.save(folder + "/line.npy", numpy.array([0.5, 1, 2]))
      """
    _ = try PythonPeer.printed(by: script, folder.path)
    let expected = (0..<360).map { UInt8($0 % 251) }
    func channelsFirst(_ images: Int) -> [UInt8] {
      (0..<images).flatMap { image in
        (0..<3).flatMap { channel in (0..<30).map { expected[image * 90 + $0 * 3 + channel] } }
      }
    }
    for name in ["x_train.npy", "keras.npz", "medical.npz", "hot.npz"] {
      let data = try images(name)
      #expect(data.imageShape == [3, 5, 6], "\(name)")
      #expect(data.pixels == channelsFirst(4), "\(name)")
      #expect(data.labels == [1, 0, 2, 1], "\(name)")
    }
    #expect(try images("keras.npz", .test).labels == [1, 0])
    #expect(try images("medical.npz", .test).labels == [1, 0, 2])
    #expect(
      try images("medical.npz").assumptions.contains {
        $0.hasPrefix("passed over: the arrays ") && $0.contains("val_images")
      })
    #expect(try images("rows.npy").imageShape == [1, 8, 8])
    let one = try images("one.npz")
    #expect(one.imageShape == [1, 5, 6] && one.pixels[1] == expected[3] && one.labels == nil)
    for (name, dimension) in [("points.npy", 2), ("line.npy", 1)] {
      let file = try #require(ArrayFile(path(name)))
      let points = try #require(try file.read(.train, named: "x") as? PointDataset)
      #expect(points.count == 3 && points.itemShape == [dimension])
    }
  }

  @Test("Images in a plain safetensors file are read")
  func safetensors() throws {
    try SafetensorsFile(tensors: [
      ("images", .init(shape: [2, 1, 1, 2], [1, 2, 3, 4] as [UInt8])),
      ("labels", .init(shape: [2], [1, 0] as [Int64])),
    ]).write(to: path("x.safetensors"))
    let data = try images("x.safetensors")
    #expect(data.pixels == [1, 2, 3, 4] && data.labels == [1, 0])
  }
}

@Suite("Archives of files")
struct ArchiveTests {
  let folder: DataFolder

  init() throws { folder = try DataFolder() }

  @Test(
    "Zip and tar are unpacked, and nothing leaves the folder",
    arguments: ["zip", "tar", "tar.gz", "tar.xz"])
  func unpacks(ending: String) throws {
    let script = """
      import io, sys, tarfile, zipfile
      path, ending = sys.argv[1], sys.argv[2]
      files = {"a/1.png": b"one", "a/b/2.png": b"two" * 100000, "../out.png": b"x", "강아지/3": b""}
      if ending == "zip":
          with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
              for name, data in files.items(): archive.writestr(name, data)
      else:
          with tarfile.open(path, "w:" + ending[4:]) as archive:
              for name, data in files.items():
                  info = tarfile.TarInfo(name)
                  info.size = len(data)
                  archive.addfile(info, io.BytesIO(data))
              link = tarfile.TarInfo("a/link")
              link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
              archive.addfile(link)
      """
    let archive = "\(folder.path)/x.\(ending)"
    _ = try PythonPeer.printed(by: script, archive, ending)
    #expect(Archive.isLikely(at: archive))
    let cache = ArchiveCache(path: "\(folder.path)/cache")
    let place = try cache.folder(of: archive)
    let names = try FileManager.default.subpathsOfDirectory(atPath: place).sorted()
    #expect(names == ["a", "a/1.png", "a/b", "a/b/2.png", "강아지", "강아지/3"].sorted())
    #expect(try Data(contentsOf: URL(filePath: "\(place)/a/b/2.png")).count == 300_000)
    // Once, until it is another.
    #expect(try cache.folder(of: archive, unpacking: { Issue.record("unpacked again") }) == place)
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSince1970: 1)], ofItemAtPath: archive)
    #expect(try cache.folder(of: archive) != place)
    #expect(!FileManager.default.fileExists(atPath: place))
  }

  @Test(
    "An archive that claims a vast file is refused before it fills the disk",
    arguments: ["x.tar", "x.npz"])
  func bomb(name: String) throws {
    // A file of 8 GiB less one byte, all of it a hole but for 512 zeros at its end, in the sparse form
    // of GNU's tar: 2 KiB.
    let script = """
      import sys
      header = bytearray(512)
      def put(place, text): header[place:place + len(text)] = text
      put(0, b"hole.npy"); put(100, b"0000644"); put(108, b"0000000"); put(116, b"0000000")
      put(124, b"00000001000"); put(136, b"00000000000"); put(156, b"S"); put(257, b"ustar  ")
      put(386, b"77777776777"); put(398, b"00000001000"); put(483, b"77777777777")
      put(148, b" " * 8)
      put(148, b"%06o" % sum(header)); put(154, bytes(1))
      open(sys.argv[1], "wb").write(bytes(header) + bytes(512 + 1024))
      """
    let path = "\(folder.path)/\(name)"
    _ = try PythonPeer.printed(by: script, path)
    let error = #expect(throws: FormatError.self) {
      if name.hasSuffix("z") {
        _ = try Archive.arrays(in: path)
      } else {
        _ = try ArchiveCache(path: "\(folder.path)/cache").folder(of: path)
      }
    }
    guard case .tooManyBytes(.archive, _, limit: 1 << 26) = error?.reason else {
      Issue.record("\(String(describing: error))")
      return
    }
    let left = try? FileManager.default.subpathsOfDirectory(atPath: "\(folder.path)/cache")
    #expect(!(left ?? []).contains { $0.hasSuffix(".npy") }, "\(left ?? [])")
  }

  @Test("A damaged archive is refused, and leaves nothing")
  func damaged() throws {
    try folder.write("x.zip", [0x50, 0x4b, 3, 4] + [UInt8](repeating: 7, count: 100))
    let cache = ArchiveCache(path: "\(folder.path)/cache")
    let error = #expect(throws: FormatError.self) { try cache.folder(of: "\(folder.path)/x.zip") }
    #expect(error?.kind == .invalid)
    let left = try FileManager.default.subpathsOfDirectory(atPath: cache.path)
    #expect(left.allSatisfy { !$0.contains("unfinished") }, "\(left)")
  }
}
