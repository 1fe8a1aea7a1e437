import Foundation
import GANFormats

/// A line of `stats.jsonl`, as far as it is read again.
package struct StatisticsLine: Sendable {
  package let kind: Kind
  package let epoch: Int
  package let step: Int
  /// The losses and scores of its last step, by their keys in the file; NaN where not finite.
  package let values: [String: Double]
  /// The mean of each reading over the interval, by its name.
  package let means: [String: Double]
  /// Seconds since the process that wrote it began its first step; nil if the line has none.
  package let elapsedSeconds: Double?
  /// What a round's end says of the samples beside real items.
  package let samples: SampleMeasures?
  /// Clipped Coverage, of an evaluation.
  package let coverage: Double?
  /// What began to look wrong, of a warning.
  package let finding: RunDiagnosis.Finding?

  /// A kind of line.
  package enum Kind: String, Sendable {
    /// Losses and scores; those of an epoch's or a round's end.
    case report, epoch
    /// The generator was judged.
    case evaluation
    /// Something began to look wrong.
    case warning
    /// A later version's.
    case unknown
  }

  /// True for the line of an epoch's or a round's end.
  package var endsRound: Bool { kind == .epoch }
  /// True for a line with losses and scores.
  var isReport: Bool { kind == .report || kind == .epoch }

  /// The names of readings that older lines have only as values of their last step.
  static let valueKeys = [
    "discriminator.loss": "discriminatorLoss", "generator.loss": "generatorLoss",
    "discriminator.realScore": "realScore", "discriminator.fakeScore": "fakeScore",
  ]

  /// The mean of a reading, or its value in the last step, where that is all there is.
  package func mean(_ reading: String) -> Double? {
    means[reading] ?? Self.valueKeys[reading].flatMap { values[$0] }
  }
}

extension StatisticsLine: Decodable {
  private struct Reading: Decodable { let mean: Float? }
  private struct Metric: Decodable { let value: Double? }

  private enum Key: String, CodingKey {
    case kind, epoch, step, readings, elapsedSeconds, samples, metrics
    case verdict, evidence, since
    case discriminatorLoss, generatorLoss, realScore, fakeScore
  }

  package init(from decoder: any Decoder) throws {
    let line = try decoder.container(keyedBy: Key.self)
    kind = Kind(rawValue: try line.decode(String.self, forKey: .kind)) ?? .unknown
    samples = try line.decodeIfPresent(SampleMeasures.self, forKey: .samples)
    coverage = try line.decodeIfPresent([String: Metric].self, forKey: .metrics)?[
      DecidingMetric.clippedCoverage.rawValue]?.value
    finding = try line.decodeIfPresent(String.self, forKey: .verdict)
      .flatMap(RunDiagnosis.Kind.init).map { kind in
        RunDiagnosis.Finding(
          kind, try line.decode(String.self, forKey: .evidence),
          since: try line.decodeIfPresent(Int.self, forKey: .since))
      }
    epoch = try line.decode(Int.self, forKey: .epoch)
    step = try line.decode(Int.self, forKey: .step)
    elapsedSeconds = try line.decodeIfPresent(Double.self, forKey: .elapsedSeconds)
    var values: [String: Double] = [:]
    for key in [Key.discriminatorLoss, .generatorLoss, .realScore, .fakeScore] {
      let value = try line.decodeIfPresent(Float.self, forKey: key)
      values[key.rawValue] = value.map(Double.init) ?? .nan
    }
    self.values = values
    let readings = try line.decodeIfPresent([String: Reading].self, forKey: .readings) ?? [:]
    means = readings.compactMapValues { $0.mean.map(Double.init) }
  }

  /// The line of a report.
  init(_ report: TrainingReport) {
    kind = report.position.endsRound ? .epoch : .report
    (samples, coverage, finding) = (report.samples, nil, nil)
    (epoch, step) = (report.position.epoch, report.position.step)
    elapsedSeconds = report.elapsedSeconds
    func value(_ number: Float) -> Double { number.isFinite ? Double(number) : .nan }
    values = [
      "discriminatorLoss": value(report.losses.discriminatorLoss),
      "generatorLoss": value(report.losses.generatorLoss),
      "realScore": value(report.losses.realScore), "fakeScore": value(report.losses.fakeScore),
    ]
    // A file holds them in single precision.
    let means = report.readings.all.map { ($0.name, $0.mean.map { Double(Float($0)) }) }
    self.means = Dictionary(uniqueKeysWithValues: means).compactMapValues { $0 }
  }
}

extension RunFolder {
  /// The whole lines of `stats.jsonl`, in their order; none where there is no file.
  ///
  /// - Throws: `FormatError`; `TrainingError.foreign` where a line is damaged.
  package func statisticsLines() throws -> [StatisticsLine] {
    let file: InputFile
    do throws(FormatError) {
      file = try InputFile(path: statistics)
    } catch {
      guard error.reason == .notFound else { throw error }
      return []
    }
    let decoder = JSONDecoder()
    // After the last line's end there is nothing, or a line that a kill cut.
    return try file.bytes(upTo: file.byteCount)
      .split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).dropLast()
      .enumerated().map { number, bytes in
        guard let line = try? decoder.decode(StatisticsLine.self, from: Data(bytes)) else {
          throw TrainingError.foreign(
            path: statistics, reason: "line \(number + 1) is not a report in JSON")
        }
        return line
      }
  }
}
