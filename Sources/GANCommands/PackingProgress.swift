import Foundation
import GANData
import GANFormats
import GANTraining

/// The output while pictures are decoded.
struct PackingProgress {
  private let packer: ImagePacker
  private let console: Console
  private let clock = ContinuousClock()
  private let start: ContinuousClock.Instant
  private let namesAll: Bool
  private var line: PreparationLine

  /// The number of left-out files that are named one by one.
  private static let namedCount = 20

  /// Creates a report on a packer.
  ///
  /// - Parameter namesAll: True to name all pictures if none can be read.
  init(of packer: ImagePacker, on console: Console, namesAll: Bool = false) {
    (self.packer, self.console) = (packer, console)
    self.namesAll = namesAll
    start = clock.now
    line = PreparationLine(on: console)
  }

  /// Reports the progress of packing, and its result.
  ///
  /// - Parameters:
  ///   - path: The path of the packed file.
  ///   - pack: Packs, and reports the number of pictures done.
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

  /// Names the pictures of which none can be read, if that was the error.
  mutating func fail(_ error: any Error) throws {
    guard case .noneReadable(let reasons, _)? = (error as? FormatError)?.reason else { return }
    clear()
    try name(reasons, atMost: namesAll ? reasons.count : Self.namedCount)
  }

  /// Leaves no half line on the terminal.
  mutating func clear() { line.clear() }

  /// Shows the number of pictures done.
  mutating func note(_ count: Int) {
    let total = packer.folder.files.count
    // Only writing to a log could fail, and a run has its log later.
    try? line.show("data: \(count) of \(total) pictures decoded")
  }

  /// Reports the result for the pictures.
  ///
  /// - Parameter path: The path of the packed file; nil where it is not kept.
  mutating func finish(_ packed: PackedImages, in path: String?) throws {
    clear()
    try name(packed.report.unreadable, atMost: Self.namedCount)
    for files in packed.report.foreign ?? [] {
      try console.say("data: left out: \(files.description)")
    }
    if let reason = packed.report.unlabelled { try console.say("data: no labels: \(reason)") }
    let seconds = (clock.now - start) / .seconds(1)
    try console.say(
      "data: \(packed.dataset.count) pictures packed in \(durationWords(seconds))"
        + (path.map { ", kept in \($0)" } ?? ""))
  }

  /// Names files that were left out, each with its reason.
  private func name(_ unreadable: [String], atMost count: Int) throws {
    for reason in unreadable.prefix(count) { try console.say("data: left out: \(reason)") }
    guard unreadable.count > count else { return }
    try console.say(
      "data: and \(unreadable.count - count) more; for their names: "
        + "gan data inspect \(packer.folder.path.shellQuoted)")
  }
}
