import GANGraph
import GANRuntime
import GANTensor
import GANTestSupport
import Testing

@Suite("Ranks add up and wait for each other")
struct RanksTests {
  /// The sum of every rank's vector, on a device.
  private static func sums(
    _ values: [[Float]], parts: Int, on kind: DeviceKind
  ) throws -> [[Float]] {
    try ThreadRanks.run(values.count) { ranks in
      let device = try kind.makeDevice(threadCount: 1, ranks: ranks)
      let builder = GraphBuilder()
      let own = values[ranks.rank]
      builder.output(builder.input("own", [own.count]).allReduced(parts: parts), as: "sum")
      let graph = try builder.finish().optimized(for: device.profile)
      let executable = try device.prepare(graph, state: device.makeState([]))
      try executable.write(HostTensor(shape: [own.count], own), to: "own")
      executable.run()
      try ranks.check()
      return try executable.tensor("sum").floats
    }
  }

  private static func vectors(_ count: Int, _ length: Int) -> [[Float]] {
    var random = SplitMix(seed: 5)
    return (0..<count).map { _ in
      (0..<length).map { _ in Float.random(in: -1...1, using: &random) }
    }
  }

  /// Neighbours first, as a balanced binary tree.
  private static func tree(_ values: ArraySlice<[Float]>) -> [Float] {
    guard values.count > 1 else { return values[values.startIndex] }
    let middle = values.startIndex + values.count / 2
    return zip(tree(values[..<middle]), tree(values[middle...])).map(+)
  }

  @Test(
    "A sum over ranks is their tree, to the bit, however long it is and however many parts ranks have",
    arguments: [1, 2, 4, 8], [1, 7, 4_096, 20_001])
  func tree(ranks: Int, length: Int) throws {
    for parts in [1, 2, 4] {
      let all = Self.vectors(ranks * parts, length)
      let expected = Self.tree(all[...])
      let own = (0..<ranks).map { Array(all[$0 * parts..<($0 + 1) * parts].joined()) }
      for sum in try Self.sums(own, parts: parts, on: .cpu) { #expect(sum == expected) }
    }
  }

  @Test(
    "Any number of ranks has one sum, the same bits on each, and in double precision the exact one",
    arguments: [3, 5, 6, 7], [1, 9, 20_001])
  func anyNumber(ranks: Int, length: Int) throws {
    let values = Self.vectors(ranks, length)
    let sums = try Self.sums(values, parts: 1, on: .cpu)
    #expect(sums.allSatisfy { $0 == sums[0] })
    #expect(try Self.sums(values, parts: 1, on: .cpu) == sums)
    let exact = try Self.sums(values, parts: 1, on: .reference)
    for index in 0..<length {
      let sum = values.reduce(0.0) { $0 + Double($1[index]) }
      #expect(exact[0][index] == Float(sum))
      // Six additions of numbers below 7, each rounded once.
      #expect(abs(Double(sums[0][index]) - sum) <= 6 * 7 * 0x1p-24)
    }
  }

  @Test(
    "A sum that waits for others is its own gradient's", arguments: [DeviceKind.cpu, .reference])
  func gradient(device kind: DeviceKind) throws {
    // The ranks' losses are the sums of s²/2 times their weight, s the sum over parts and ranks, which
    // is 3 (1 + 3) and 3 (2 + 4): so x has the sum of the weights, 6, times s.
    let gradients = try ThreadRanks.run(3) { ranks in
      let device = try kind.makeDevice(threadCount: 1, ranks: ranks)
      let builder = GraphBuilder()
      let x = builder.input("x", [4])
      let sum = x.allReduced(parts: 2)
      let loss = (sum * sum * (0.5 * Double(ranks.rank + 1))).sum()
      builder.output(loss.gradients(withRespectTo: [x])[0], as: "gradient")
      let graph = try builder.finish().optimized(for: device.profile)
      let executable = try device.prepare(graph, state: device.makeState([]))
      try executable.write(HostTensor(shape: [4], [1, 2, 3, 4] as [Float]), to: "x")
      executable.run()
      return try executable.tensor("gradient").floats
    }
    #expect(gradients.allSatisfy { $0 == [72, 108, 72, 108] })
  }

  @Test("A rank that never comes is named once the others' patience is over")
  func silence() throws {
    let errors = try ThreadRanks.run(3) { ranks -> RankError? in
      ranks.timeout = .milliseconds(50)
      guard ranks.rank != 2 else { return nil }
      _ = try? ranks.gathered(1)
      return ranks.failure
    }
    // Whoever hears of one that waits in vain waits in vain itself.
    #expect(Set([1, 2]).contains(Self.silentRank(errors[0])))
    #expect(Set([0, 2]).contains(Self.silentRank(errors[1])))
  }

  private static func silentRank(_ error: RankError?) -> Int {
    if case .silent(let rank, 0.05) = error { rank } else { -1 }
  }

  @Test("Work that a rank announces is waited for, however long it takes")
  func announcedWork() throws {
    let numbers = try ThreadRanks.run(2) { ranks -> [UInt64] in
      ranks.timeout = .milliseconds(20)
      if ranks.rank == 0 {
        ranks.beginWork()
        Self.waitTenTimesAsLong()
        ranks.endWork()
      }
      return try ranks.gathered(UInt64(ranks.rank))
    }
    #expect(numbers == [[0, 1], [0, 1]])
  }

  /// Ten times the others' patience.
  private static func waitTenTimesAsLong() {
    let end = ContinuousClock().now + .milliseconds(200)
    while ContinuousClock().now < end {}
  }

  @Test("A rank that ends tells the others its exit code, and the first of them speaks")
  func ends() throws {
    let results = try ThreadRanks.run(3) { ranks -> (RankError?, Bool) in
      if ranks.rank == 1 {
        ranks.tellEnd(status: 66)
        return (nil, false)
      }
      _ = try? ranks.gathered(1)
      return (ranks.failure, ranks.hearsEndBefore())
    }
    #expect(results[0].0 == RankError.ended(rank: 1, status: 66))
    #expect(results[2].0 == RankError.ended(rank: 1, status: 66))
    #expect([results[0].1, results[2].1] == [false, true])
  }

  @Test("Bytes of the first rank reach every rank", arguments: [1, 2, 3, 5, 8])
  func sharedBytes(count: Int) throws {
    for length in [0, 1, 100_000] {
      let bytes = (0..<length).map { UInt8(truncatingIfNeeded: $0 * 7) }
      let shared = try ThreadRanks.run(count) { try $0.shared($0.isFirst ? bytes : []) }
      #expect(shared.allSatisfy { $0 == bytes })
    }
  }
}
