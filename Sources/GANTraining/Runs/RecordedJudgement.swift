import Foundation
package import GANFormats

/// An evaluation in a run's `stats.jsonl`.
package struct RecordedJudgement: Codable, Hashable, Sendable {
  /// The epoch after which it was made, from 1.
  package let epoch: Int
  package let step: Int
  /// The network whose hidden values were compared; values by different ones cannot be compared.
  package let features: RunJudgement.Features
  /// Generated images, and as many real ones.
  package let count: Int
  /// By name.
  package let metrics: [String: Metric]

  /// A value, and that of real images in the place of generated ones.
  package struct Metric: Codable, Hashable, Sendable {
    package let value: Double?
    package let floor: Double?
  }
}

extension RunFolder {
  /// The evaluations in `stats.jsonl`, in their order; none where there is no file.
  ///
  /// - Throws: `FormatError`.
  package func judgements() throws(FormatError) -> [RecordedJudgement] {
    struct Kind: Decodable { let kind: String }
    let file: InputFile
    do throws(FormatError) {
      file = try InputFile(path: statistics)
    } catch {
      guard error.reason == .notFound else { throw error }
      return []
    }
    let mark = Data("\"kind\":\"\(RunJudgement.lineKind)\"".utf8)
    let decoder = JSONDecoder()
    return try file.bytes(upTo: file.byteCount).split(separator: UInt8(ascii: "\n"))
      .compactMap { bytes in
        let line = Data(bytes)
        guard line.range(of: mark) != nil,
          (try? decoder.decode(Kind.self, from: line))?.kind == RunJudgement.lineKind
        else { return nil }
        return try? decoder.decode(RecordedJudgement.self, from: line)
      }
  }

  /// The evaluation with the best value of a metric, the first of equal ones; nil where there is none.
  ///
  /// - Throws: `FormatError`.
  package func bestJudgement(by metric: DecidingMetric) throws(FormatError) -> RecordedJudgement? {
    func value(_ judgement: RecordedJudgement) -> Double? {
      judgement.metrics[metric.rawValue]?.value
    }
    var best: RecordedJudgement?
    for judgement in try judgements() {
      guard let now = value(judgement) else { continue }
      if let before = best.flatMap(value), !metric.prefers(now, to: before) { continue }
      best = judgement
    }
    return best
  }
}
