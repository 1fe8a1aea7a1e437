import Foundation
import GANFormats

/// A line of `stats.jsonl`, as far as it is read again.
package struct StatisticsLine: Sendable {
  /// True for the line of an epoch's or a round's end.
  package let endsRound: Bool
  package let epoch: Int
  package let step: Int
  /// The losses and scores of its last step, by their keys in the file; NaN where not finite.
  package let values: [String: Double]
  /// The mean of each reading over the interval, by its name.
  package let means: [String: Double]
  /// Seconds since the process that wrote it began its first step; nil if the line has none.
  package let elapsedSeconds: Double?

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

  private enum Key: String, CodingKey {
    case kind, epoch, step, readings, elapsedSeconds
    case discriminatorLoss, generatorLoss, realScore, fakeScore
  }

  package init(from decoder: any Decoder) throws {
    let line = try decoder.container(keyedBy: Key.self)
    endsRound = try line.decode(String.self, forKey: .kind) == "epoch"
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
    endsRound = report.position.endsRound
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
