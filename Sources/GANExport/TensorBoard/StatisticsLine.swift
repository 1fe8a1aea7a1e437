import Foundation

/// A line of a run's `stats.jsonl`, as TensorBoard shows it.
struct StatisticsLine: Hashable, Sendable {
  /// Steps finished.
  let step: Int
  /// The epoch that ends there; nil where none does.
  let endedEpoch: Int?
  /// Seconds since the process that wrote it began its first step.
  let elapsedSeconds: Double
  /// Its numbers, by tag, in the order of tags.
  let scalars: [TensorBoardEvent.Scalar]

  /// Reads a line.
  ///
  /// Tags are the names of readings, `discriminator/loss` for `discriminator.loss`, with their means
  /// over the steps since the last report. NaN and infinities, which the file has no numbers for, are
  /// NaN, and so is the mean of an interval that had any.
  ///
  /// - Returns: Nil where it is no report in JSON, and for warnings.
  init?(_ line: some Sequence<UInt8>) {
    guard let object = try? JSONSerialization.jsonObject(with: Data(line)) as? [String: Any],
      let step = object["step"] as? Int, object["kind"] as? String != "warning"
    else { return nil }
    self.step = step
    endedEpoch = object["kind"] as? String == "epoch" ? object["epoch"] as? Int : nil
    elapsedSeconds = object["elapsedSeconds"] as? Double ?? 0
    var values: [String: Float] = [:]
    for (key, tag) in Self.tags {
      guard let value = object[key] else { continue }
      values[tag] = Self.number(value)
    }
    for (name, value) in object["readings"] as? [String: [String: Any]] ?? [:] {
      let isFinite = value["nonfinite"] == nil
      values[Self.tag(of: name)] = isFinite ? Self.number(value["mean"]) : .nan
    }
    for (name, value) in object["metrics"] as? [String: Any] ?? [:] {
      values["metrics/\(name)"] = Self.number((value as? [String: Any])?["value"] ?? value)
    }
    scalars = values.sorted { $0.key < $1.key }.map {
      TensorBoardEvent.Scalar(tag: $0.key, value: $0.value)
    }
  }

  /// Keys beside the readings. Losses and scores of the last step alone are among the readings.
  private static let tags = [
    ("epoch", "progress/epoch"), ("images", "progress/images"),
    ("stepSeconds", "speed/stepSeconds"), ("imagesPerSecond", "speed/imagesPerSecond"),
    ("exchangeSeconds", "speed/exchangeSeconds"),
  ]

  /// TensorBoard groups tags by what stands before the first slash: the network.
  private static func tag(of reading: String) -> String {
    guard let point = reading.firstIndex(of: ".") else { return reading }
    return "\(reading[..<point])/\(reading[reading.index(after: point)...])"
  }

  private static func number(_ value: Any?) -> Float {
    (value as? Double).map { Float($0) } ?? .nan
  }
}
