import Foundation
import GANFormats
import Testing

@Suite("Atomic files are there whole or not at all")
struct AtomicFileTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func contentsReplaceWhatWasThereAndNothingElseRemains() throws {
    for contents in [[UInt8]](arrayLiteral: [1, 2, 3], [], [UInt8](repeating: 7, count: 100_000)) {
      try AtomicFile.write(contents, to: folder.path(of: "file"))
      #expect(try folder.bytes("file") == contents)
      #expect(try folder.names == ["file"])
    }
  }

  @Test func aFailureInTheMiddleLeavesTheOldContents() throws {
    let path = try folder.file("file", [1, 2, 3])
    let failure = FormatError("elsewhere", .notFound)
    #expect(throws: failure) {
      try AtomicFile.write(to: path) { output throws(FormatError) in
        try output.append([9])
        throw failure
      }
    }
    #expect(try folder.bytes("file") == [1, 2, 3])
    #expect(try folder.names == ["file"])
  }

  @Test func theUnfinishedFileLiesBesideItsPlaceUnderTheKnownPrefix() throws {
    var names: [String] = []
    try AtomicFile.write(to: folder.path(of: "file")) { _ in names = (try? folder.names) ?? [] }
    #expect(names.count == 1)
    #expect(names.allSatisfy { $0.hasPrefix(AtomicFile.temporaryPrefix) })
  }

  @Test func whatAKillLeftIsRemovedAndWhatIsBeingWrittenIsNot() throws {
    let left = try folder.file("\(AtomicFile.temporaryPrefix)left", [1])
    try AtomicFile.write(to: folder.path(of: "file")) { output throws(FormatError) in
      for name in (try? folder.names) ?? [] { AtomicFile.removeUnfinished(folder.path(of: name)) }
      try output.append([2])
    }
    #expect(!FileManager.default.fileExists(atPath: left))
    #expect(try folder.bytes("file") == [2])
    #expect(try folder.names == ["file"])
  }

  @Test func aLinkIsFollowedAndSurvives() throws {
    _ = try folder.file("target/file", [1])
    let link = folder.path(of: "link")
    try FileManager.default.createSymbolicLink(
      atPath: link, withDestinationPath: "target/file")
    try AtomicFile.write([2, 3], to: link)
    #expect(try folder.bytes("target/file") == [2, 3])
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == "target/file")
  }

  @Test(arguments: [
    ("absent/file", ENOENT), ("plain/file", ENOTDIR), (".", EISDIR),
    (String(repeating: "n", count: 300), ENAMETOOLONG),
  ])
  func whatCannotBeWrittenIsRefusedWithTheSystemsReason(name: String, code: Int32) throws {
    _ = try folder.file("plain", [5])
    let path = folder.path(of: name)
    let error = #expect(throws: FormatError.self) { try AtomicFile.write([1], to: path) }
    #expect(error == FormatError(path, .unwritable(code: code)))
    #expect(error?.kind == .unwritable)
    #expect(try folder.names == ["plain"])
  }

  @Test func aDeviceIsRefusedNotReplaced() {
    #expect(throws: FormatError("/dev/null", .unwritable(code: EEXIST))) {
      try AtomicFile.write([1], to: "/dev/null")
    }
  }
}
