import Foundation
import GANData
import GANFormats

/// What is said while pictures are decoded.
struct PackingProgress {
  private let packer: ImagePacker
  private let console: Console
  private let clock = ContinuousClock()
  private let start: ContinuousClock.Instant
  private let namesAll: Bool
  private var line: PreparationLine

  /// So many of the files left out are named one by one.
  private static let namedCount = 20

  /// Begins to watch.
  ///
  /// - Parameter namesAll: True to name all pictures where none can be read.
  init(of packer: ImagePacker, on console: Console, namesAll: Bool = false) {
    (self.packer, self.console) = (packer, console)
    self.namesAll = namesAll
    start = clock.now
    line = PreparationLine(on: console)
  }

  /// Says how packing goes, and what became of the pictures.
  ///
  /// - Parameters:
  ///   - path: Where the packed file will be.
  ///   - pack: Packs, and tells how many pictures are done.
  mutating func watch(
    into path: String,
    _ pack: (_ note: (Int) -> Void) throws(FormatError) -> PackedImages
  ) throws -> PackedImages {
    defer { clear() }
    do {
      let packed = try pack { note($0) }
      try finish(packed, in: path)
      return packed
    } catch {
      try fail(error)
      throw error
    }
  }

  /// Names the pictures of which none can be read, where that is what went wrong.
  mutating func fail(_ error: any Error) throws {
    guard case .noneReadable(let reasons)? = (error as? FormatError)?.reason else { return }
    clear()
    try name(reasons, atMost: namesAll ? reasons.count : Self.namedCount)
  }

  /// Leaves no half line on the terminal.
  mutating func clear() { line.clear() }

  /// Shows how many pictures are done.
  mutating func note(_ count: Int) {
    let total = packer.folder.files.count
    // Only a log could fail to take a line, and a run has its log later.
    try? line.show("data: \(count) of \(total) pictures decoded")
  }

  /// Says what became of the pictures.
  mutating func finish(_ packed: PackedImages, in path: String) throws {
    clear()
    try name(packed.report.unreadable, atMost: Self.namedCount)
    if let reason = packed.report.unlabelled { try console.say("data: no labels: \(reason)") }
    let seconds = (clock.now - start) / .seconds(1)
    try console.say(
      "data: \(packed.dataset.count) pictures packed in \(durationWords(seconds)), "
        + "kept in \(path)")
  }

  /// Names files that were left out, each with its reason.
  private func name(_ unreadable: [String], atMost count: Int) throws {
    for reason in unreadable.prefix(count) { try console.say("data: left out: \(reason)") }
    guard unreadable.count > count else { return }
    try console.say(
      "data: and \(unreadable.count - count) more; "
        + "gan data inspect \(packer.folder.path) names them")
  }
}
