import GANFormats
import GANTensor
import GANTestSupport
import Testing

@Suite("safetensors files")
struct SafetensorsTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  static let weight = HostTensor(shape: [2, 3], [0, 1, 2, 3, 4, 5] as [Float])
  static let bias = HostTensor(shape: [2], [1, 2] as [Float])
  static let step = HostTensor(shape: .scalar, [7] as [Int64])

  /// Every element type, a shape with an extent of 0, and names that need care.
  static let various = SafetensorsFile(
    metadata: ["options": "{\"a\": \"\\\t\u{1}é😀\"}", "Z": ""],
    tensors: [
      ("b", HostTensor(shape: [2], elementType: .boolean, bytes: [1, 0])),
      ("u", HostTensor(shape: [3], [1, 2, 3] as [UInt8])),
      ("i", HostTensor(shape: [1], [5] as [Int32])),
      ("f", HostTensor(shape: [1, 2], [1, 1] as [Float])),
      ("l", HostTensor(shape: [0, 3], [] as [Int64])),
      ("é\n\"x", HostTensor(shape: .scalar, [1.5] as [Float])),
    ])

  static func file(header: String, data: [UInt8] = []) -> [UInt8] {
    littleEndian(UInt64(header.utf8.count)) + [UInt8](header.utf8) + data
  }

  @Test func aFileInInsertionOrderIsRead() throws {
    let header =
      #"{"__metadata__":{"format":"pt"},"0.weight":{"dtype":"F32","shape":[2,3],"#
      + #""data_offsets":[0,24]},"0.bias":{"dtype":"F32","shape":[2],"data_offsets":[24,32]},"#
      + #""step":{"dtype":"I64","shape":[],"data_offsets":[32,40]}}    "#
    let data = Self.weight.bytes + Self.bias.bytes + Self.step.bytes
    let bytes = Self.file(header: header, data: data)
    #expect(bytes.count == 264 && bytes.prefix(8) == [0xd8, 0, 0, 0, 0, 0, 0, 0])
    let file = try SafetensorsFile(contentsOf: folder.file("file", bytes))
    let expected = SafetensorsFile(
      metadata: ["format": "pt"],
      tensors: [("0.weight", Self.weight), ("0.bias", Self.bias), ("step", Self.step)])
    #expect(file == expected)
    #expect(file["0.bias"] == Self.bias && file["1.bias"] == nil)
  }

  @Test func bytesAreThoseOfTheReference() throws {
    // safetensors.numpy.save of the same tensors with metadata {"format": "pt"}, version 0.8.0.
    let header =
      #"{"__metadata__":{"format":"pt"},"step":{"dtype":"I64","shape":[],"data_offsets":[0,8]},"#
      + #""0.bias":{"dtype":"F32","shape":[2],"data_offsets":[8,16]},"#
      + #""0.weight":{"dtype":"F32","shape":[2,3],"data_offsets":[16,40]}}      "#
    let file = SafetensorsFile(
      tensors: [("0.weight", Self.weight), ("0.bias", Self.bias), ("step", Self.step)])
    try file.write(to: folder.path(of: "file"))
    let data = Self.step.bytes + Self.bias.bytes + Self.weight.bytes
    #expect(try folder.bytes("file") == Self.file(header: header, data: data))
  }

  @Test func whatIsWrittenIsReadAndWrittenAgainTheSame() throws {
    try Self.various.write(to: folder.path(of: "first"))
    let read = try SafetensorsFile(contentsOf: folder.path(of: "first"))
    #expect(read.metadata == Self.various.metadata.merging(["format": "pt"]) { $1 })
    #expect(read.entries.map(\.name) == ["l", "f", "é\n\"x", "i", "u", "b"])
    for entry in Self.various.entries { #expect(read[entry.name] == entry.tensor) }
    try read.write(to: folder.path(of: "second"))
    #expect(try folder.bytes("first") == folder.bytes("second"))
  }

  @Test func everyTruncationAndExtensionIsRefused() throws {
    try Self.various.write(to: folder.path(of: "whole"))
    let whole = try folder.bytes("whole")
    for length in 0..<whole.count {
      let path = try folder.file("cut", [UInt8](whole.prefix(length)))
      let error = #expect(throws: FormatError.self, "cut to \(length)") {
        try SafetensorsFile(contentsOf: path)
      }
      #expect(error?.kind == .invalid)
      if case .truncated = error?.reason {} else { Issue.record("cut to \(length): \(error!)") }
    }
    let path = try folder.file("long", whole + [0])
    #expect(throws: FormatError(path, .trailing(.safetensors, excessBytes: 1))) {
      try SafetensorsFile(contentsOf: path)
    }
  }

  @Test func aBitFlippedInTheHeaderNeverCrashesTheReader() throws {
    try Self.various.write(to: folder.path(of: "whole"))
    let whole = try folder.bytes("whole")
    var refusals = 0
    for position in 0..<whole.count - 21 {
      var damaged = whole
      damaged[position] ^= 1 << UInt8(position % 8)
      let path = try folder.file("damaged", damaged)
      do { _ = try SafetensorsFile(contentsOf: path) } catch { refusals += 1 }
    }
    // What is accepted are letters changed within names and metadata.
    #expect(refusals > whole.count / 2)
  }

  @Test(
    .enabled(
      if: PythonPeer.canImport("numpy, safetensors.numpy"),
      "python3 cannot import safetensors and numpy"))
  func theReferenceReadsWhatWeWriteAndWritesTheSameBytes() throws {
    let tensors = Self.various.entries.map { ($0.name, $0.tensor) }
    let path = folder.path(of: "ours")
    try SafetensorsFile(tensors: tensors).write(to: path)
    let script = """
      import sys
      from safetensors.numpy import load_file, save_file
      tensors = load_file(sys.argv[1])
      save_file(tensors, sys.argv[2], {"format": "pt"})
      for name in sorted(tensors):
        print(ascii(name), tensors[name].dtype, tensors[name].shape, tensors[name].tolist())
      """
    let output = try PythonPeer.printed(by: script, path, folder.path(of: "theirs"))
    #expect(
      output == """
        'b' bool (2,) [True, False]
        'f' float32 (1, 2) [[1.0, 1.0]]
        'i' int32 (1,) [5]
        'l' int64 (0, 3) []
        'u' uint8 (3,) [1, 2, 3]
        '\\xe9\\n"x' float32 () 1.5

        """)
    #expect(try folder.bytes("ours") == folder.bytes("theirs"))
  }
}
