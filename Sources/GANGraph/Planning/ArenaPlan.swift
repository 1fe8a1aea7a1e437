/// How long some bytes are needed: from the kernel that first writes them to the last that reads.
package struct Lifetime: Hashable, Sendable {
  /// How many.
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
///   - lifetimes: What to place.
///   - alignment: Every offset is a multiple of it.
/// - Complexity: O(n² log n) for n buffers.
package func planArena(_ lifetimes: [Lifetime], alignment: Int = 64) -> ArenaPlan {
  var offsets = [Int](repeating: 0, count: lifetimes.count)
  var placed: [Int] = []
  var byteCount = 0
  let largestFirst = lifetimes.indices.sorted {
    (lifetimes[$1].bytes, $0) < (lifetimes[$0].bytes, $1)
  }
  for buffer in largestFirst {
    let neighbours =
      placed
      .filter { lifetimes[$0].live.overlaps(lifetimes[buffer].live) }
      .sorted { offsets[$0] < offsets[$1] }
    var offset = 0
    for neighbour in neighbours {
      if offset + lifetimes[buffer].bytes <= offsets[neighbour] { break }
      let end = offsets[neighbour] + lifetimes[neighbour].bytes
      offset = max(offset, (end + alignment - 1) / alignment * alignment)
    }
    offsets[buffer] = offset
    byteCount = max(byteCount, offset + lifetimes[buffer].bytes)
    placed.append(buffer)
  }
  return ArenaPlan(offsets: offsets, byteCount: byteCount)
}
