import GANTensor

/// The readings of steps since the last report, in the order in which they first came.
package struct Readings: Hashable, Sendable {
  /// Steps of the interval.
  package let stepCount: Int
  /// The readings, one for each name.
  package let all: [Value]

  /// The value of a name.
  package subscript(name: String) -> Value? { all.first { $0.name == name } }

  /// A reading over an interval of steps.
  ///
  /// Mean, least and greatest are those of the finite values; nil where there were none.
  package struct Value: Hashable, Sendable {
    /// Its name, such as `discriminator.loss`.
    package let name: String
    /// Steps with this reading: all, except for periodic penalties and for measures of the steps of
    /// reports.
    package let count: Int
    /// That of the last step.
    package let last: Float
    /// The mean over the interval, summed in double precision.
    package let mean: Double?
    /// The least.
    package let least: Float?
    /// The greatest.
    package let greatest: Float?
    /// The number of values that were NaN or infinite.
    package let nonfiniteCount: Int
  }
}

extension Readings {
  /// The JSON object of `stats.jsonl`: an object for each name, without absent values.
  var json: String {
    let members = all.map { value in
      let numbers: [(String, Float?)] = [
        ("last", value.last), ("mean", value.mean.map { Float($0) }), ("least", value.least),
        ("greatest", value.greatest),
      ]
      let parts =
        numbers.map { "\"\($0)\":" + ($1.map { $0.isFinite ? "\($0)" : "null" } ?? "null") }
        + (value.count < stepCount ? ["\"count\":\(value.count)"] : [])
        + (value.nonfiniteCount > 0 ? ["\"nonfinite\":\(value.nonfiniteCount)"] : [])
      return "\"\(value.name)\":{\(parts.joined(separator: ","))}"
    }
    return "{\(members.joined(separator: ","))}"
  }
}

/// The sums of steps' readings, from one report to the next.
///
/// A run that stops within an interval keeps the sums in its checkpoint, so that the line which ends
/// the interval has the same bytes as if it had never stopped.
struct ReadingAccumulator: Hashable {
  private(set) var stepCount = 0
  private var sums: [Sum] = []

  /// The sums of one name.
  private struct Sum: Hashable {
    let name: String
    var last: Float = 0
    var total = 0.0
    var least = Float.infinity
    var greatest = -Float.infinity
    var count = 0
    var finiteCount = 0

    init(_ name: String) { self.name = name }

    mutating func add(_ value: Float) {
      last = value
      count += 1
      guard value.isFinite else { return }
      total += Double(value)
      least = min(least, value)
      greatest = max(greatest, value)
      finiteCount += 1
    }
  }

  /// Begins an interval.
  init() {}

  /// Adds a step, whose names need not be those of other steps. Allocates nothing but for new names.
  mutating func add(_ names: [String], _ values: [Float]) {
    stepCount += 1
    for place in names.indices {
      sums[self.place(of: names[place], near: place)].add(values[place])
    }
  }

  /// The place of a name's sum, most often its place in the step before.
  private mutating func place(of name: String, near place: Int) -> Int {
    if sums.indices.contains(place), sums[place].name == name { return place }
    if let known = sums.firstIndex(where: { $0.name == name }) { return known }
    sums.append(Sum(name))
    return sums.count - 1
  }

  /// The readings so far.
  var readings: Readings {
    Readings(
      stepCount: stepCount,
      all: sums.map { sum in
        let isAny = sum.finiteCount > 0
        return Readings.Value(
          name: sum.name, count: sum.count, last: sum.last,
          mean: isAny ? sum.total / Double(sum.finiteCount) : nil,
          least: isAny ? sum.least : nil, greatest: isAny ? sum.greatest : nil,
          nonfiniteCount: sum.count - sum.finiteCount)
      })
  }

  /// Begins the next interval.
  mutating func reset() { self = ReadingAccumulator() }
}

// MARK: Checkpoints

extension ReadingAccumulator {
  private static let prefix = "readings."
  private static let countLimit: Int64 = 1_000_000_000

  /// The sums of an interval that is not over, `int64 [8]` each: their place in the order; as bit
  /// patterns the last value, the total, the least and the greatest; the counts of steps that said
  /// it, of finite values, and of the interval's steps.
  var tensors: [(name: String, tensor: HostTensor)] {
    sums.enumerated().map { place, sum in
      let numbers = [
        Int64(place), Int64(sum.last.bitPattern), Int64(bitPattern: sum.total.bitPattern),
        Int64(sum.least.bitPattern), Int64(sum.greatest.bitPattern), Int64(sum.count),
        Int64(sum.finiteCount), Int64(stepCount),
      ]
      return (Self.prefix + sum.name, HostTensor(shape: [numbers.count], numbers))
    }
  }

  /// Goes on with an interval that a checkpoint cut; where it cut none, begins one.
  init(restoring tensors: some Sequence<(name: String, tensor: HostTensor)>) {
    var placed: [(place: Int64, sum: Sum)] = []
    for (name, tensor) in tensors where name.hasPrefix(Self.prefix) {
      guard tensor.elementType == .int64, tensor.shape.elementCount == 8 else { continue }
      let numbers = tensor.int64s
      let (count, finiteCount, steps) = (numbers[5], numbers[6], numbers[7])
      guard (1...Self.countLimit).contains(steps), (1...steps).contains(count),
        (0...count).contains(finiteCount)
      else { continue }
      var sum = Sum(String(name.dropFirst(Self.prefix.count)))
      sum.last = Float(bitPattern: UInt32(truncatingIfNeeded: numbers[1]))
      sum.total = Double(bitPattern: UInt64(bitPattern: numbers[2]))
      sum.least = Float(bitPattern: UInt32(truncatingIfNeeded: numbers[3]))
      sum.greatest = Float(bitPattern: UInt32(truncatingIfNeeded: numbers[4]))
      (sum.count, sum.finiteCount) = (Int(count), Int(finiteCount))
      stepCount = max(stepCount, Int(steps))
      placed.append((numbers[0], sum))
    }
    sums = placed.sorted { $0.place < $1.place }.map(\.sum)
  }
}
