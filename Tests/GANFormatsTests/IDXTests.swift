import GANFormats
import Testing

@Suite("IDX files are read exactly")
struct IDXTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  static let small: [UInt8] = [0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 10, 11, 12, 13, 14, 15]

  @Test(arguments: [false, true])
  func shapesAndBytesComeBack(isCompressed: Bool) throws {
    let files: [([UInt8], NumericArray)] = [
      (Self.small, NumericArray(dimensions: [2, 3], [10, 11, 12, 13, 14, 15])),
      ([0, 0, 8, 0, 42], NumericArray(dimensions: [], [42])),
      ([0, 0, 8, 1, 0, 0, 0, 0], NumericArray(dimensions: [0], [])),
      (
        [0, 0, 8, 1, 0, 0, 1, 2] + [UInt8](repeating: 3, count: 258),
        NumericArray(dimensions: [258], [UInt8](repeating: 3, count: 258))
      ),
      (
        [0, 0, 8, 4, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 3, 7, 8, 9],
        NumericArray(dimensions: [1, 1, 1, 3], [7, 8, 9])
      ),
    ]
    for (bytes, tensor) in files {
      let path = try folder.file("file", isCompressed ? gzipMember(bytes) : bytes)
      #expect(try IDX.read(path) == tensor)
    }
  }

  @Test(
    "Every type of the format is read, big-endian as it is",
    arguments: [
      (0x08, [[255], [7]], [255, 7]), (0x09, [[255], [7]], [-1, 7]),
      (0x0b, [[0xff, 0xfe], [1, 2]], [-2, 258]),
      (0x0c, [[0xff, 0xff, 0xff, 0xfd], [0, 1, 0, 0]], [-3, 65_536]),
      (0x0d, [[0x3f, 0x80, 0, 0], [0xc0, 0x20, 0, 0]], [1, -2.5]),
      (0x0e, [[0x3f, 0xf0, 0, 0, 0, 0, 0, 0], [0xc0, 4, 0, 0, 0, 0, 0, 0]], [1, -2.5]),
    ] as [(UInt8, [[UInt8]], [Float])])
  func types(code: UInt8, elements: [[UInt8]], values: [Float]) throws {
    let path = try folder.file("file", [0, 0, code, 1, 0, 0, 0, 2] + elements.joined())
    let array = try IDX.read(path)
    #expect(array.dimensions == [2])
    #expect(array.floats == values)
  }

  @Test(arguments: [false, true])
  func everyTruncationIsRefused(isCompressed: Bool) throws {
    for length in 0..<Self.small.count {
      let cut = [UInt8](Self.small.prefix(length))
      let path = try folder.file("file", isCompressed ? gzipMember(cut) : cut)
      let reason: FormatError.Reason =
        switch length {
        case ..<4: .foreign(.idx, leadingBytes: cut)
        case ..<12: .truncated(.idx, neededBytes: 12, foundBytes: length)
        default: .truncated(.idx, neededBytes: 18, foundBytes: length)
        }
      #expect(throws: FormatError(path, reason)) { try IDX.read(path) }
    }
  }

  @Test(
    arguments: [
      ([1, 0, 8, 1, 0, 0, 0, 0], .foreign(.idx, leadingBytes: [1, 0, 8, 1])),
      ([0, 0, 7, 1, 0, 0, 0, 0], .foreign(.idx, leadingBytes: [0, 0, 7, 1])),
      ([0, 0, 0x0d, 1, 0, 0, 0, 1], .truncated(.idx, neededBytes: 12, foundBytes: 8)),
      (small + [0], .trailing(.idx, excessBytes: 1)),
      (
        [0, 0, 8, 2, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 1, 5],
        .truncated(.idx, neededBytes: 12 + 0xffff_ffff, foundBytes: 13)
      ),
      (
        [0, 0, 8, 3] + [UInt8](repeating: 0xff, count: 12),
        .corrupt(.idx, .sizeOverflow(dimensions: [0xffff_ffff, 0xffff_ffff, 0xffff_ffff]))
      ),
    ] as [([UInt8], FormatError.Reason)])
  func contradictionsAreNamed(bytes: [UInt8], reason: FormatError.Reason) throws {
    let path = try folder.file("file", bytes)
    #expect(throws: FormatError(path, reason)) { try IDX.read(path) }
  }

  @Test func aCompressedFileWithABadChecksumIsRefused() throws {
    var bytes = gzipMember(Self.small)
    bytes[bytes.count - 8] ^= 1
    let path = try folder.file("file", bytes)
    let error = #expect(throws: FormatError.self) { try IDX.read(path) }
    #expect(error?.reason == .corrupt(.gzip, .decoder(message: "incorrect data check")))
  }

  @Test func greatExtentsDoNotAllocate() throws {
    let path = try folder.file("file", gzipMember([0, 0, 8, 2, 0x7f, 0, 0, 0, 0x7f, 0, 0, 0]))
    let error = #expect(throws: FormatError.self) { try IDX.read(path) }
    #expect(error?.kind == .invalid)
  }
}
