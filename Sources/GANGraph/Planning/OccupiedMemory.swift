/// The bytes taken over time, as buffers are placed one after another.
///
/// A segment tree over time: a buffer is noted at the few nodes that make up its life, so that free
/// memory over a life is found without looking at every buffer.
struct OccupiedMemory {
  /// Blocks looked at so far, for tests.
  private(set) var visitCount = 0
  /// Positions in time, a power of 2.
  private let length: Int
  /// By node, root first: bytes taken at some time in the node's.
  private var atSomeTime: [ByteBlocks]
  /// By node: bytes taken by buffers whose lives hold all of the node's time.
  private var allTheTime: [ByteBlocks]

  /// Memory that nothing is in, at times from 0 up to `length`.
  init(length: Int) {
    var power = 1
    while power < length { power *= 2 }
    self.length = power
    atSomeTime = Array(repeating: ByteBlocks(), count: 2 * power)
    allTheTime = atSomeTime
  }

  /// The lowest offset, 0 or the end of a block, at which `bytes` are free over a life.
  ///
  /// - Complexity: O(log n) lists of blocks, each gone through once.
  mutating func lowestOffset(of bytes: Int, over live: ClosedRange<Int>) -> Int {
    var lists: [ByteBlocks] = []
    collect(live, at: 1, covering: 0..<length, into: &lists)
    var offset = 0
    var isSettled = false
    while !isSettled {
      isSettled = true
      for list in lists {
        let (end, count) = list.end(ofBlocksInTheWayOf: bytes, at: offset)
        visitCount += count
        if end > offset { (offset, isSettled) = (end, false) }
      }
    }
    return offset
  }

  /// Notes bytes as taken over a life.
  mutating func take(_ range: Range<Int>, over live: ClosedRange<Int>) {
    take(range, over: live, at: 1, covering: 0..<length)
  }

  private func collect(
    _ live: ClosedRange<Int>, at node: Int, covering time: Range<Int>,
    into lists: inout [ByteBlocks]
  ) {
    guard live.overlaps(time), !atSomeTime[node].isEmpty else { return }
    if live.contains(time) {
      lists.append(atSomeTime[node])
    } else {
      if !allTheTime[node].isEmpty { lists.append(allTheTime[node]) }
      let middle = time.lowerBound + time.count / 2
      collect(live, at: 2 * node, covering: time.lowerBound..<middle, into: &lists)
      collect(live, at: 2 * node + 1, covering: middle..<time.upperBound, into: &lists)
    }
  }

  private mutating func take(
    _ range: Range<Int>, over live: ClosedRange<Int>, at node: Int, covering time: Range<Int>
  ) {
    guard live.overlaps(time) else { return }
    visitCount += 1
    atSomeTime[node].insert(range)
    if live.contains(time) {
      allTheTime[node].insert(range)
    } else {
      let middle = time.lowerBound + time.count / 2
      take(range, over: live, at: 2 * node, covering: time.lowerBound..<middle)
      take(range, over: live, at: 2 * node + 1, covering: middle..<time.upperBound)
    }
  }
}

extension ClosedRange<Int> {
  fileprivate func contains(_ range: Range<Int>) -> Bool {
    lowerBound <= range.lowerBound && range.upperBound - 1 <= upperBound
  }
}

/// Bytes as ranges in ascending order that neither overlap nor touch.
struct ByteBlocks {
  private var ranges: [Range<Int>] = []

  var isEmpty: Bool { ranges.isEmpty }

  /// Adds a range that is not empty.
  mutating func insert(_ range: Range<Int>) {
    let first = firstIndex(endingAtOrAfter: range.lowerBound)
    var end = first
    var union = range
    while end < ranges.count, ranges[end].lowerBound <= range.upperBound {
      union =
        min(
          union.lowerBound, ranges[end].lowerBound)..<max(union.upperBound, ranges[end].upperBound)
      end += 1
    }
    ranges.replaceSubrange(first..<end, with: CollectionOfOne(union))
  }

  /// The end of the blocks that overlap `bytes` at an offset, and their number; the offset itself
  /// if none does.
  func end(ofBlocksInTheWayOf bytes: Int, at offset: Int) -> (end: Int, count: Int) {
    var index = firstIndex(endingAtOrAfter: offset + 1)
    let first = index
    var end = offset
    while index < ranges.count, ranges[index].lowerBound < end + bytes {
      end = ranges[index].upperBound
      index += 1
    }
    return (end, index - first + 1)
  }

  private func firstIndex(endingAtOrAfter byte: Int) -> Int {
    var (low, high) = (0, ranges.count)
    while low < high {
      let middle = (low + high) / 2
      if ranges[middle].upperBound < byte { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
