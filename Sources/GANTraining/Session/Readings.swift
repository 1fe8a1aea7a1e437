import GANTensor

/// What steps said of themselves since the last report, by name and in the order of the game.
package struct Readings: Hashable, Sendable {
  /// Steps they are of.
  package let stepCount: Int
  /// One for each output that the step reports.
  package let all: [Value]

  /// The value of a name.
  package subscript(name: String) -> Value? { all.first { $0.name == name } }

  /// One number of a step, over an interval of steps.
  ///
  /// Mean, least and greatest are those of the finite values; nil where there were none.
  package struct Value: Hashable, Sendable {
    /// What it is, such as `discriminatorLoss`.
    package let name: String
    /// That of the last step.
    package let last: Float
    /// The mean over the interval, summed in double precision.
    package let mean: Double?
    /// The least.
    package let least: Float?
    /// The greatest.
    package let greatest: Float?
    /// How many were NaN or infinite.
    package let nonfiniteCount: Int
  }
}

extension Readings {
  /// The JSON object of `stats.jsonl`: an object for each name, without what there was none of.
  var json: String {
    let members = all.map { value in
      let numbers: [(String, Float?)] = [
        ("last", value.last), ("mean", value.mean.map { Float($0) }), ("least", value.least),
        ("greatest", value.greatest),
      ]
      let parts =
        numbers.map { "\"\($0)\":" + ($1.map { $0.isFinite ? "\($0)" : "null" } ?? "null") }
        + (value.nonfiniteCount > 0 ? ["\"nonfinite\":\(value.nonfiniteCount)"] : [])
      return "\"\(value.name)\":{\(parts.joined(separator: ","))}"
    }
    return "{\(members.joined(separator: ","))}"
  }
}

/// Adds up what steps report, from one report to the next.
///
/// A run that stops within an interval keeps the sums in its checkpoint, so that the line which ends
/// the interval has the same bytes as if it had never stopped.
struct ReadingAccumulator: Hashable {
  private(set) var stepCount = 0
  private var names: [String] = []
  private var sums: [Sum] = []
  /// Of an interval that a checkpoint cut, until the first step says in which order names come.
  private var restored: [String: Sum] = [:]

  private struct Sum: Hashable {
    var last: Float = 0
    var total = 0.0
    var least = Float.infinity
    var greatest = -Float.infinity
    var finiteCount = 0
  }

  /// Begins an interval.
  init() {}

  /// Adds a step. Allocates nothing but in the first one.
  mutating func add(_ names: [String], _ value: (Int) -> Float) {
    if stepCount == 0 || sums.isEmpty {
      self.names = names
      sums = names.map { restored[$0] ?? Sum() }
      restored = [:]
    }
    stepCount += 1
    for index in sums.indices {
      let value = value(index)
      sums[index].last = value
      guard value.isFinite else { continue }
      sums[index].total += Double(value)
      sums[index].least = min(sums[index].least, value)
      sums[index].greatest = max(sums[index].greatest, value)
      sums[index].finiteCount += 1
    }
  }

  /// What was added so far.
  var readings: Readings {
    Readings(
      stepCount: stepCount,
      all: zip(names, sums).map { name, sum in
        let isAny = sum.finiteCount > 0
        return Readings.Value(
          name: name, last: sum.last, mean: isAny ? sum.total / Double(sum.finiteCount) : nil,
          least: isAny ? sum.least : nil, greatest: isAny ? sum.greatest : nil,
          nonfiniteCount: stepCount - sum.finiteCount)
      })
  }

  /// Begins the next interval.
  mutating func reset() { self = ReadingAccumulator() }
}

// MARK: Checkpoints

extension ReadingAccumulator {
  private static let prefix = "readings."

  /// The sums of an interval that is not over, `int64 [6]` each: as bit patterns the last value,
  /// the total, the least and the greatest; the count of finite values and that of steps.
  var tensors: [(name: String, tensor: HostTensor)] {
    guard stepCount > 0 else { return [] }
    return zip(names, sums).map { name, sum in
      let numbers = [
        Int64(sum.last.bitPattern), Int64(bitPattern: sum.total.bitPattern),
        Int64(sum.least.bitPattern), Int64(sum.greatest.bitPattern), Int64(sum.finiteCount),
        Int64(stepCount),
      ]
      return (Self.prefix + name, HostTensor(shape: [numbers.count], numbers))
    }
  }

  /// Goes on with an interval that a checkpoint cut; where it cut none, begins one.
  init(restoring tensors: some Sequence<(name: String, tensor: HostTensor)>) {
    for (name, tensor) in tensors where name.hasPrefix(Self.prefix) {
      guard tensor.elementType == .int64, tensor.shape.elementCount == 6 else { continue }
      let numbers = tensor.int64s
      guard (1...1_000_000_000).contains(numbers[5]), (0...numbers[5]).contains(numbers[4]) else {
        continue
      }
      var sum = Sum()
      sum.last = Float(bitPattern: UInt32(truncatingIfNeeded: numbers[0]))
      sum.total = Double(bitPattern: UInt64(bitPattern: numbers[1]))
      sum.least = Float(bitPattern: UInt32(truncatingIfNeeded: numbers[2]))
      sum.greatest = Float(bitPattern: UInt32(truncatingIfNeeded: numbers[3]))
      sum.finiteCount = Int(numbers[4])
      stepCount = Int(numbers[5])
      restored[String(name.dropFirst(Self.prefix.count))] = sum
    }
  }
}
