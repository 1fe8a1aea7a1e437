import Foundation
import GANData
import GANFormats
import GANTraining

/// The console's reports on a search for data.
struct DataReporter {
  private let console: Console
  private let namesAll: Bool
  private var fetching: FetchProgress?
  private var packing: PackingProgress?

  /// Creates a reporter.
  ///
  /// - Parameter namesAll: True to name all pictures if none can be read.
  init(_ console: Console, namesAll: Bool = false) {
    (self.console, self.namesAll) = (console, namesAll)
  }

  /// Runs a search and reports on it, failures included.
  mutating func watch<Found>(
    _ search: (_ note: (DataNote) -> Void) throws -> Found
  ) throws -> Found {
    defer {
      fetching?.clear()
      packing?.clear()
    }
    do {
      return try search { note($0) }
    } catch {
      try packing?.fail(error)
      throw error
    }
  }

  // Only a log could fail to take a line, and a run has its log later.
  private mutating func note(_ note: DataNote) {
    if let line = note.line { try? console.say("data: \(line)") }
    switch note {
    case .fetching(let dataset, let event):
      var progress = fetching ?? FetchProgress(of: dataset, on: console)
      try? progress.note(event)
      fetching = progress
    case .fetched(_, let folder):
      try? fetching?.finish(in: folder)
      fetching = nil
    case .packingBegan(let packer):
      packing = PackingProgress(of: packer, on: console, namesAll: namesAll)
    case .packing(_, let count):
      packing?.note(count)
    case .packed(_, let packed, let path):
      try? packing?.finish(packed, in: path)
    case .unavailable, .substituted, .damaged, .surveyed, .several, .assumed, .unpacking,
      .unpackingElsewhere, .uncached, .emptyClasses, .lacking, .packingElsewhere:
      break
    }
  }
}

extension DataSource {
  /// Finds the training items, and reports on the console which they are and how they were found.
  func find(on console: Console) throws -> any TrainingData {
    var reporter = DataReporter(console)
    let found = try reporter.watch { try find($0) }
    try console.say("data: \(found)")
    return found.data
  }
}
