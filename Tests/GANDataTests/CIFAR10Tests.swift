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

  /// Pieces of pickles by their instructions.
  private enum Piece {
    /// `}`, kept as number 0.
    static let dictionary: [UInt8] = [0x7d, 0x71, 0]
    static func text(_ text: String) -> [UInt8] { [0x8c, UInt8(text.utf8.count)] + text.utf8 }
    static func bytes(_ count: Int) -> [UInt8] {
      let length = (0..<4).map { UInt8(count >> (8 * $0) & 255) }
      return [0x42] + length + [UInt8](repeating: 7, count: count)
    }
    static func name(_ name: String) -> [UInt8] { [0x63] + "\(name)\n".utf8 }
  }

  @Test("Lists that hold each other are read, and leave the memory with their pickle")
  func circles() throws {
    // {"x": [itself, 4 MB]}: the list is number 1, and appended to itself.
    let pickle =
      Piece.dictionary + Piece.text("x") + [0x5d, 0x71, 1, 0x68, 1, 0x61]
      + Piece.bytes(4_000_000) + [0x61, 0x73, 0x2e]
    try folder.write("circle", pickle)
    func residentPages() throws -> Int {
      let text = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
      return try #require(Int(text.split(separator: " ")[1]))
    }
    func read() throws {
      let elements = try Pickle.dictionary("\(folder.path)/circle")["x"]?.elements
      #expect(elements?.count == 2)
      guard case .none? = elements?[0], case .bytes(let bytes)? = elements?[1] else {
        Issue.record("\(String(describing: elements))")
        return
      }
      #expect(bytes.count == 4_000_000)
    }
    try read()
    let before = try residentPages()
    for _ in 0..<50 { try read() }
    // Each would leave a thousand pages behind.
    #expect(try residentPages() - before < 20_000)
  }

  @Test("A pickle makes no more contents than it has bytes")
  func amplification() throws {
    // One array of 1 MB, made over and over of the same arguments by four bytes at a time.
    let type = Piece.name("numpy\ndtype") + Piece.text("u1") + [0x85, 0x52]
    let arguments =
      [0x28] + Piece.bytes(1_000_000) + type + [0x4a] + [0x40, 0x42, 0x0f, 0]
      + [0x85] + Piece.text("C") + [0x74, 0x71, 2]
    let once: [UInt8] = [0x68, 1, 0x68, 2, 0x52]
    let start =
      Piece.dictionary + Piece.name("numpy.core.numeric\n_frombuffer") + [0x71, 1] + arguments
    for (count, isRefused) in [(1, false), (4_000, true)] {
      let pickle =
        start + (0..<count).flatMap { _ in once } + [UInt8](repeating: 0x30, count: count + 2)
        + [0x2e]
      try folder.write("many", pickle)
      let read = Result { try Pickle.dictionary("\(folder.path)/many") }
      switch read {
      case .success: #expect(!isRefused)
      case .failure(let error):
        #expect(isRefused && "\(error)".contains("more contents than bytes"), "\(error)")
      }
    }
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
