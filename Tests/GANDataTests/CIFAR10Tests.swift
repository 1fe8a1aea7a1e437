import Foundation
import GANData
import GANFormats
import GANTensor
import GANTestSupport
import Testing

@Suite("CIFAR-10, the binary version")
struct CIFAR10Tests {
  let folder: DataFolder

  init() throws { folder = try DataFolder() }

  /// A record: its label, then red, green and blue, each a plane.
  private static func record(_ label: UInt8) -> [UInt8] {
    [label] + (0..<3).flatMap { [UInt8](repeating: 10 * label + UInt8($0), count: 1024) }
  }

  @Test(arguments: ["", "cifar-10-batches-bin/"])
  func recordsOfAllFilesFollowOneAnother(place: String) throws {
    for number in 1...5 {
      try folder.write(
        "\(place)data_batch_\(number).bin", Self.record(UInt8(number)) + Self.record(9))
    }
    try folder.write("\(place)test_batch.bin", Self.record(0))
    #expect(NamedDataset.cifar10.files?.areLikely(in: folder.path) == true)
    let data = try ImageDataset.cifar10(in: folder.path)
    #expect(data.name == "cifar-10")
    #expect(data.imageShape == [3, 32, 32])
    #expect(data.labels == [1, 9, 2, 9, 3, 9, 4, 9, 5, 9])
    #expect(data.pixels.prefix(3073).suffix(2) == [12, 90])
    #expect(data.classNames?[9] == "truck")
    #expect(try ImageDataset.cifar10(in: folder.path, split: .test).labels == [0])
  }

  @Test func absentCutAndForeignFilesAreRefused() throws {
    for number in 1...4 { try folder.write("data_batch_\(number).bin", Self.record(1)) }
    let path = "\(folder.path)/data_batch_5.bin"
    let last: [([UInt8]?, String)] = [
      (nil, "found neither data_batch_5.bin nor data_batch_5.bin.gz in "),
      ([], "CIFAR-10 file is truncated: \(path) (needs 3073 bytes, has 0)"),
      (
        Self.record(1) + [1, 2],
        "CIFAR-10 file is truncated: \(path) (needs 6146 bytes, has 3075)"
      ),
      (Self.record(10), "CIFAR-10 file is not supported: \(path) (record 1 has label 10)"),
    ]
    for (bytes, text) in last {
      if let bytes { try folder.write("data_batch_5.bin", bytes) }
      let error = #expect(throws: FormatError.self) {
        try ImageDataset.cifar10(in: folder.path)
      }
      #expect(error?.description.hasPrefix(text) == true, "\(error?.description ?? "")")
    }
  }
}
