/// The time some bytes are needed: from the kernel that first writes them to the last that reads.
package struct Lifetime: Hashable, Sendable {
  /// Their number.
  package var bytes: Int
  /// Positions in the schedule, both inclusive.
  package var live: ClosedRange<Int>

  package init(bytes: Int, live: ClosedRange<Int>) {
    self.bytes = bytes
    self.live = live
  }
}

/// Byte offset of each buffer, in the order of its lifetimes.
package struct ArenaPlan: Hashable, Sendable {
  package var offsets: [Int]
  /// Bytes the arena must have.
  package var byteCount: Int
}

/// Packs buffers into one arena so that no two that live at once overlap.
///
/// Largest first, each at the lowest offset where it fits between those placed already.
///
/// - Parameters:
///   - lifetimes: The buffers to place.
///   - alignment: Every offset is a multiple of it.
/// - Complexity: O(n log n) for n buffers, as long as few gaps are left between them.
package func planArena(_ lifetimes: [Lifetime], alignment: Int = 64) -> ArenaPlan {
  var visitCount = 0
  return planArena(lifetimes, alignment: alignment, visitCount: &visitCount)
}

/// The same plan; adds the number of blocks of memory looked at.
package func planArena(
  _ lifetimes: [Lifetime], alignment: Int = 64, visitCount: inout Int
) -> ArenaPlan {
  var plan = ArenaPlan(offsets: Array(repeating: 0, count: lifetimes.count), byteCount: 0)
  var memory = OccupiedMemory(length: lifetimes.reduce(0) { max($0, $1.live.upperBound + 1) })
  let largestFirst = lifetimes.indices.sorted {
    (lifetimes[$1].bytes, $0) < (lifetimes[$0].bytes, $1)
  }
  for buffer in largestFirst where lifetimes[buffer].bytes > 0 {
    let (bytes, live) = (lifetimes[buffer].bytes, lifetimes[buffer].live)
    let offset = memory.lowestOffset(of: bytes, over: live)
    let end = (offset + bytes + alignment - 1) / alignment * alignment
    memory.take(offset..<end, over: live)
    plan.offsets[buffer] = offset
    plan.byteCount = max(plan.byteCount, offset + bytes)
  }
  visitCount += memory.visitCount
  return plan
}
