import GANGraph
import GANTestSupport
import Testing

@Suite("An arena plan gives every buffer its own bytes for as long as it lives")
struct ArenaPlanTests {
  /// Knows nothing of how the plan was made.
  private func firstOverlap(at offsets: [Int], of all: [Lifetime]) -> (Int, Int)? {
    for i in all.indices {
      for j in all.indices.dropFirst(i + 1) where all[i].live.overlaps(all[j].live) {
        let (p, q) = (offsets[i], offsets[j])
        if p < q + all[j].bytes && q < p + all[i].bytes { return (i, j) }
      }
    }
    return nil
  }

  private func randomLifetimes(_ random: inout SplitMix) -> [Lifetime] {
    let length = Int.random(in: 1...20, using: &random)
    return (0..<Int.random(in: 0...24, using: &random)).map { _ in
      let first = Int.random(in: 0..<length, using: &random)
      let last = Int.random(in: first..<length, using: &random)
      let bytes = random.choice([
        1, 4, 63, 64, 65, 400, 1024, Int.random(in: 1...5000, using: &random),
      ])
      return Lifetime(bytes: bytes, live: first...last)
    }
  }

  @Test("Its judge finds nothing in 10,000 random plans", arguments: 0..<10 as Range<UInt64>)
  func randomPlans(block: UInt64) {
    for seed in block * 1000..<(block + 1) * 1000 {
      var random = SplitMix(seed: seed)
      let lifetimes = randomLifetimes(&random)
      let alignment = random.choice([1, 16, 64])
      let plan = planArena(lifetimes, alignment: alignment)
      guard plan.offsets.count == lifetimes.count else {
        Issue.record("\(plan.offsets.count) offsets of \(lifetimes.count), seed \(seed)")
        continue
      }
      let overlap = firstOverlap(at: plan.offsets, of: lifetimes)
      let isAligned = plan.offsets.allSatisfy { $0 >= 0 && $0.isMultiple(of: alignment) }
      let ends = zip(plan.offsets, lifetimes).map { $0 + $1.bytes }
      // What lives at once must fit, and one buffer after another would waste only the alignment.
      let peak = (0..<20).map { position in
        lifetimes.filter { $0.live.contains(position) }.reduce(0) { $0 + $1.bytes }
      }
      let serial = lifetimes.reduce(0) { $0 + ($1.bytes + alignment - 1) / alignment * alignment }
      #expect(overlap == nil, "seed \(seed)")
      #expect(isAligned, "seed \(seed)")
      #expect(plan.byteCount == ends.max() ?? 0, "seed \(seed)")
      #expect(plan.byteCount >= peak.max() ?? 0, "seed \(seed)")
      #expect(plan.byteCount <= serial, "seed \(seed)")
    }
  }

  @Test("Plans of whole cache lines stay within half again of the peak, and a tenth on average")
  func plansAreTight() {
    var ratios: [Double] = []
    for seed in 0..<500 as Range<UInt64> {
      var random = SplitMix(seed: seed)
      // Without padding, whatever exceeds the peak is fragmentation.
      let lifetimes = randomLifetimes(&random).map {
        Lifetime(bytes: ($0.bytes + 63) / 64 * 64, live: $0.live)
      }
      guard !lifetimes.isEmpty else { continue }
      let peak = (0..<20).map { position in
        lifetimes.filter { $0.live.contains(position) }.reduce(0) { $0 + $1.bytes }
      }
      let ratio = Double(planArena(lifetimes).byteCount) / Double(peak.max() ?? 1)
      #expect(ratio <= 1.5, "seed \(seed)")
      ratios.append(ratio)
    }
    #expect(ratios.reduce(0, +) / Double(ratios.count) <= 1.1)
  }

  /// The same rule in its plainest form: every buffer looks at all that are placed already.
  private func plainOffsets(_ lifetimes: [Lifetime], alignment: Int) -> [Int] {
    var offsets = [Int](repeating: 0, count: lifetimes.count)
    var placed: [Int] = []
    let order = lifetimes.indices.sorted {
      (lifetimes[$1].bytes, $0) < (lifetimes[$0].bytes, $1)
    }
    for buffer in order {
      let neighbours = placed.filter { lifetimes[$0].live.overlaps(lifetimes[buffer].live) }
        .sorted { offsets[$0] < offsets[$1] }
      var offset = 0
      for neighbour in neighbours {
        if offset + lifetimes[buffer].bytes <= offsets[neighbour] { break }
        let end = offsets[neighbour] + lifetimes[neighbour].bytes
        offset = max(offset, (end + alignment - 1) / alignment * alignment)
      }
      offsets[buffer] = offset
      placed.append(buffer)
    }
    return offsets
  }

  @Test("Its plans are those of the plain rule, to the byte", arguments: 0..<4 as Range<UInt64>)
  func plansFollowTheRule(block: UInt64) {
    for seed in block * 1000..<(block + 1) * 1000 {
      var random = SplitMix(seed: seed)
      var lifetimes = randomLifetimes(&random)
      // Kernels without scratch memory have buffers of nothing.
      lifetimes += lifetimes.prefix(3).map { Lifetime(bytes: 0, live: $0.live) }
      let alignment = random.choice([1, 16, 64])
      #expect(
        planArena(lifetimes, alignment: alignment).offsets
          == plainOffsets(lifetimes, alignment: alignment),
        "seed \(seed)")
    }
  }

  @Test("The judge does find an overlap")
  func judgeFindsOverlap() {
    let lifetimes = [Lifetime(bytes: 64, live: 0...1), Lifetime(bytes: 8, live: 1...2)]
    #expect(firstOverlap(at: [0, 63], of: lifetimes) ?? (-1, -1) == (0, 1))
    #expect(firstOverlap(at: [0, 64], of: lifetimes) == nil)
  }

  @Test("Largest first, each as low as it fits, in memory that is free by then")
  func goldenPlan() {
    let lifetimes = [
      Lifetime(bytes: 100, live: 0...2),
      Lifetime(bytes: 400, live: 1...3),
      Lifetime(bytes: 10, live: 0...9),
      Lifetime(bytes: 300, live: 4...5),
      Lifetime(bytes: 100, live: 5...6),
    ]
    let plan = planArena(lifetimes)
    #expect(plan.offsets == [448, 0, 576, 0, 320])
    #expect(plan.byteCount == 586)
    #expect(planArena([]).byteCount == 0)
  }
}
