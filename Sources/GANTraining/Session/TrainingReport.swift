/// A run's report after a step.
package struct TrainingReport: Sendable {
  /// After which step.
  package let position: RunPosition
  /// Real images shown so far.
  package let images: Int
  /// The losses and scores of that step.
  package let losses: StepReport
  /// Everything the step reports, over the steps since the last report or epoch's end.
  package let readings: Readings
  /// Seconds a step took, on average since the last report.
  package let stepSeconds: Double
  /// Seconds since the run, or its continuation, began its first step.
  package let elapsedSeconds: Double

  /// Real images a second, since the last report.
  package let imagesPerSecond: Double
  /// Seconds of a step that this rank spent in sums over all ranks, waiting for them included, on
  /// average since the last report; nil in a run of one process.
  package var exchangeSeconds: Double?
  /// The samples beside real items; nil but at a round's end.
  package var samples: SampleMeasures?

  /// A line of `stats.jsonl`, without its end.
  ///
  /// Keys that end in `Seconds` and `PerSecond` are the only ones that differ between two runs of
  /// the same options. NaN and infinities are `null` and listed under `nonfinite`.
  ///
  /// - Parameter kind: `report`, or `epoch` at an epoch's end.
  package func statisticsLine(kind: String) -> String {
    var values: [(String, Double)] = [
      ("discriminatorLoss", Double(losses.discriminatorLoss)),
      ("generatorLoss", Double(losses.generatorLoss)),
      ("realScore", Double(losses.realScore)), ("fakeScore", Double(losses.fakeScore)),
      ("stepSeconds", stepSeconds), ("imagesPerSecond", imagesPerSecond),
      ("elapsedSeconds", elapsedSeconds),
    ]
    if let exchangeSeconds { values.append(("exchangeSeconds", exchangeSeconds)) }
    let counts = [("epoch", position.epoch), ("step", position.step), ("images", images)]
    let nonfinite = values.filter { !$0.1.isFinite }.map { "\"\($0.0)\"" }
    let members =
      ["\"kind\":\"\(kind)\""]
      + counts.map { "\"\($0.0)\":\($0.1)" }
      + values.map { "\"\($0.0)\":\($0.1.isFinite ? "\(Float($0.1))" : "null")" }
      + (nonfinite.isEmpty ? [] : ["\"nonfinite\":[\(nonfinite.joined(separator: ","))]"])
      + (samples.map { ["\"samples\":\($0.json)"] } ?? [])
      + ["\"readings\":\(readings.json)"]
    return "{\(members.joined(separator: ","))}"
  }
}
