/// Losses and scores over a run, in points that are few enough to be kept and drawn.
///
/// Reports are taken one after another. When there are too many points every second one goes, and
/// from then on only every second report is taken: the same reports leave the same points, whether a
/// run told them or a file.
package struct RunHistory: Sendable {
  /// The most points that are kept beside the last one.
  static let limit = 4_000

  /// A point of the curves: means over the steps since the report before it.
  package struct Point: Hashable, Sendable {
    package let step: Int
    package let epoch: Int
    package let discriminatorLoss, generatorLoss, realScore, fakeScore: Double

    init(_ line: StatisticsLine) {
      (step, epoch) = (line.step, line.epoch)
      discriminatorLoss = line.mean("discriminator.loss") ?? .nan
      generatorLoss = line.mean("generator.loss") ?? .nan
      realScore = line.mean("discriminator.realScore") ?? .nan
      fakeScore = line.mean("discriminator.fakeScore") ?? .nan
    }
  }

  private var kept: [Point] = []
  /// Reports so far, each step once.
  private var count = 0
  /// One report in so many is kept.
  private var stride = 1
  /// The last report.
  package private(set) var last: StatisticsLine?

  /// Begins with reports that were told already.
  package init(_ lines: [StatisticsLine] = []) { for line in lines { add(line) } }

  /// Takes a report, and passes over other lines; another one of the same step, an epoch's end, is taken to be the same.
  package mutating func add(_ line: StatisticsLine) {
    guard line.isReport else { return }
    defer { last = line }
    guard line.step != last?.step else { return }
    if count.isMultiple(of: stride) { kept.append(Point(line)) }
    count += 1
    guard kept.count > Self.limit else { return }
    kept = kept.enumerated().filter { $0.offset.isMultiple(of: 2) }.map(\.element)
    stride *= 2
  }

  /// The points, the last report's among them.
  package var points: [Point] {
    guard let last, last.step != kept.last?.step else { return kept }
    return kept + [Point(last)]
  }
}
