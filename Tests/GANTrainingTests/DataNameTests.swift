import Testing

@testable import GANTraining

@Suite("Data are called after their folder or file")
struct DataNameTests {
  /// 사진, in the pieces that some file systems keep.
  private static let pieces = "\u{1109}\u{1161}\u{110C}\u{1175}\u{11AB}"

  @Test(
    "in any script, without what a folder's name should not have",
    arguments: [
      ("my pets", "my-pets"), ("../../mnist", "mnist-pictures"), ("사진", "사진"), (pieces, "사진"),
      ("내 사진 (2)", "내-사진--2"), ("写真.v2", "写真.v2"), ("हिन्दी", "हिन्दी"), ("café", "café"),
      ("a\u{202E}b\u{1B}c", "a-b-c"), ("🐶🐱", "pictures"), ("...", "pictures"),
      (String(repeating: "x", count: 99), String(repeating: "x", count: 64)),
      // Three bytes each: 21 of them have 63.
      (String(repeating: "가", count: 99), String(repeating: "가", count: 21)),
    ])
  func own(folder: String, name: String) throws {
    let source = DataSource(cache: nil)
    let found = source.pictureName(ofFolder: "/some/\(folder)/")
    // As bytes: composed and not are equal as text.
    #expect(Array(found.utf8) == Array(name.utf8), "\(found)")
    guard name != "mnist-pictures" else { return }
    #expect(Array(try source.checkedPictureName(found).utf8) == Array(name.utf8))
  }

  @Test("A name that is given is taken as it is, composed, or refused")
  func given() throws {
    let source = DataSource(cache: nil)
    #expect(Array(try source.checkedPictureName(Self.pieces).utf8) == Array("사진".utf8))
    let tooLong = String(repeating: "가", count: DataName.byteLimit / 3 + 1)
    for name in ["", "a b", "a/b", ".a", "-", "🐶", tooLong] {
      #expect(throws: DataError.self, "\(name)") { try source.checkedPictureName(name) }
    }
  }
}
