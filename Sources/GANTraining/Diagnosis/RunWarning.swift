/// A verdict that begins while a run trains: a line of its statistics.
package struct RunWarning: Hashable, Sendable {
  package let finding: RunDiagnosis.Finding
  /// Steps finished, and the epoch of the last of them; 0 and 1 before the first.
  package let step, epoch: Int
  /// Real images shown so far.
  package let images: Int
  /// Flags for a new run that may go better; nil where none are known.
  package let advice: [String]?
}

extension RunWarning {
  /// The kind of its line in `stats.jsonl`.
  static let lineKind = "warning"

  /// A line of `stats.jsonl`, without its end.
  package var statisticsLine: String {
    get throws {
      try compactJSON(
        Line(
          kind: Self.lineKind, step: step, epoch: epoch, images: images,
          verdict: finding.kind, since: finding.since ?? step, evidence: finding.evidence,
          advice: advice?.shellLine))
    }
  }

  /// The line's keys.
  private struct Line: Encodable {
    let kind: String
    let step, epoch, images: Int
    let verdict: RunDiagnosis.Kind
    let since: Int
    let evidence: String
    let advice: String?
  }
}
