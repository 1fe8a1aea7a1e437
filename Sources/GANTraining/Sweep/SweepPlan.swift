import Foundation
import GANFormats

/// Every run of a sweep, resolved before the first one begins: the contents of `sweep.json`.
package struct SweepPlan: Codable, Sendable {
  /// The version that made it.
  package let version: String
  /// Its name.
  package let name: String
  /// Its runs, in the order in which they begin.
  package let cases: [Case]

  /// A run of it.
  package struct Case: Codable, Sendable {
    /// The name of its folder in `runs/`.
    package let folder: String
    /// What tells its group from others.
    package let labels: [SweepRequest.Label]
    /// Everything that decides it.
    package let options: TrainingOptions
    /// The folder of its data; nil where their name is enough to find them.
    package let dataDir: String?
  }

  /// Collects the runs.
  package init(
    name: String,
    _ runs: [(labels: [SweepRequest.Label], options: TrainingOptions, dataDir: String?)]
  ) {
    version = Version.current
    self.name = name
    cases = runs.enumerated().map { number, run in
      let digits = String(number)
      let padded = String(repeating: "0", count: max(0, 5 - digits.count)) + digits
      return Case(
        folder: "\(padded)-\(run.options.runName)", labels: run.labels, options: run.options,
        dataDir: run.dataDir)
    }
  }

  /// Runs that differ in their seeds alone, group by group.
  package var groups: [[Case]] {
    var groups: [[Case]] = []
    for run in cases {
      if let place = groups.firstIndex(where: { $0[0].labels == run.labels }) {
        groups[place].append(run)
      } else {
        groups.append([run])
      }
    }
    return groups
  }

  /// The names of what tells groups apart, in their order.
  package var labelNames: [String] { cases.first?.labels.map(\.name) ?? [] }
}

/// The folder of a sweep, and the paths in it.
package struct SweepFolder: Hashable, Sendable {
  /// The folder.
  package let path: String

  /// Names a folder that is there already.
  package init(path: String) { self.path = path }

  /// Every run, resolved.
  package var plan: String { "\(path)/sweep.json" }
  /// The folder of its runs.
  package var runs: String { "\(path)/runs" }
  /// A row for each run.
  package var runTable: String { "\(path)/runs.csv" }
  /// A row for each group of runs.
  package var groupTable: String { "\(path)/table.csv" }
  /// The folder of a run.
  package func run(_ run: SweepPlan.Case) -> RunFolder {
    RunFolder(path: "\(runs)/\(run.folder)")
  }
  /// The error that ended a run for good; there is no file of others.
  package func failure(of run: SweepPlan.Case) -> String {
    "\(path)/failures/\(run.folder).json"
  }

  /// Makes a folder with the next free number in another: it appears whole, with its plan.
  ///
  /// - Throws: `FormatError` of kind `unwritable`.
  package static func create(in folder: String, for plan: SweepPlan) throws -> SweepFolder {
    let made = try NumberedFolder(in: folder)
    do {
      let unfinished = SweepFolder(path: made.path)
      try makeFolder(unfinished.runs)
      try makeFolder("\(unfinished.path)/failures")
      try AtomicFile.write([UInt8](readableJSON(plan).utf8), to: unfinished.plan)
      return SweepFolder(path: try made.finish(as: plan.name))
    } catch {
      made.discard()
      throw error
    }
  }

  /// Reads its plan.
  ///
  /// - Throws: `FormatError`; `TrainingError.foreign` where it is damaged, `.newer` where a later version
  ///   wrote it.
  package func readPlan() throws -> SweepPlan {
    let json = Data(try InputFile(path: plan).bytes(upTo: 200_000_000))
    do {
      let plan = try JSONDecoder().decode(SweepPlan.self, from: json)
      for run in plan.cases {
        try run.options.validate()
        guard !run.folder.contains("/"), !run.folder.hasPrefix(".") else {
          throw OptionsError.contradiction(run.folder)
        }
      }
      return plan
    } catch let error as RecordedOptionsError {
      guard let novelty = error.novelty else {
        throw TrainingError.foreign(path: plan, reason: "\(error)")
      }
      throw TrainingError.newer(path: plan, version: nil, novelty: novelty)
    } catch {
      throw TrainingError.foreign(path: plan, reason: "not the plan of a sweep, in JSON")
    }
  }
}
