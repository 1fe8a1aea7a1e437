import Foundation
import GANData
import GANFormats
import GANTensor
import GANTestSupport
import Testing

@Suite("Packed folders")
struct PackedImagesTests {
  typealias Forge = PictureForge

  let folder: DataFolder
  let scratch: DataFolder

  init() throws { (folder, scratch) = (try DataFolder(), try DataFolder()) }

  /// Two classes of three pictures, one of them damaged.
  private func writePictures() throws {
    try folder.write("cat/1.png", Forge.png(.noise(width: 12, height: 9, channels: 3, seed: 1)))
    try folder.write("cat/2.jpg", Forge.jpeg(.noise(width: 9, height: 9, channels: 1, seed: 2)))
    try folder.write(
      "dog/1.png", Array(Forge.png(.noise(width: 9, height: 9, channels: 3)).prefix(90)))
    try folder.write("dog/2.png", Forge.webP(.noise(width: 20, height: 9, channels: 4, seed: 3)))
  }

  private func packer(
    side: Int = 8, refusesUnreadable: Bool = false
  ) throws -> ImagePacker {
    ImagePacker(
      try ImageFolder(folder.path), named: "pets",
      framing: ImageFraming(height: side, width: side, channels: 3),
      refusesUnreadable: refusesUnreadable)
  }

  @Test func imagesLabelsAndReportComeBack() throws {
    try writePictures()
    let path = "\(scratch.path)/pets.safetensors"
    let packer = try packer()
    var done: [Int] = []
    try packer.pack(into: path) { done.append($0) }
    #expect(done == [1, 2, 3, 4])

    let packed = try PackedImages(contentsOf: path)
    let dataset = packed.dataset
    #expect(dataset.name == "pets")
    #expect(dataset.count == 3)
    #expect(dataset.imageShape == [3, 8, 8])
    #expect(dataset.labels == [0, 0, 1])
    #expect(dataset.classNames == ["cat", "dog"])
    let pictures = try ["cat/1.png", "cat/2.jpg", "dog/2.png"].map {
      try ImageFile.read("\(folder.path)/\($0)").1
    }
    #expect(dataset.pixels == pictures.flatMap { packer.framing.image(of: $0) })
    #expect([UInt8](dataset.pixels(ofImage: 2)) == packer.framing.image(of: pictures[2]))
    #expect(dataset.pixelDigest() == SHA256.hexadecimalDigest(of: dataset.pixels))

    #expect(packed.sourceDigest == packer.folder.digest)
    #expect(packed.background == .white)
    #expect(packed.report.unlabelled == nil)
    #expect(packed.report.sizes == ["9x12": 1, "9x9": 1, "9x20": 1])
    #expect(
      packed.report.modes == ["PNG colour": 1, "JPEG gray": 1, "WebP colour with alpha": 1])
    #expect(packed.report.unreadable.count == 1)
    #expect(packed.report.unreadable[0].hasPrefix("PNG file is truncated: dog/1.png (needs "))
  }

  @Test func theFileIsSoundSafetensorsAndAFunctionOfTheFolder() throws {
    try writePictures()
    let paths = ["a", "b"].map { "\(scratch.path)/\($0)" }
    for path in paths { try packer().pack(into: path) }
    let bytes = try paths.map { try Data(contentsOf: URL(filePath: $0)) }
    #expect(bytes[0] == bytes[1])
    let file = try SafetensorsFile(contentsOf: paths[0])
    #expect(file.entries.map(\.name) == ["images", "labels", "report"])
    #expect(file["images"]?.shape == [3, 3, 8, 8])
    #expect(file.metadata["classes"] == #"["cat","dog"]"#)
    // Tensors of 8-byte elements could follow.
    #expect(
      try SafetensorsLayout(of: InputFile(path: paths[0])).places[0].bytes.lowerBound % 8 == 0)
  }

  @Test func unreadablePicturesAreRefusedWhereThatIsAsked() throws {
    try writePictures()
    let path = "\(scratch.path)/pets.safetensors"
    let packer = try packer(refusesUnreadable: true)
    let error = #expect(throws: FormatError.self) { try packer.pack(into: path) }
    #expect(error?.path == "\(folder.path)/dog/1.png")
    // Neither the file nor a beginning of it is left.
    #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path).isEmpty)
  }

  @Test func aFolderOfNothingReadableIsRefusedWithTheReasonForEach() throws {
    try folder.write("a/1.png", [1, 2, 3])
    try folder.write("a/2.png/readme", [])
    let packer = try packer()
    let reasons = [
      "not a file: a/2.png",
      "file is not PNG, JPEG, WebP or BMP: a/1.png (bytes 00-02 are 01 02 03)",
    ]
    #expect(throws: FormatError(folder.path, .noneReadable(reasons, count: 2))) {
      try packer.pack(into: "\(scratch.path)/none")
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path).isEmpty)
  }

  @Test func picturesOutsideOfClassFoldersAreSaidToTakeTheLabels() throws {
    for name in ["cat/1.png", "2.png", "dog/x/1.png", "1.png"] {
      try folder.write(name, Forge.png(.plain(width: 4, height: 4, [9])))
    }
    let path = "\(scratch.path)/flat"
    try packer(side: 4).pack(into: path)
    let packed = try PackedImages(contentsOf: path)
    #expect(packed.dataset.labels == nil)
    #expect(
      packed.report.unlabelled == "2 of 4 pictures outside of class folders, the first 1.png")
  }

  @Test func moreClassesThanBytesTellApartAreNone() throws {
    for number in 0...256 {
      try folder.write("\(number)/1.png", Forge.png(.plain(width: 4, height: 4, [9])))
    }
    let path = "\(scratch.path)/many"
    let packer = try packer(side: 4)
    try packer.pack(into: path)
    let packed = try PackedImages(contentsOf: path)
    #expect(packed.dataset.count == 257)
    #expect(packed.dataset.labels == nil && packed.dataset.classNames == nil)
    #expect(packed.report.unlabelled == "257 class folders are more than 256")
  }

  @Test func theCacheDecodesAgainOnlyWhatChanged() throws {
    try writePictures()
    let cache = PackCache(path: "\(scratch.path)/packed")
    func decodedCount() throws -> Int {
      var count = 0
      _ = try cache.packedImages(of: packer()) { _ in count += 1 }
      return count
    }
    #expect(try cache.images(of: packer()) == nil)
    #expect(try decodedCount() == 4)
    #expect(try decodedCount() == 0)
    #expect(try cache.images(of: packer())?.dataset.count == 3)
    // Another size is another file; another folder by the same content too.
    #expect(try cache.path(of: packer()) != cache.path(of: packer(side: 9)))
    try folder.write("dog/3.png", Forge.png(.noise(width: 9, height: 9, channels: 3)))
    #expect(try decodedCount() == 5)
    // A damaged file is made anew.
    try Data([1, 2, 3]).write(to: URL(filePath: cache.path(of: packer())))
    #expect(try decodedCount() == 5)
    let place = URL(filePath: try cache.path(of: packer())).deletingLastPathComponent().path
    // And what a kill left goes.
    try Data([1]).write(to: URL(filePath: "\(place)/\(AtomicFile.temporaryPrefix)killed"))
    try folder.write("dog/3.png", Forge.png(.noise(width: 9, height: 8, channels: 3)))
    #expect(try decodedCount() == 5)
    #expect(try FileManager.default.contentsOfDirectory(atPath: place) == ["images.safetensors"])
    #expect(try FileManager.default.contentsOfDirectory(atPath: cache.path).count == 1)
  }

  @Test(
    arguments: [
      ([(4, 4, 1), (4, 4, 1)], nil, [1, 4, 4]), ([(4, 6, 1), (4, 6, 3)], nil, [3, 6, 4]),
      ([(4, 4, 1), (4, 5, 1)], nil, [1, 64, 64]), ([(65, 65, 3)], nil, [3, 64, 64]),
      ([(4, 4, 1), (4, 5, 2)], 16, [1, 16, 16]), ([(4, 4, 3)], 16, [3, 16, 16]),
    ] as [([(Int, Int, Int)], Int?, [Int])])
  func picturesSettleWhatNobodyAsksFor(
    pictures: [(Int, Int, Int)], side: Int?, shape: [Int]
  ) throws {
    for (number, (width, height, channels)) in pictures.enumerated() {
      try folder.write(
        "\(number).png", Forge.png(.noise(width: width, height: height, channels: channels)))
    }
    // What cannot be read has no say.
    try folder.write("x.png", [1])
    let framing = FramingRequest(side: side).framing(for: try ImageFolder(folder.path))
    #expect(framing.imageShape.dimensions == shape)
  }

  @Test(
    arguments: [
      ([(48, 24, 6), (48, 24, 6)], [48, 24]), ([(48, 24, 3), (48, 24, 1)], [24, 48]),
      ([(48, 24, 8), (24, 48, 1), (24, 48, 2), (48, 24, 5)], [48, 24]),
      ([(48, 24, 6), (48, 24, 1)], [64, 64]), ([(65, 24, 7)], [64, 64]),
    ] as [([(Int, Int, Int)], [Int])])
  func picturesSettleTheSizeAsTheyAreSeen(
    pictures: [(width: Int, height: Int, orientation: Int)], extents: [Int]
  ) throws {
    for (number, (width, height, orientation)) in pictures.enumerated() {
      let exif = Forge.exif(orientation: orientation, isLittleEndian: false)
      let picture = Forge.Picture.noise(width: width, height: height, channels: 1)
      try folder.write("\(number).png", Forge.png(picture, chunks: [("eXIf", exif)]))
    }
    let framing = FramingRequest().framing(for: try ImageFolder(folder.path))
    #expect([framing.height, framing.width] == extents)
  }

  @Test(
    arguments: [
      // The labels in use are 0 and 2.
      ((0..<2).map(String.init), true, "2 class names, where its labels need 3 to 256"),
      ([], true, "0 class names, where its labels need 3 to 256"),
      ((0..<3).map(String.init), true, nil), ((0..<256).map(String.init), true, nil),
      ((0..<257).map(String.init), true, "257 class names, where its labels need 3 to 256"),
      (["cat"], false, "1 class names, but no labels"),
    ] as [([String], Bool, String?)])
  func classesHaveANameForEachLabelInUseAndNoMoreThanBytesTellApart(
    names: [String], hasLabels: Bool, fault: String?
  ) throws {
    try check(classes: "\(names)", hasLabels: hasLabels, fault: fault, names: names)
  }

  @Test(arguments: ["", "[", "{}", "[1, 2, 3]", "cat, dog, cow", #"["a", "b", null]"#])
  func classesThatAreNoNamesAreRefused(classes: String) throws {
    try check(
      classes: classes, hasLabels: true, fault: "its classes are no JSON array of names", names: [])
  }

  /// Opens a file of two images, of the classes 0 and 2, that brings class names.
  private func check(classes: String, hasLabels: Bool, fault: String?, names: [String]) throws {
    let path = "\(scratch.path)/classes"
    let images = HostTensor(shape: [2, 1, 1, 1], [UInt8](repeating: 0, count: 2))
    let labels = hasLabels ? [("labels", HostTensor(shape: [2], [UInt8](arrayLiteral: 0, 2)))] : []
    try SafetensorsFile(
      metadata: ["kind": "gan images 1", "classes": classes],
      tensors: [("images", images)] + labels
    ).write(to: path)
    guard let fault else {
      #expect(try PackedImages(contentsOf: path).dataset.classNames == names)
      return
    }
    let error = #expect(throws: FormatError.self) { try PackedImages(contentsOf: path) }
    #expect(error?.kind == .invalid)
    #expect(error?.description == "safetensors file is corrupt: \(path) (\(fault))")
  }

  @Test func filesOfAnotherKindAreRefused() throws {
    try writePictures()
    let path = "\(scratch.path)/pets"
    try packer().pack(into: path)
    let sound = try SafetensorsFile(contentsOf: path)
    let images = HostTensor(shape: [1, 3, 2, 2], [UInt8](repeating: 0, count: 12))
    let labels = HostTensor(shape: [2], [UInt8](repeating: 0, count: 2))
    let cases: [(SafetensorsFile, String)] = [
      (SafetensorsFile(tensors: [("images", images)]), "(a file of kind of which it says nothing)"),
      (SafetensorsFile(metadata: sound.metadata), "(images of shape of which it says nothing)"),
      (
        SafetensorsFile(
          metadata: sound.metadata,
          tensors: [("images", HostTensor(shape: [3, 2, 2], [UInt8](repeating: 0, count: 12)))]),
        "(images of shape [3, 2, 2])"
      ),
      (
        SafetensorsFile(
          metadata: sound.metadata, tensors: [("images", images), ("labels", labels)]),
        "(labels of shape [2])"
      ),
    ]
    for (file, text) in cases {
      try file.write(to: path)
      let error = #expect(throws: FormatError.self) { try PackedImages(contentsOf: path) }
      #expect(error?.description == "safetensors file is not supported: \(path) \(text)")
    }
    let bytes = try Data(contentsOf: URL(filePath: path))
    try bytes.dropLast().write(to: URL(filePath: path))
    #expect(throws: FormatError.self) { try PackedImages(contentsOf: path) }
  }
}
