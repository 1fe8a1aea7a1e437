import Foundation
import GANData

/// The output while a data set is fetched: lines, and on a terminal the bytes so far, drawn over.
struct FetchProgress {
  private let dataset: PublishedDataset
  private let console: Console
  private let clock = ContinuousClock()
  private let start: ContinuousClock.Instant
  private var line: PreparationLine
  private var mirror: String?
  private var failure: FetchError.Attempt?
  private var finishedCount = 0

  /// Creates the progress of a fetch.
  init(of dataset: PublishedDataset, on console: Console) {
    (self.dataset, self.console) = (dataset, console)
    start = clock.now
    line = PreparationLine(on: console)
  }

  /// Reports an event if it is worth a line.
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
      guard total > 1_000_000 else { return }
      try line.show("data: \(file.archiveName): \(megabytes(bytes)) of \(megabytes(total))")
    case .failed(_, let attempt):
      failure = attempt
    case .finished:
      finishedCount += 1
    }
  }

  /// Reports the end of the fetch, and its folder.
  mutating func finish(in folder: String) throws {
    clear()
    // Another process may have fetched all files meanwhile.
    guard finishedCount > 0 else { return }
    let seconds = (clock.now - start) / .seconds(1)
    try console.say(
      "data: \(dataset.name) fetched in \(durationWords(seconds)), "
        + "kept in \(folder)")
  }

  /// Leaves no half line on the terminal.
  mutating func clear() { line.clear() }
}
