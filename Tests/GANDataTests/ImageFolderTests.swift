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
    #expect(
      found.survey
        == "8 pictures in 3 class folders; passed over: 1 .txt, 2 hidden, 1 without an ending; "
        + "no pictures in d")
  }

  @Test("What this program wrote beside the pictures is passed over by name")
  func ownOutput() throws {
    try write(["cat/1.png", "cat/report.json", "dog/1.png", "dog/2.png"])
    let run = ["options.json", "stats.jsonl", "samples/real_images.png"]
    try write(["00000-a", "00001-b"].flatMap { name in run.map { "runs/\(name)/\($0)" } })
    try write(["README.md", "report.json", "plot.png"].map { "lab/00000-optimum/\($0)" })
    let picture = PixelImage(width: 2, height: 1, channels: 1, pixels: [3, 200])
    for name in ["samples.png", "cat/overview.png"] {
      try PNG.writeOverview(picture, to: "\(folder.path)/\(name)")
    }
    #expect(try PNG.read("\(folder.path)/samples.png") == picture)
    let found = try ImageFolder(folder.path)
    // Classes would be lost by a picture beside their folders; in these nothing is looked into.
    #expect(found.classNames == ["cat", "dog"])
    #expect(
      found.files.map(\.path) == ["cat/1.png", "cat/overview.png", "dog/1.png", "dog/2.png"])
    #expect(
      found.survey
        == "4 pictures in 2 class folders; passed over: 2 runs of gan, 1 experiment of gan lab, "
        + "1 picture made by gan, 1 .json")
    // A run that is named is what was asked for.
    #expect(
      try ImageFolder("\(folder.path)/runs/00000-a").files.map(\.path)
        == ["samples/real_images.png"])
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

  @Test("Pictures replaced by others of the same names, lengths and times are others")
  func replaced() throws {
    func digest(_ byte: UInt8, times: Bool = true) throws -> String {
      for name in ["a/1.png", "a/2.png"] {
        try folder.write(name, [byte])
        try FileManager.default.setAttributes(
          [.modificationDate: Date(timeIntervalSince1970: 1)],
          ofItemAtPath: "\(folder.path)/\(name)")
      }
      return try ImageFolder(folder.path).digest
    }
    let digests = [try digest(1), try digest(2)]
    #expect(digests[0] != digests[1])
    #expect(try ImageFolder(folder.path).digest == digests[1])
    // Through a link that leads elsewhere.
    try folder.write("v1/x.png", [1])
    try folder.write("v2/x.png", [2])
    let elsewhere = try DataFolder()
    for version in ["v1", "v2"] {
      try FileManager.default.setAttributes(
        [.modificationDate: Date(timeIntervalSince1970: 1)],
        ofItemAtPath: "\(folder.path)/\(version)/x.png")
    }
    let linked = "\(elsewhere.path)/class"
    func digestOfLink(to version: String) throws -> String {
      unlink(linked)
      #expect(symlink("\(folder.path)/\(version)", linked) == 0)
      return try ImageFolder(elsewhere.path).digest
    }
    #expect(try digestOfLink(to: "v1") != digestOfLink(to: "v2"))
  }

  @Test("A picture that can be read again is packed again")
  func permissions() throws {
    try write(["1.png"])
    let before = try ImageFolder(folder.path).digest
    chmod("\(folder.path)/1.png", 0o000)
    #expect(try ImageFolder(folder.path).digest != before)
  }

  @Test(
    "Folders of training and test pictures are no classes",
    arguments: [
      ("training", "testing"), ("train", "val"), ("Training", "Validation"),
      ("train2017", "val2017"), ("training_set", "test_set"), ("1.Training", "2.Validation"),
      ("seg_train", "seg_test"), ("학습", "검증"),
    ])
  func splits(training: String, test: String) throws {
    try write(["\(training)/cat/1.png", "\(training)/dog/2.png", "\(test)/cat/3.png"])
    let found = try ImageFolder(folder.path)
    #expect(found.files.map(\.path) == ["\(training)/cat/1.png", "\(training)/dog/2.png"])
    #expect(found.classNames == ["cat", "dog"])
    #expect(found.files.map(\.label) == [0, 1])
    #expect(found.heldBack == [test: 1])
    #expect(
      found.survey
        == "2 pictures of \(training) in 2 class folders; passed over: 1 of \(test), held back")
  }

  @Test(
    "Folders that are anything else beside each other are classes",
    arguments: [["train", "bus"], ["test", "val"], ["train", "training", "test"]])
  func noSplits(names: [String]) throws {
    try write(names.map { "\($0)/1.png" })
    #expect(try ImageFolder(folder.path).classNames == names.sorted())
  }

  @Test("A folder that has all others in it is no class, and neither is one around train and test")
  func wrapped() throws {
    try write(["photos/cat/1.png", "photos/dog/x/2.png"])
    #expect(try ImageFolder(folder.path).classNames == ["cat", "dog"])
    let other = try DataFolder()
    for name in ["data/train/a/1.png", "data/train/b/2.png", "data/test/a/3.png"] {
      try other.write(name, [1])
    }
    let found = try ImageFolder(other.path)
    #expect(found.part == "data/train" && found.classNames == ["a", "b"])
    #expect(found.files.map(\.label) == [0, 1])
  }

  @Test("Pictures are known by their first bytes where their names do not tell")
  func unnamed() throws {
    let picture = PictureForge.png(.plain(width: 4, height: 4, [9]))
    try folder.write("a/1.jfif", [1])
    try folder.write("a/plain", picture)
    try folder.write("a/odd.jpg_large", picture)
    try folder.write("a/letter.txt", [UInt8]("BMW is a name and no picture at all".utf8))
    try folder.write("b/1.heic", [1])
    try folder.write("b/2.gif", [1])
    let found = try ImageFolder(folder.path)
    #expect(
      found.files.map(\.path) == ["a/1.jfif", "a/odd.jpg_large", "a/plain", "b/1.heic", "b/2.gif"])
    #expect(found.classNames == ["a", "b"])
    #expect(found.others == [".txt": 1])
  }

  @Test func foldersWithoutPicturesAreRefused() throws {
    try write(["a/notes.txt", "1.doc"])
    let error = #expect(throws: FormatError.self) { try ImageFolder(folder.path) }
    #expect(error?.kind == .missing)
    #expect(error?.description.hasPrefix("no pictures in \(folder.path) (looked for .jpg") == true)
    let absent = folder.path + "/absent"
    #expect(throws: FormatError(absent, .notFound)) { try ImageFolder(absent) }
    let file = folder.path + "/1.doc"
    #expect(throws: FormatError(file, .notFolder)) { try ImageFolder(file) }
  }
}
