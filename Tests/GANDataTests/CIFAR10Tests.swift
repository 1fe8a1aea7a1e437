import Foundation
import GANData
import GANFormats
import GANTensor
import GANTestSupport
import Testing

@Suite("CIFAR-10")
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

  @Test(
    "Python's version is read as torchvision keeps it, whichever Python wrote it",
    .enabled(if: PythonPeer.canImport("numpy"), "python3 cannot import numpy"),
    arguments: ["0", "2", "3", "4", "5"])
  func pickles(protocolNumber: String) throws {
    let script = """
      import os, pickle, sys, numpy
      folder = sys.argv[1] + "/cifar-10-batches-py"
      os.makedirs(folder)
      for number in range(1, 6):
          data = numpy.full((2, 3072), number, numpy.uint8)
          data[:, 1] = 200
          batch = {b"batch_label": b"of 5", b"labels": [number, 9], b"data": data,
                   b"filenames": [b"a.png", b"b.png"]}
          with open(f"{folder}/data_batch_{number}", "wb") as file:
              pickle.dump(batch, file, protocol=int(sys.argv[2]))
      """
    _ = try PythonPeer.printed(by: script, folder.path, protocolNumber)
    #expect(NamedDataset.cifar10.files?.areLikely(in: folder.path) == true)
    guard Int(protocolNumber) ?? 0 > 1 else {
      // Text, which nobody publishes: refused as what it is.
      let error = #expect(throws: FormatError.self) { try ImageDataset.cifar10(in: folder.path) }
      #expect(error?.description.contains("cifar-10-batches-py") == true)
      return
    }
    let data = try ImageDataset.cifar10(in: folder.path)
    #expect(data.imageShape == [3, 32, 32] && data.classNames?[9] == "truck")
    #expect(data.labels == [1, 9, 2, 9, 3, 9, 4, 9, 5, 9])
    #expect(data.pixels[0...2] == [1, 200, 1] && data.pixels.last == 5)
  }

  @Test("A pickle as Python 2 wrote it is read")
  func python2() throws {
    // Protocol 2, with the strings and the array's state of 2009.
    func short(_ text: String) -> [UInt8] { [0x55, UInt8(text.utf8.count)] + text.utf8 }
    func bytes(_ text: String) -> [UInt8] { [UInt8](text.utf8) }
    var pickle: [UInt8] = [0x80, 2] + bytes("}(")
    pickle += short("labels") + bytes("](") + [0x4b, 3, 0x4b, 9] + bytes("e") + short("data")
    pickle += bytes("cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\n")
    pickle += [0x4b, 0, 0x85] + short("b") + [0x87, 0x52]
    pickle += bytes("(") + [0x4b, 1, 0x4b, 2, 0x4d, 0, 12, 0x86]
    pickle += bytes("cnumpy\ndtype\n") + short("u1") + [0x4b, 0, 0x4b, 1, 0x87, 0x52]
    pickle += bytes("(") + [0x4b, 3] + short("|") + bytes("NNNJ") + [255, 255, 255, 255]
    pickle += bytes("J") + [255, 255, 255, 255, 0x4b, 0] + bytes("tb") + [0x89]
    pickle += bytes("T") + [0, 24, 0, 0] + (0..<6144).map { UInt8($0 % 256) } + bytes("tbu.")
    for number in 1...5 { try folder.write("data_batch_\(number)", pickle) }
    let data = try ImageDataset.cifar10(in: folder.path)
    #expect(data.count == 10 && data.labels?.prefix(2) == [3, 9])
    #expect(data.pixels.prefix(6144).elementsEqual((0..<6144).map { UInt8($0 % 256) }))
    // Every beginning of it ends early, and is refused.
    for length in stride(from: 0, to: pickle.count, by: 13) {
      try folder.write("data_batch_3", Array(pickle.prefix(length)))
      #expect(throws: FormatError.self) { try ImageDataset.cifar10(in: folder.path) }
    }
  }

  @Test(
    "A pickle of anything else is refused, and nothing of it is run",
    arguments: [
      "}q.", "cos\nsystem\n(S'touch /tmp/x'\ntR.", "].",
      String(repeating: "]", count: 100_000) + ".",
    ])
  func hostile(pickle: String) throws {
    for number in 1...5 { try folder.write("data_batch_\(number)", [UInt8](pickle.utf8)) }
    let error = #expect(throws: FormatError.self) { try ImageDataset.cifar10(in: folder.path) }
    #expect(error?.kind == .invalid)
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
