import Foundation
import GANTraining

/// The statistics of a run so far, read on as its file grows.
///
/// Every line is kept, as columns of numbers: some 100 bytes a line.
package struct StatisticsHistory: Sendable {
  /// Steps finished at each line.
  package private(set) var steps: [Int] = []
  /// Real images shown.
  package private(set) var images: [Int] = []
  /// Seconds of training, over all processes that took part.
  package private(set) var seconds: [Double] = []
  /// The lines at which another process went on: the first lines it wrote.
  package private(set) var restarts: [Int] = []
  /// Values by name, one for each line: of a reading its mean, NaN where it is none or the line has none.
  package private(set) var columns: [String: [Double]] = [:]
  /// The names, in the order in which they first came.
  package private(set) var names: [String] = []
  /// By reading, the first step with a value that is not finite.
  package private(set) var firstNonfinite: [String: Int] = [:]
  /// The judgements so far.
  package private(set) var judgements: [Judgement] = []
  /// The newest line's epoch and speed.
  package private(set) var last: (epoch: Int, imagesPerSecond: Double, stepSeconds: Double)?

  /// A judgement of the generator.
  package struct Judgement: Sendable {
    /// Its place.
    package let step, epoch: Int
    /// Values with those of real images, by metric.
    package let metrics: [String: Metric]
    /// A value, and that of real images in the place of generated ones.
    package struct Metric: Codable, Hashable, Sendable {
      package let value, floor: Double?
    }
  }

  private var elapsed: Double?
  private var offset: UInt64 = 0
  /// The bytes before the offset: where they have changed, the file is another one.
  private var tail = Data()

  /// Nothing read yet.
  package init() {}

  /// Reads what was added to a file; all of it where it was written anew.
  package mutating func read(_ path: String) {
    guard let file = FileHandle(forReadingAtPath: path) else {
      self = StatisticsHistory()
      return
    }
    defer { try? file.close() }
    let start = offset - UInt64(tail.count)
    try? file.seek(toOffset: start)
    if (try? file.read(upToCount: tail.count)) ?? Data() != tail {
      self = StatisticsHistory()
      try? file.seek(toOffset: 0)
    }
    guard let added = try? file.readToEnd(), let end = added.lastIndex(of: UInt8(ascii: "\n"))
    else {
      return
    }
    let decoder = JSONDecoder()
    for bytes in added[...end].split(separator: UInt8(ascii: "\n")) {
      // A damaged line is not drawn; `gan info` names it.
      if let line = try? decoder.decode(Line.self, from: bytes) { add(line) }
    }
    offset += UInt64(end - added.startIndex + 1)
    tail = Data(added[...end].suffix(256))
  }

  private mutating func add(_ line: Line) {
    if line.kind == "evaluation" {
      judgements.append(
        Judgement(step: line.step, epoch: line.epoch, metrics: line.metrics ?? [:]))
      return
    }
    guard line.kind != "warning" else { return }
    if let now = line.elapsedSeconds {
      if let elapsed, now < elapsed { restarts.append(steps.count) }
      let former = elapsed.map { now < $0 ? 0 : $0 } ?? 0
      seconds.append((seconds.last ?? 0) + now - former)
      elapsed = now
    } else {
      seconds.append(seconds.last ?? 0)
    }
    // An epoch's end has the line of its report again.
    guard line.step != steps.last else {
      seconds.removeLast()
      return
    }
    steps.append(line.step)
    images.append(line.images ?? 0)
    last = (line.epoch, line.imagesPerSecond ?? .nan, line.stepSeconds ?? .nan)
    for (name, value) in line.values {
      set(name, value.mean ?? .nan)
      if value.mean == nil || value.nonfinite ?? 0 > 0, firstNonfinite[name] == nil {
        firstNonfinite[name] = line.step
      }
    }
    set("imagesPerSecond", line.imagesPerSecond ?? .nan)
    for name in names where columns[name, default: []].count < steps.count { set(name, .nan) }
  }

  private mutating func set(_ name: String, _ value: Double) {
    if columns[name] == nil {
      names.append(name)
      columns[name] = Array(repeating: .nan, count: steps.count - 1)
    }
    columns[name]?.append(value)
  }
}

/// A line of `stats.jsonl`, as far as it is shown.
private struct Line: Decodable {
  let kind: String
  let epoch, step: Int
  let images: Int?
  let elapsedSeconds, imagesPerSecond, stepSeconds: Double?
  let discriminatorLoss, generatorLoss, realScore, fakeScore: Double?
  let readings: [String: Reading]?
  let metrics: [String: StatisticsHistory.Judgement.Metric]?

  struct Reading: Decodable {
    let mean: Double?
    var nonfinite: Int?
  }

  /// The readings, or what older lines have in their place, by the names of readings.
  var values: [(String, Reading)] {
    if let readings { return readings.sorted { $0.key < $1.key } }
    return [
      ("discriminator.loss", discriminatorLoss), ("generator.loss", generatorLoss),
      ("discriminator.realScore", realScore), ("discriminator.fakeScore", fakeScore),
    ].map { ($0.0, Reading(mean: $0.1)) }
  }
}
