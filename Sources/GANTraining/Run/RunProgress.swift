import Foundation

/// How a run went, by its statistics, its pictures and the verdict at its end.
package struct RunProgress: Codable, Hashable, Sendable {
  /// The last step in the statistics, and its epoch.
  package let step: Int
  package let epoch: Int
  /// Seconds of training, over all processes that took part; nil if none are recorded.
  package let elapsedSeconds: Double?
  /// Losses and scores by their keys in `stats.jsonl`: means over the steps of a report.
  package let values: [Value]
  /// The report in which both scores were nearest to each other: there the discriminator told real
  /// and generated items apart least. Nil where scores are no probabilities.
  package let nearest: Balance?
  /// The newest picture of generated items, or array of points, in the run's folder.
  package let newestPicture: String?
  /// How many pictures, or arrays, are kept.
  package let pictureCount: Int
  /// The drawn losses and scores, in the run's folder, if they are there.
  package let curves: String?
  /// What looked wrong at the end; nil before it.
  package let diagnosis: RunDiagnosis?

  /// A loss or a score over a run.
  package struct Value: Codable, Hashable, Sendable {
    package let name: String
    /// That of the last report; NaN is nil, as in JSON.
    package let last: Double?
    package let least, greatest: Extreme?
  }

  /// The least or greatest value of a report, and its epoch.
  package struct Extreme: Codable, Hashable, Sendable {
    package let value: Double
    package let epoch: Int
  }

  /// Both scores of a report.
  package struct Balance: Codable, Hashable, Sendable {
    package let epoch: Int
    package let realScore, fakeScore: Double
  }

  /// Reads a run's folder; nil where there are no statistics yet.
  ///
  /// - Throws: `FormatError`; `TrainingError.foreign` where they are damaged.
  init?(of folder: RunFolder, _ options: TrainingOptions) throws {
    let lines = try folder.statisticsLines()
    let points = RunHistory(lines).points
    guard let last = points.last else { return nil }
    (step, epoch) = (last.step, last.epoch)
    elapsedSeconds = Self.elapsedSeconds(of: lines)
    values = [
      Value("discriminatorLoss", points, \.discriminatorLoss),
      Value("generatorLoss", points, \.generatorLoss),
      Value("realScore", points, \.realScore), Value("fakeScore", points, \.fakeScore),
    ]
    let scored = points.filter { $0.realScore.isFinite && $0.fakeScore.isFinite }
    nearest =
      options.objective.givesProbabilities
      ? scored.min { abs($0.realScore - $0.fakeScore) < abs($1.realScore - $1.fakeScore) }
        .map { Balance(epoch: $0.epoch, realScore: $0.realScore, fakeScore: $0.fakeScore) }
      : nil
    let epochs = folder.previewEpochs(areImages: options.makesImages)
    newestPicture = epochs.last.map {
      let path = folder.fakeItems(epoch: $0, areImages: options.makesImages)
      return String(path.dropFirst(folder.path.count + 1))
    }
    pictureCount = epochs.count
    let hasCurves = FileManager.default.fileExists(atPath: folder.curves)
    curves = hasCurves ? String(folder.curves.dropFirst(folder.path.count + 1)) : nil
    diagnosis = try? JSONDecoder().decode(
      RunDiagnosis.self, from: Data(contentsOf: URL(filePath: folder.diagnosis)))
  }

  /// The sum over processes: each counts from its own first step.
  private static func elapsedSeconds(of lines: [StatisticsLine]) -> Double? {
    let moments = lines.compactMap(\.elapsedSeconds)
    guard let last = moments.last else { return nil }
    return zip(moments, moments.dropFirst()).reduce(last) { $1.1 < $1.0 ? $0 + $1.0 : $0 }
  }
}

extension RunProgress.Value {
  fileprivate init(
    _ name: String, _ points: [RunHistory.Point], _ value: (RunHistory.Point) -> Double
  ) {
    self.name = name
    let finite = points.filter { value($0).isFinite }
    func extreme(_ point: RunHistory.Point?) -> RunProgress.Extreme? {
      point.map { .init(value: value($0), epoch: $0.epoch) }
    }
    last = points.last.map(value).flatMap { $0.isFinite ? $0 : nil }
    least = extreme(finite.min { value($0) < value($1) })
    greatest = extreme(finite.max { value($0) < value($1) })
  }
}
