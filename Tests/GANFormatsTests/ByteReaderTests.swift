import GANFormats
import Testing

@Suite("Files are read through their compression")
struct ByteReaderTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Long enough for several pieces, and not compressible to nothing.
  static let contents = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 * $0 >> 7 ^ $0) }

  @Test(arguments: [7, 1000, 65_536, 299_999, 300_000, 300_001])
  func anyPiecesGiveTheContents(pieceBytes: Int) throws {
    let half = Self.contents.count / 2
    let stored: [(String, [UInt8])] = [
      ("plain", Self.contents),
      ("gzip", gzipMember(Self.contents)),
      (
        "gzip of members",
        gzipMember([UInt8](Self.contents[..<half])) + gzipMember([])
          + gzipMember([UInt8](Self.contents[half...]))
      ),
      ("padded gzip", gzipMember(Self.contents) + [0, 0, 0]),
    ]
    for (name, bytes) in stored {
      var reader = try ByteReader(path: folder.file(name, bytes))
      var read: [UInt8] = []
      while true {
        let piece = try reader.bytes(upTo: pieceBytes)
        read += piece
        if piece.count < pieceBytes { break }
      }
      #expect(read == Self.contents, "\(name), pieces of \(pieceBytes)")
      #expect(reader.maximumByteCount >= Self.contents.count)
      #expect(try reader.bytes(upTo: 1).isEmpty)
    }
  }

  @Test(arguments: [[], [0x1f], [0x1f, 0x8c], [7]] as [[UInt8]])
  func shortFilesThatAreNotGzipArePlain(bytes: [UInt8]) throws {
    var reader = try ByteReader(path: folder.file("file", bytes))
    #expect(try reader.bytes(upTo: 10) == bytes)
  }

  @Test func aMemberCutAnywhereIsRefused() throws {
    let whole = gzipMember([UInt8](Self.contents.prefix(200)))
    for length in 2..<whole.count {
      let path = try folder.file("file", [UInt8](whole.prefix(length)))
      #expect(throws: FormatError(path, .corrupt(.gzip, .endsEarly)), "cut to \(length) bytes") {
        var reader = try ByteReader(path: path)
        _ = try reader.bytes(upTo: 1000)
      }
    }
  }

  @Test func aByteChangedInAMemberNeverGivesOtherContents() throws {
    let contents = [UInt8](Self.contents.prefix(200))
    let whole = gzipMember(contents)
    var refusals = 0
    for position in whole.indices.dropFirst(2) {
      var damaged = whole
      damaged[position] ^= 0x10
      let path = try folder.file("file", damaged)
      do throws(FormatError) {
        var reader = try ByteReader(path: path)
        #expect(try reader.bytes(upTo: 1000) == contents, "byte \(position)")
      } catch {
        #expect(error.kind == .invalid, "byte \(position)")
        refusals += 1
      }
    }
    // What may change are the time, the system and a few unused bits.
    #expect(refusals > whole.count - 12)
  }

  @Test func whatFollowsAMemberMustBeAMember() throws {
    let path = try folder.file("file", gzipMember([1, 2, 3]) + [5, 6, 7, 8])
    let error = #expect(throws: FormatError.self) {
      var reader = try ByteReader(path: path)
      _ = try reader.bytes(upTo: 10)
    }
    #expect(error?.kind == .invalid)
  }

  @Test func absentFilesFoldersAndDevicesAreMissing() throws {
    for (path, reason): (String, FormatError.Reason) in [
      (folder.path(of: "absent"), .notFound), (folder.path, .notRegularFile),
      ("/dev/zero", .notRegularFile),
    ] {
      #expect(throws: FormatError(path, reason)) { _ = try ByteReader(path: path) }
    }
  }
}
