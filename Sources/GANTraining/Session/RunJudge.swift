/// Judges the generator of a run at positions known in advance.
///
/// A judgement reads and changes nothing of the game. It is a line of the run's statistics, and may
/// make the checkpoint of the same position the best one.
package protocol RunJudge: Sendable {
  /// True if it judges there; follows from the position alone.
  func isDue(at position: RunPosition) -> Bool

  /// Judges, on the engine's thread, between two steps.
  ///
  /// - Parameter stop: Made while it works where the run is to end soon.
  /// - Returns: Nil where it gave up because the run is to stop: the run then ends as if it had not
  ///   come here, so that it judges once it goes on.
  /// - Throws: Whatever is to end the run.
  func judge(at moment: RunMoment, unless stop: StopRequest) async throws -> RunJudgement?
}

/// The values of a generator at a position of its run.
package struct RunJudgement: Hashable, Sendable {
  /// The network whose hidden values are compared.
  package var features: Features
  /// Generated images, and as many real ones.
  package var count: Int
  /// Decides the latents.
  package var seed: UInt64
  /// In the order in which they are said.
  package var metrics: [Metric]
  /// Seconds that it took.
  package var seconds: Double

  /// A network whose hidden values are compared.
  package struct Features: Hashable, Sendable, Codable {
    /// Its name.
    package var name: String
    /// Its digest, in hexadecimal.
    package var sha256: String

    /// Names a network.
    package init(name: String, sha256: String) { (self.name, self.sha256) = (name, sha256) }
  }

  /// A value, and that of real images in the place of generated ones.
  package struct Metric: Hashable, Sendable {
    /// Its name, as in the JSON of `gan evaluate`.
    package var name: String
    /// Nil where these images allow none.
    package var value: Double?
    /// Nil where it has none.
    package var floor: Double?

    /// Collects the parts.
    package init(name: String, value: Double?, floor: Double?) {
      (self.name, self.value, self.floor) = (name, value, floor)
    }
  }

  /// Collects the parts.
  package init(
    features: Features, count: Int, seed: UInt64, metrics: [Metric], seconds: Double
  ) {
    (self.features, self.count, self.seed) = (features, count, seed)
    (self.metrics, self.seconds) = (metrics, seconds)
  }

  /// The value of a metric; nil where there is none.
  package subscript(name: String) -> Double? { metrics.first { $0.name == name }?.value }
}

extension RunJudgement {
  /// The kind of its line in `stats.jsonl`.
  static let lineKind = "evaluation"

  /// A line of `stats.jsonl`, without its end.
  package func statisticsLine(at position: RunPosition, images: Int) -> String {
    func text(_ value: Double?) -> String {
      value.map { $0.isFinite ? "\($0)" : "null" } ?? "null"
    }
    let values = metrics.map {
      "\"\($0.name)\":{\"value\":\(text($0.value)),\"floor\":\(text($0.floor))}"
    }
    return "{\"kind\":\"\(Self.lineKind)\",\"epoch\":\(position.epoch),\"step\":\(position.step),"
      + "\"images\":\(images),\"features\":{\"name\":\"\(features.name)\","
      + "\"sha256\":\"\(features.sha256)\"},\"count\":\(count),\"seed\":\(seed),"
      + "\"metrics\":{\(values.joined(separator: ","))},\"evaluationSeconds\":\(Float(seconds))}"
  }
}
