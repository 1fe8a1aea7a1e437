import Foundation
import GANData
import GANFormats
import GANTensor
import GANTestSupport
import Testing

@Suite("MNIST is found where people keep it")
struct MNISTTests {
  typealias Family = ImageDataset.MNISTFamily

  static let images = "train-images-idx3-ubyte"
  static let labels = "train-labels-idx1-ubyte"

  let folder: DataFolder

  init() throws { folder = try DataFolder() }

  @Test(arguments: [
    ("", Family.mnist), ("MNIST/raw/", .mnist), ("FashionMNIST/raw/", .fashionMNIST),
    ("KMNIST/raw/", .kmnist), ("raw/", .kmnist),
  ])
  func everyLayoutIsRecognised(place: String, family: Family) throws {
    try folder.writeIDX(place + Self.images, dimensions: [5, 2, 3], value: 9)
    try folder.writeIDX(place + Self.labels, dimensions: [5], value: 4)
    let data = try ImageDataset.mnist(in: folder.path, family: family)
    #expect(data.name == family.rawValue)
    #expect(data.count == 5)
    #expect(data.imageShape == [1, 2, 3])
    #expect(data.pixels == [UInt8](repeating: 9, count: 30))
    #expect(data.labels == [4, 4, 4, 4, 4])
  }

  @Test func thePlainFileIsPreferredAndLabelsAreOptional() throws {
    try folder.write(Self.images + ".gz", [1, 2, 3])
    try folder.writeIDX(Self.images, dimensions: [1, 1, 1], value: 7)
    let data = try ImageDataset.mnist(in: folder.path)
    #expect(data.pixels == [7])
    #expect(data.labels == nil)
  }

  @Test func aPlainFileNamedAsCompressedIsReadAsWhatItIs() throws {
    try folder.writeIDX(Self.images + ".gz", dimensions: [1, 1, 1], value: 7)
    #expect(try ImageDataset.mnist(in: folder.path).pixels == [7])
  }

  @Test func theTestSplitHasItsOwnFiles() throws {
    try folder.writeIDX("t10k-images-idx3-ubyte", dimensions: [2, 1, 1], value: 3)
    #expect(try ImageDataset.mnist(in: folder.path, split: .test).count == 2)
    #expect(throws: FormatError.self) { try ImageDataset.mnist(in: folder.path, split: .train) }
  }

  @Test func oneFamilyNeverStandsInForAnother() throws {
    try folder.writeIDX("FashionMNIST/raw/" + Self.images, dimensions: [1, 1, 1], value: 1)
    let places = ["", "/MNIST/raw", "/raw", "/MNIST", "/mnist"].map { folder.path + $0 }
    let reason = FormatError.Reason.noneFound(
      names: [Self.images, Self.images + ".gz"], folders: places)
    #expect(throws: FormatError(folder.path, reason)) {
      try ImageDataset.mnist(in: folder.path, family: .mnist)
    }
  }

  @Test func absentFoldersAndFilesInTheirPlaceAreMissing() throws {
    let absent = folder.path + "/absent"
    #expect(throws: FormatError(absent, .notFound)) { try ImageDataset.mnist(in: absent) }
    try folder.write("file", [1])
    let file = folder.path + "/file"
    #expect(throws: FormatError(file, .notFolder)) { try ImageDataset.mnist(in: file) }
  }

  @Test(
    "The files have a dot before idx, or lie in folders of their names",
    arguments: [
      "train-images.idx3-ubyte", "train-images-idx3-ubyte/train-images-idx3-ubyte",
      "train-images-idx3-ubyte/train-images.idx3-ubyte", "MNIST/train-images.idx3-ubyte",
      "mnist/train-images-idx3-ubyte",
    ])
  func otherNames(name: String) throws {
    try folder.writeIDX(name, dimensions: [5, 2, 3], value: 9)
    let labels = name.replacing("images", with: "labels").replacing("idx3", with: "idx1")
    try folder.writeIDX(labels, dimensions: [5], value: 4)
    let data = try ImageDataset.mnist(in: folder.path)
    #expect(data.count == 5 && data.labels == [4, 4, 4, 4, 4])
    #expect(NamedDataset.mnist.files?.areLikely(in: folder.path) == true)
  }

  @Test("Files are read beside folders of the same names")
  func besideFolders() throws {
    try folder.write("train-images-idx3-ubyte/other", [1])
    try folder.writeIDX("train-images.idx3-ubyte", dimensions: [5, 2, 3], value: 9)
    #expect(try ImageDataset.mnist(in: folder.path).count == 5)
  }

  @Test("Colour images are read, whichever axis the channels are")
  func colour() throws {
    let samples = (0..<12).map { UInt8($0) }
    try folder.writeIDX(Self.images, dimensions: [2, 1, 2, 3], samples)
    let last = try ImageDataset.mnist(in: folder.path)
    #expect(last.imageShape == [3, 1, 2])
    #expect(last.pixels == [0, 3, 1, 4, 2, 5, 6, 9, 7, 10, 8, 11])
    try folder.writeIDX(Self.images, dimensions: [2, 3, 1, 2], samples)
    let first = try ImageDataset.mnist(in: folder.path)
    #expect(first.imageShape == [3, 1, 2] && first.pixels == samples)
  }

  @Test("Numbers of other types are read where their range says what they mean")
  func floats() throws {
    func write(_ values: [Float]) throws {
      let bytes = values.flatMap { value in
        withUnsafeBytes(of: value.bitPattern.bigEndian) { [UInt8]($0) }
      }
      try folder.write(Self.images, [0, 0, 13, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 3] + bytes)
    }
    for (values, pixels, word) in [
      ([0, 0.5, 1], [0, 128, 255], "0 for black and 1 for white"),
      ([-1, 0, 1], [0, 128, 255], "-1 for black and 1 for white"),
      ([0, 127.4, 255], [0, 127, 255], "0 for black and 255 for white"),
    ] as [([Float], [UInt8], String)] {
      try write(values)
      let data = try ImageDataset.mnist(in: folder.path)
      #expect(data.pixels == pixels)
      #expect(data.assumptions.contains { $0.contains(word) }, "\(data.assumptions)")
    }
    try write([0, 1, 300])
    let error = #expect(throws: FormatError.self) { try ImageDataset.mnist(in: folder.path) }
    #expect(error?.description.contains("not supported") == true)
    #expect(error?.description.contains("float32 from 0 to 300") == true)
  }

  @Test(
    arguments: [
      ([60, 28], nil, .unsupported(.idx, what: "images of shape", value: "[60, 28]")),
      ([0, 2, 2], nil, .unsupported(.idx, what: "images of shape", value: "[0, 2, 2]")),
      (
        [1, 2, 2, 2, 2], nil, .unsupported(.idx, what: "images of shape", value: "[1, 2, 2, 2, 2]")
      ),
      ([3, 2, 2], [4], .corrupt(.idx, .labelCount(images: 3, labels: 4))),
      (
        [3, 2, 2], [3, 2],
        .corrupt(.idx, .wrongShape(dimensions: [3, 2], expected: "[labels]"))
      ),
    ] as [([Int], [Int]?, FormatError.Reason)])
  func contradictionsAreRefused(
    imageExtents: [Int], labelExtents: [Int]?, reason: FormatError.Reason
  ) throws {
    try folder.writeIDX(Self.images, dimensions: imageExtents, value: 1)
    if let labelExtents { try folder.writeIDX(Self.labels, dimensions: labelExtents, value: 1) }
    let culprit = folder.path + "/" + (labelExtents == nil ? Self.images : Self.labels)
    #expect(throws: FormatError(culprit, reason)) {
      try ImageDataset.mnist(in: folder.path)
    }
  }
}

@Suite("MNIST's relatives are read as they are laid")
struct RelativesTests {
  let folder: DataFolder

  init() throws { folder = try DataFolder() }

  private func read(_ name: String, _ split: ImageDataset.Split = .train) throws -> ImageDataset {
    let files = try #require(NamedDataset.named(name)?.files)
    #expect(files.areLikely(in: folder.path))
    return try files.read(folder.path, split)
  }

  @Test("EMNIST's images are turned, and letters have their names", arguments: ["", "EMNIST/raw/"])
  func letters(place: String) throws {
    try folder.writeIDX(
      place + "emnist-letters-train-images-idx3-ubyte", dimensions: [2, 2, 3],
      [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11])
    try folder.writeIDX(
      place + "emnist-letters-train-labels-idx1-ubyte", dimensions: [2], [1, 26])
    let data = try read("emnist-letters")
    #expect(data.imageShape == [1, 3, 2])
    #expect(data.pixels == [0, 3, 1, 4, 2, 5, 6, 9, 7, 10, 8, 11])
    #expect(data.labels == [0, 25])
    #expect(data.classNames?.count == 26 && data.className(25) == "Z")
  }

  @Test("EMNIST's classes have the names of its mapping files")
  func mapping() throws {
    for (part, label, name) in [
      ("balanced", 46, "t"), ("byclass", 61, "z"), ("bymerge", 36, "a"), ("digits", 9, "9"),
      ("mnist", 0, "0"), ("byclass", 35, "Z"),
    ] as [(String, UInt8, String)] {
      try folder.writeIDX(
        "emnist-\(part)-train-images-idx3-ubyte", dimensions: [1, 1, 1], value: 1)
      try folder.writeIDX("emnist-\(part)-train-labels-idx1-ubyte", dimensions: [1], [label])
      #expect(try read("emnist-\(part)").className(Int(label)) == name, "\(part)")
    }
  }

  @Test(
    "QMNIST's classes are the first of eight numbers", arguments: [ImageDataset.Split.train, .test])
  func qmnist(split: ImageDataset.Split) throws {
    for part in ["train", "test"] {
      try folder.writeIDX("qmnist-\(part)-images-idx3-ubyte", dimensions: [2, 1, 1], value: 1)
      let rows: [[Int32]] = [[5, 0, 1, 2, 3, 4, 5, 6], [9, 1, 1, 1, 1, 1, 1, 1]]
      try folder.write(
        "qmnist-\(part)-labels-idx2-int",
        [0, 0, 12, 2, 0, 0, 0, 2, 0, 0, 0, 8]
          + rows.joined().flatMap { value in
            withUnsafeBytes(of: value.bigEndian) { [UInt8]($0) }
          })
    }
    #expect(try read("qmnist", split).labels == [5, 9])
  }
}

@Suite("The real data are what was published")
struct RealDataTests {
  static let hasFashionMNIST = ImageDataset.systemFashionMNISTFolders
    .contains { FileManager.default.fileExists(atPath: $0) }

  @Test(
    .enabled(if: RealMNIST.folder != nil, "\(RealMNIST.absence)"))
  func mnistIsWhole() throws {
    let data = try ImageDataset.mnist(in: try #require(RealMNIST.folder))
    #expect(data.count == 60_000)
    #expect(data.imageShape == [1, 28, 28])
    // The mean and deviation everybody normalises MNIST with, 0.1307 and 0.3081.
    let moments = momentsOfUnitRange(data.pixels)
    #expect(abs(moments.mean - 0.1307) < 5e-5)
    #expect(abs(moments.deviation - 0.3081) < 5e-5)
    // Labels: 60,000 of them in ten classes, 5,923 zeros (LeCun's page counts them).
    #expect(data.labels?.count { $0 == 0 } == 5923)
  }

  @Test(
    .enabled(if: hasFashionMNIST, "the package dataset-fashion-mnist is not installed"))
  func fashionMNISTIsWhole() throws {
    let data = try ImageDataset.systemFashionMNIST()
    #expect(data.name == "fashion-mnist")
    #expect(data.count == 60_000)
    #expect(data.imageShape == [1, 28, 28])
    // Ten classes of 6,000 images each.
    let labels = try #require(data.labels)
    for label in 0..<10 as Range<UInt8> { #expect(labels.count { $0 == label } == 6000) }
    // The mean and deviation people normalise Fashion-MNIST with, 0.2860 and 0.3530.
    let moments = momentsOfUnitRange(data.pixels)
    #expect(abs(moments.mean - 0.2860) < 5e-5)
    #expect(abs(moments.deviation - 0.3530) < 5e-5)
  }

  @Test func theDigestIsOfThePixels() {
    let data = ImageDataset(name: "abc", imageShape: [1, 1, 3], pixels: [0x61, 0x62, 0x63])
    // FIPS 180-4's example.
    #expect(
      data.pixelDigest() == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
  }

  /// Mean and population deviation of samples scaled to `[0, 1]`.
  private func momentsOfUnitRange(_ samples: [UInt8]) -> (mean: Double, deviation: Double) {
    var histogram = [Int](repeating: 0, count: 256)
    samples.withUnsafeBufferPointer { for sample in $0 { histogram[Int(sample)] += 1 } }
    let count = Double(samples.count)
    var (mean, square) = (0.0, 0.0)
    for (value, occurrences) in histogram.enumerated() {
      let unit = Double(value) / 255
      mean += unit * Double(occurrences) / count
      square += unit * unit * Double(occurrences) / count
    }
    return (mean, (square - mean * mean).squareRoot())
  }
}
