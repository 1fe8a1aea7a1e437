import Foundation
import GANFormats
import GANTestSupport
import Testing

@testable import GANData

@Suite("A data set is fetched whole or not at all")
struct DataFetchTests {
  let mirror: Mirror
  let scratch: DataFolder
  let dataset: PublishedDataset

  /// Bytes that no compression shortens.
  static let contents: [[UInt8]] = [(1, 90_000), (2, 500)].map { seed, count in
    var random = SplitMix(seed: UInt64(seed))
    return (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next() as UInt64) }
  }

  init() throws {
    mirror = try Mirror()
    scratch = try DataFolder()
    let names = ["train-images-idx3-ubyte", "train-labels-idx1-ubyte"]
    let files = zip(names, Self.contents).map { name, bytes in
      PublishedFile(
        name: name, split: .train, format: .idx, byteCount: bytes.count,
        downloadByteCount: bytes.count,
        proof: .contents(SHA256.hexadecimalDigest(of: bytes)))
    }
    dataset = PublishedDataset(name: "mnist", files: files, mirrors: [])
    for (name, bytes) in zip(names, Self.contents) {
      try mirror.add("mnist/\(name)", Data(bytes))
    }
  }

  var cache: DataCache { DataCache(path: scratch.path + "/deep/cache") }

  /// Fetches from the mirror, asked in these ways one after another.
  func fetch(
    _ ways: [String], _ dataset: PublishedDataset? = nil,
    _ report: (DataFetch.Event) -> Void = { _ in }
  ) throws {
    // Patient, as the mirror may wait for a processor; but not with one that will never answer.
    let patience = FetchPatience(
      connectMilliseconds: 30_000, stallSeconds: ways.contains("silent") ? 2 : 30)
    try DataFetch(
      dataset ?? self.dataset, into: cache, from: .instead(ways.map { mirror.address($0) }),
      patience: patience
    ).run(report)
  }

  /// The files in the cache by their names, hidden ones too.
  func cached() throws -> [String: [UInt8]] {
    let folder = cache.folder(of: dataset)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder)
    return Dictionary(
      uniqueKeysWithValues: try names.map { name in
        (name, [UInt8](try Data(contentsOf: URL(filePath: "\(folder)/\(name)"))))
      })
  }

  var everything: [String: [UInt8]] {
    Dictionary(uniqueKeysWithValues: zip(dataset.files.map(\.name), Self.contents))
  }

  /// Sound mirrors to go on to. Where patience is short, a busy machine may make some seem silent.
  private func spares(after way: String) -> [String] {
    Array(repeating: "ranges", count: way == "silent" ? 9 : 1)
  }

  /// Leaves the first bytes of a download behind, as an interrupted fetch does.
  func leavePart(_ name: String, _ bytes: [UInt8]) throws {
    try scratch.write("deep/cache/mnist/\(name).gz.part", bytes)
  }

  @Test(
    "However a mirror serves it, what was published arrives",
    arguments: ["ranges", "whole", "redirect", "recompressed", "plain", "slow-0.2"])
  func arrives(way: String) throws {
    try fetch([way])
    #expect(try cached() == everything)
    #expect(cache.firstDefect(of: dataset, split: .train) == nil)
  }

  @Test(
    "A mirror that fails is passed over",
    arguments: [
      "missing", "foreign", "page", "loop", "endless", "silent", "cut-0", "absent",
    ])
  func failover(way: String) throws {
    var failures: [FetchError.Attempt] = []
    try fetch([way] + spares(after: way)) { event in
      if case .failed(_, let attempt) = event { failures.append(attempt) }
    }
    #expect(try cached() == everything)
    // The second file is asked of the mirror that gave the first.
    #expect(failures.first?.mirror == mirror.address(way) + "/mnist")
    #expect(failures.first?.isForeign == ["foreign", "page"].contains(way))
    if way == "silent" { #expect(failures.allSatisfy { $0.reason.contains("slow") }) }
    #expect(failures.count == 1 || way == "silent", "\(failures)")
  }

  @Test("A broken transfer goes on where it broke, at the same mirror as long as anything comes")
  func resumption() throws {
    try fetch(["cut-20000", "ranges"])
    #expect(try cached() == everything)
    let first = mirror.requests.filter { $0.contains("images") }
    // Five transfers of 20,000 bytes are enough for 90,000 and the gzip frame.
    #expect(
      first
        == [0, 20_000, 40_000, 60_000, 80_000].map { "cut-20000 train-images-idx3-ubyte.gz \($0)" })
  }

  @Test("What one mirror began another finishes")
  func resumptionElsewhere() throws {
    try fetch(["cut-10000", "ranges"])
    #expect(try cached() == everything)
    #expect(mirror.requests.contains("ranges train-images-idx3-ubyte.gz 50000"))
  }

  @Test(
    "A part that leads nowhere is fetched anew",
    arguments: [
      // Of another file; longer than the mirror's; at a mirror that continues nothing.
      ("ranges", 5_000, 2),
      ("ranges", 100_000, 2),
      ("whole", 5_000, 2),
    ])
  func worthlessPart(way: String, byteCount: Int, requests: Int) throws {
    try leavePart("train-images-idx3-ubyte", [UInt8](repeating: 7, count: byteCount))
    try fetch([way])
    #expect(try cached() == everything)
    #expect(mirror.requests.count { $0.contains("images") } == requests)
  }

  @Test("A part that is the whole file needs no second download")
  func completePart() throws {
    try leavePart("train-images-idx3-ubyte", Self.contents[0])
    // The server says that nothing follows.
    try fetch(["plain"])
    #expect(try cached() == everything)
    #expect(mirror.requests.first == "plain train-images-idx3-ubyte.gz 90000")
    #expect(mirror.requests.count { $0.contains("images") } == 1)
  }

  @Test("Where no mirror helps, each is named with its reason, and nothing gets a file's name")
  func nowhere() throws {
    let ways = ["missing", "foreign", "cut-0", "absent"]
    let error = try #require(throws: FetchError.self) { try fetch(ways) }
    guard case .nowhere(let name, let file, let attempts) = error else {
      Issue.record("\(error)")
      return
    }
    #expect(name == "mnist")
    #expect(file == "train-images-idx3-ubyte.gz")
    #expect(attempts.map(\.mirror) == ways.map { mirror.address($0) + "/mnist" })
    let reasons = ["404", "another file than was published", "", ""]
    for (attempt, reason) in zip(attempts, reasons) {
      #expect(attempt.reason.contains(reason) || reason.isEmpty, "\(attempt)")
      #expect("\(error)".contains("\(attempt.mirror): \(attempt.reason)"))
    }
    #expect(try cached().keys.allSatisfy { $0.hasSuffix(".part") })
    #expect(!error.isForeign)
    #expect(try #require(throws: FetchError.self) { try fetch(["foreign", "page"]) }.isForeign)
  }

  @Test("What is sound is not fetched again, and what is damaged is")
  func repair() throws {
    try fetch(["ranges"])
    let before = mirror.requests.count
    try fetch(["ranges"])
    #expect(mirror.requests.count == before)

    for (name, bytes) in everything {
      for damaged in [bytes.dropLast() + [], bytes + [0], [bytes[0] ^ 1] + bytes.dropFirst(), []] {
        try scratch.write("deep/cache/mnist/\(name)", damaged)
        #expect(cache.firstDefect(of: dataset, split: .train)?.defect == .damaged)
        try fetch(["ranges"])
        #expect(try cached() == everything)
      }
    }
  }

  @Test("A file known by its archive's sum is kept as it came, and no other copy will do")
  func archive() throws {
    let bytes = Self.contents[1]
    let file = PublishedFile(
      name: "train-labels-idx1-ubyte", split: .train, format: .idx, byteCount: 10_000,
      downloadByteCount: bytes.count,
      proof: .archive(SHA256.hexadecimalDigest(of: bytes)))
    let archived = PublishedDataset(name: "mnist", files: [file], mirrors: [])
    try mirror.add("mnist/train-labels-idx1-ubyte.gz", Data(bytes))
    try fetch(["plain", "ranges"], archived)
    #expect(try cached() == ["train-labels-idx1-ubyte.gz": bytes])
    #expect(cache.firstDefect(of: archived, split: .train) == nil)
  }

  @Test("A fetch waits for another's end, and fetches nothing that is there then")
  func waiting() throws {
    let folder = cache.folder(of: dataset)
    try makeFolder(folder)
    let other = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    try #require(flock(other, LOCK_EX | LOCK_NB) == 0)
    var waits = 0
    try fetch(["ranges"]) { event in
      guard event == .waiting else { return }
      waits += 1
      for (name, bytes) in everything {
        #expect(throws: Never.self) { try scratch.write("deep/cache/mnist/\(name)", bytes) }
      }
      close(other)
    }
    #expect(waits == 1)
    #expect(mirror.requests.isEmpty)
    #expect(try cached() == everything)
  }

  @Test("Until a fetch ends, others wait")
  func lock() throws {
    var moments = 0
    try fetch(["ranges"]) { _ in
      let other = open(cache.folder(of: dataset), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
      defer { close(other) }
      #expect(flock(other, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK)
      moments += 1
    }
    // Each of two files begins and ends.
    #expect(moments >= 4)
  }

  @Test("A cache that cannot be written is no mirror's fault")
  func unwritable() throws {
    try scratch.write("deep", [1])
    let error = try #require(throws: FormatError.self) { try fetch(["ranges"]) }
    #expect(error.kind == .unwritable)
    #expect(mirror.requests.isEmpty)
  }

  @Test("Forbidden is forbidden")
  func forbidden() {
    #expect(throws: FetchError.forbidden(dataset: "mnist")) {
      try DataFetch(dataset, into: cache, from: .forbidden, patience: .named).run { _ in }
    }
  }
}

@Suite("Places are those the environment names")
struct DataPlaceTests {
  @Test(
    arguments: [
      (["XDG_CACHE_HOME": "/c", "HOME": "/h"], "/c/swift-gan"),
      (["XDG_CACHE_HOME": "c", "HOME": "/h"], home),
      (["XDG_CACHE_HOME": "", "HOME": "/h"], home), (["HOME": "/h"], home), ([:], nil),
      (["HOME": ""], nil),
    ] as [([String: String], String?)])
  func cache(environment: [String: String], path: String?) {
    #expect(DataCache(environment: environment)?.path == path)
  }

  #if canImport(Darwin)
    static let home = "/h/Library/Caches/swift-gan"
  #else
    static let home = "/h/.cache/swift-gan"
  #endif

  @Test(
    arguments: [
      (nil, .known), ("", .known), (" ", .known), ("none", .forbidden),
      ("http://a", .instead(["http://a"])), (" http://a  b ", .instead(["http://a", "b"])),
    ] as [(String?, MirrorList)])
  func mirrors(value: String?, list: MirrorList) {
    #expect(MirrorList(value) == list)
  }
}

@Suite("What is said to be published is")
struct PublishedDatasetTests {
  @Test(arguments: NamedDataset.all.compactMap(\.download))
  func tablesAreWellFormed(dataset: PublishedDataset) {
    #expect(Set(dataset.files.map(\.name)).count == dataset.files.count)
    for split in ImageDataset.Split.allCases {
      #expect(dataset.files.contains { $0.split == nil || $0.split == split })
    }
    for file in dataset.files {
      let sum =
        switch file.proof {
        case .contents(let sum), .archive(let sum): sum
        }
      #expect(sum.count == 64 && sum.allSatisfy { $0.isHexDigit && !$0.isUppercase })
      #expect(file.downloadByteCount < file.byteCount)
    }
    #expect(!dataset.mirrors.isEmpty)
    for mirror in dataset.mirrors {
      let url = URL(string: mirror)
      #expect(["http", "https"].contains(url?.scheme) && !mirror.hasSuffix("/"))
    }
  }

  /// Copies that people have, compressed by whomever.
  static let copies: [(PublishedDataset, String)] =
    [
      (NamedDataset.mnist, RealMNIST.folder),
      (.fashionMNIST, NamedDataset.fashionMNIST.files?.systemFolder),
    ].compactMap { dataset, folder in
      guard let download = dataset.download, let folder else { return nil }
      return (download, folder)
    }

  @Test("Independent copies prove the sums", arguments: copies)
  func sums(dataset: PublishedDataset, folder: String) throws {
    for file in dataset.files { try file.verify("\(folder)/\(file.archiveName)") }
  }
}

@Suite("The registry of data sets")
struct NamedDatasetTests {
  @Test("Every name stands once, can name a run's folder, and is not the search's own")
  func names() {
    let names = NamedDataset.all.map(\.name)
    #expect(Set(names).count == names.count)
    for name in names {
      #expect(
        name != "auto" && name.allSatisfy { $0.isLetter || $0.isNumber || $0 == "-" }, "\(name)")
      #expect(NamedDataset.named(name)?.name == name)
    }
    #expect(NamedDataset.named("auto") == nil)
  }

  @Test("A data set's download, items and row have one name; a stacked one's, what it stacks in it")
  func agreement() {
    for dataset in NamedDataset.all {
      let isStacked = NamedDataset.stacked.contains { $0.name == dataset.name }
      switch dataset.origin {
      case .files(let files):
        guard let download = files.download?.name else { continue }
        let names = isStacked ? ["stacked-\(download)", "stacked-\(download)-2"] : [download]
        #expect(names.contains(dataset.name))
      case .points(let draw): #expect(draw(0).name == dataset.name)
      case .images: break
      }
    }
    #expect(ImageDataset.strokes(count: 1).name == NamedDataset.strokes.name)
  }

  @Test("What auto takes in place of the preferred data set needs no network")
  func substitutes() {
    #expect(NamedDataset.preferred.download != nil)
    for dataset in NamedDataset.substitutes {
      #expect(dataset.files.map { !$0.systemFolders.isEmpty } ?? !dataset.isPoints)
    }
    #expect(NamedDataset.substitutes.last?.files == nil, "the last is always there")
  }
}
