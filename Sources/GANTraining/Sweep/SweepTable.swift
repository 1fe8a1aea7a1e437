import Foundation
import GANFormats

/// The results of a sweep, group by group: means over the seeds with their standard errors.
///
/// It follows from the runs' files alone, whatever happened on the way.
package struct SweepTable: Sendable {
  /// The names of what tells groups apart.
  package let labelNames: [String]
  /// A row for each group, in the order of the plan.
  package let groups: [Group]
  /// Every run.
  package let results: [SweepResult]
  /// Losses and scores, and then metrics by name: whatever any run has.
  package let measures: [String]

  /// Runs that differ in their seeds alone.
  package struct Group: Sendable {
    package let labels: [SweepRequest.Label]
    package let results: [SweepResult]

    /// Runs that came to their end.
    package var finishedCount: Int { results.count { $0.state == .finished } }

    /// A measure of those that did; nil where none has it.
    package func spread(of measure: String) -> Spread? {
      let values = results.filter { $0.state == .finished }.compactMap { $0.values[measure] }
      return values.isEmpty ? nil : Spread(values)
    }

    /// The mean of what real images get; nil where there is none.
    package func floor(of measure: String) -> Double? {
      let floors = results.filter { $0.state == .finished }.compactMap { $0.floors[measure] }
      return floors.isEmpty ? nil : floors.reduce(0, +) / Double(floors.count)
    }

    /// `objective=hinge`, the values alone where there is one name.
    package var label: String {
      labels.count == 1
        ? labels[0].value : labels.map { "\($0.name)=\($0.value)" }.joined(separator: " ")
    }
  }

  /// A mean over runs.
  package struct Spread: Hashable, Sendable {
    package let count: Int
    package let mean: Double
    /// The mean's standard error, `n - 1` in the deviation's denominator; nil for one run.
    package let standardError: Double?

    init(_ values: [Double]) {
      count = values.count
      let mean = values.reduce(0, +) / Double(values.count)
      self.mean = mean
      let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      standardError =
        count > 1 ? (squares / Double(count - 1) / Double(count)).squareRoot() : nil
    }
  }

  /// Losses and scores, in the order of tables.
  private static let readings = ["discriminatorLoss", "generatorLoss", "realScore", "fakeScore"]

  /// Reads the results of a plan's runs.
  ///
  /// - Throws: As `SweepResult`.
  package init(of plan: SweepPlan, in folder: SweepFolder) throws {
    labelNames = plan.labelNames
    groups = try plan.groups.map { runs in
      Group(
        labels: runs[0].labels, results: try runs.map { try SweepResult(of: $0, in: folder) })
    }
    results = groups.flatMap(\.results)
    let names = Set(results.flatMap { $0.values.keys })
    measures = Self.readings.filter(names.contains) + names.subtracting(Self.readings).sorted()
  }

  /// A row for each run, as CSV.
  package var runsCSV: String {
    let head = ["folder"] + labelNames + ["seed", "state", "step"] + measures
    let rows = results.map { result in
      [result.run.folder] + result.run.labels.map(\.value)
        + ["\(result.run.options.seed)", result.state.rawValue, "\(result.step)"]
        + measures.map { number(result.values[$0]) }
    }
    return csv([head] + rows)
  }

  /// A row for each group, as CSV.
  package var groupsCSV: String {
    let head =
      labelNames + ["runs", "finished"]
      + measures.flatMap { ["\($0) mean", "\($0) standard error", "\($0) floor"] }
    let rows = groups.map { group in
      group.labels.map(\.value) + ["\(group.results.count)", "\(group.finishedCount)"]
        + measures.flatMap { measure -> [String] in
          let spread = group.spread(of: measure)
          return [
            number(spread?.mean), number(spread?.standardError), number(group.floor(of: measure)),
          ]
        }
    }
    return csv([head] + rows)
  }

  /// Writes both.
  ///
  /// - Throws: `FormatError` of kind `unwritable`.
  package func write(to folder: SweepFolder) throws {
    try AtomicFile.write([UInt8](runsCSV.utf8), to: folder.runTable)
    try AtomicFile.write([UInt8](groupsCSV.utf8), to: folder.groupTable)
  }

  private func number(_ value: Double?) -> String { value.map { "\($0)" } ?? "" }

  private func csv(_ rows: [[String]]) -> String {
    rows.map { row in
      row.map { cell in
        cell.contains(where: { ",\"\n\r".contains($0) })
          ? "\"\(cell.replacing("\"", with: "\"\""))\"" : cell
      }.joined(separator: ",") + "\n"
    }.joined()
  }
}
