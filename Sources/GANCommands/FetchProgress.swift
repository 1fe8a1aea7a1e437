import Foundation
import GANData

/// What is said while a data set is fetched: lines, and on a terminal the bytes so far, drawn over.
struct FetchProgress {
  private let dataset: PublishedDataset
  private let cache: DataCache
  private let console: Console
  private let canRedraw: Bool
  private let clock = ContinuousClock()
  private let start: ContinuousClock.Instant
  private var lastShown: ContinuousClock.Instant
  private var mirror: String?
  private var failure: FetchError.Attempt?
  private var finishedCount = 0
  /// Whether half a line stands on the terminal.
  private var isDrawn = false

  /// Off a terminal there is a line so often; on one the line is drawn so often.
  private var interval: Duration { canRedraw ? .milliseconds(100) : .seconds(10) }

  /// Begins to watch a fetch.
  init(of dataset: PublishedDataset, into cache: DataCache, on console: Console) {
    (self.dataset, self.cache, self.console) = (dataset, cache, console)
    canRedraw = Terminal.errors.canRedraw && !console.isQuiet
    start = clock.now
    lastShown = start
  }

  /// Says what is worth saying of an event.
  mutating func note(_ event: DataFetch.Event) throws {
    switch event {
    case .waiting:
      try console.say("data: another process is fetching \(dataset.name); waiting for it")
    case .started(_, let mirror):
      guard mirror != self.mirror || failure != nil else { return }
      clear()
      let reason = failure.map { "\($0.reason); " } ?? ""
      try console.say("data: \(reason)fetching \(dataset.name) from \(mirror)")
      self.mirror = mirror
      failure = nil
    case .progress(let file, let bytes, let total):
      // A file of labels is there before its line could be read.
      guard total > 1_000_000, clock.now - lastShown >= interval else { return }
      lastShown = clock.now
      let line = "data: \(file.archiveName): \(megabytes(bytes)) of \(megabytes(total))"
      guard canRedraw else { return try console.say(line) }
      // In a narrow terminal the line would wrap and not be drawn over.
      let columns = max(Terminal.errors.size.columns - 1, 1)
      write("\r\(line.prefix(columns))\u{1B}[K")
      isDrawn = true
    case .failed(_, let attempt):
      failure = attempt
    case .finished:
      finishedCount += 1
    }
  }

  /// Says that all is there.
  mutating func finish() throws {
    clear()
    // Another process may have fetched everything meanwhile.
    guard finishedCount > 0 else { return }
    let seconds = (clock.now - start) / .seconds(1)
    try console.say(
      "data: \(dataset.name) fetched in \(durationWords(seconds)), "
        + "kept in \(cache.folder(of: dataset))")
  }

  /// Leaves no half line on the terminal.
  mutating func clear() {
    if isDrawn { write("\r\u{1B}[K") }
    isDrawn = false
  }

  private func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
}
