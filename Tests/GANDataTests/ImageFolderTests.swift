import Foundation
import GANData
import GANFormats
import GANTestSupport
import Testing

@Suite("Folders of pictures")
struct ImageFolderTests {
  let folder: DataFolder

  init() throws { folder = try DataFolder() }

  private func write(_ names: [String]) throws {
    for name in names { try folder.write(name, [1]) }
  }

  private func link(_ name: String, to place: String) throws {
    try FileManager.default.createSymbolicLink(
      atPath: "\(folder.path)/\(name)", withDestinationPath: place)
  }

  @Test func namesAndClassesAreInTheOrderOfTorchvision() throws {
    // What torchvision's loop gives: over sorted classes, in each over sorted(os.walk), in each over
    // sorted names. Paths compare as text: "x", "x-y", "x/z".
    let expected = [
      "Zebra/1.png", "b/10.jpeg", "b/2.PNG", "b/x/1.jpg", "b/x/2.bmp", "b/x-y/1.webp",
      "b/x/z/3.png",
      "c/\u{e9}.jpg",
    ]
    try write(expected + ["b/notes.txt", ".hidden/1.png", "c/.trash.png", "d/readme"])
    let found = try ImageFolder(folder.path)
    #expect(found.files.map(\.path) == expected)
    #expect(found.classNames == ["Zebra", "b", "c"])
    #expect(found.files.map(\.label) == [0, 1, 1, 1, 1, 1, 1, 2])
    #expect(found.unreadable.isEmpty)
  }

  @Test(arguments: [["2.png", "1.png"], ["a/1.png", "2.png"]])
  func picturesOutsideOfClassFoldersHaveNoLabels(names: [String]) throws {
    try write(names)
    let found = try ImageFolder(folder.path)
    #expect(found.classNames == nil)
    #expect(found.files.map(\.label) == [nil, nil])
  }

  @Test func whatOnlyLooksLikeAPictureIsReportedByName() throws {
    try write(["a/1.png", "folder.png/2.png"])
    try link("a/itself.png", to: "itself.png")
    try link("a/nowhere.jpg", to: "absent.jpg")
    try link("a/round", to: "..")
    try link("a/twin.png", to: "1.png")
    #expect(mkfifo("\(folder.path)/pipe.bmp", 0o600) == 0)
    #expect(mkdir("\(folder.path)/closed", 0o000) == 0)
    let nameless: [CChar] = folder.path.utf8CString.dropLast() + [47, -1, 46, 112, 110, 103, 0]
    close(open(nameless, O_CREAT | O_WRONLY, 0o600))

    let found = try ImageFolder(folder.path)
    #expect(found.files.map(\.path) == ["a/1.png", "a/twin.png"])
    var expected = [
      "cannot read a/itself.png: Too many levels of symbolic links",
      "no such file or folder: a/nowhere.jpg",
      "cannot read a/round: Too many levels of symbolic links",
      "not a file: folder.png",
      "not a file: pipe.bmp",
      "cannot read \u{fffd}.png: Invalid or incomplete multibyte or wide character",
    ]
    // Root may look into everything.
    if getuid() != 0 { expected.insert("cannot read closed: Permission denied", at: 3) }
    #expect(found.unreadable.map(\.description) == expected)
    chmod("\(folder.path)/closed", 0o700)
  }

  @Test func theDigestTellsNamesLengthsAndTimes() throws {
    try write(["1.png", "2.png"])
    var digests = [try ImageFolder(folder.path).digest]
    #expect(try ImageFolder(folder.path).digest == digests[0])
    try folder.write("2.png", [1, 2])
    digests.append(try ImageFolder(folder.path).digest)
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSince1970: 1)], ofItemAtPath: "\(folder.path)/2.png")
    digests.append(try ImageFolder(folder.path).digest)
    try FileManager.default.moveItem(
      atPath: "\(folder.path)/2.png", toPath: "\(folder.path)/3.png")
    digests.append(try ImageFolder(folder.path).digest)
    #expect(Set(digests).count == 4)
  }

  @Test func foldersWithoutPicturesAreRefused() throws {
    try write(["a/notes.txt", "1.gif"])
    let error = #expect(throws: FormatError.self) { try ImageFolder(folder.path) }
    #expect(error?.kind == .missing)
    #expect(error?.description.hasPrefix("no pictures in \(folder.path) (looked for .jpg") == true)
    let absent = folder.path + "/absent"
    #expect(throws: FormatError(absent, .notFound)) { try ImageFolder(absent) }
    let file = folder.path + "/1.gif"
    #expect(throws: FormatError(file, .notFolder)) { try ImageFolder(file) }
  }
}
