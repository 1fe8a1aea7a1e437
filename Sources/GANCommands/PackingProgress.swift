import Foundation
import GANData

/// What is said while pictures are decoded.
struct PackingProgress {
  private let packer: ImagePacker
  private let console: Console
  private let clock = ContinuousClock()
  private let start: ContinuousClock.Instant
  private var line: PreparationLine

  /// So many of the files left out are named one by one.
  private static let namedCount = 20

  /// Begins to watch.
  init(of packer: ImagePacker, on console: Console) {
    (self.packer, self.console) = (packer, console)
    start = clock.now
    line = PreparationLine(on: console)
  }

  /// Shows how many pictures are done.
  mutating func note(_ count: Int) {
    let total = packer.folder.files.count
    // Only a log could fail to take a line, and a run has its log later.
    try? line.show("data: \(count) of \(total) pictures decoded")
  }

  /// Says what became of the pictures.
  mutating func finish(_ packed: PackedImages, in path: String) throws {
    clear()
    let unreadable = packed.report.unreadable
    for reason in unreadable.prefix(Self.namedCount) {
      try console.say("data: left out: \(reason)")
    }
    if unreadable.count > Self.namedCount {
      try console.say(
        "data: and \(unreadable.count - Self.namedCount) more; "
          + "gan data inspect \(packer.folder.path) names them")
    }
    let classCount = packer.folder.classNames?.count ?? 0
    if classCount > ImagePacker.classLimit {
      try console.say(
        "data: no labels: \(classCount) class folders are more than \(ImagePacker.classLimit)")
    }
    let seconds = (clock.now - start) / .seconds(1)
    try console.say(
      "data: \(packed.dataset.count) pictures packed in \(durationWords(seconds)), "
        + "kept in \(path)")
  }

  /// Leaves no half line on the terminal.
  mutating func clear() { line.clear() }
}
