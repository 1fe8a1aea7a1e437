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
    let places = ["", "/MNIST/raw", "/raw"].map { folder.path + $0 }
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
    arguments: [
      (
        [60, 28], nil,
        .wrongShape(dimensions: [60, 28], expected: "[images, rows, columns]")
      ),
      ([0, 2, 2], nil, .wrongShape(dimensions: [0, 2, 2], expected: "[images, rows, columns]")),
      ([3, 2, 2], [4], .labelCount(images: 3, labels: 4)),
      ([3, 2, 2], [3, 1], .wrongShape(dimensions: [3, 1], expected: "[labels]")),
    ] as [([Int], [Int]?, FormatError.Fault)])
  func contradictionsAreRefused(
    imageExtents: [Int], labelExtents: [Int]?, fault: FormatError.Fault
  ) throws {
    try folder.writeIDX(Self.images, dimensions: imageExtents, value: 1)
    if let labelExtents { try folder.writeIDX(Self.labels, dimensions: labelExtents, value: 1) }
    let culprit = folder.path + "/" + (labelExtents == nil ? Self.images : Self.labels)
    #expect(throws: FormatError(culprit, .corrupt(.idx, fault))) {
      try ImageDataset.mnist(in: folder.path)
    }
  }
}

@Suite("The real data are what was published")
struct RealDataTests {
  static let hasFashionMNIST = ImageDataset.systemFashionMNISTFolders
    .contains { FileManager.default.fileExists(atPath: $0) }

  @Test(
    .enabled(if: RealMNIST.folder != nil, "GAN_TEST_MNIST names no folder with MNIST"))
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
