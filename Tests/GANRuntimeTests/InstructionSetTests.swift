import Foundation
import GANGraph
import GANRuntime
import GANTestSupport
import Testing

/// Each in a process of its own: the variable is read once.
@Suite("Limited to less than this processor has, the CPU backend agrees with the reference backend")
struct InstructionSetTests {
  @Test(.enabled(if: InstructionSet.available.contains(.avx512), "this processor has no AVX-512"))
  func avx512() async {
    await #expect(processExitsWith: .success) { try await agree(limitedTo: .avx512) }
  }

  @Test(.enabled(if: InstructionSet.available.contains(.avx2), "this processor has no AVX2"))
  func avx2() async {
    await #expect(processExitsWith: .success) { try await agree(limitedTo: .avx2) }
  }

  @Test(.enabled(if: InstructionSet.available.contains(.sse4), "this processor has no SSE4"))
  func sse4() async {
    await #expect(processExitsWith: .success) { try await agree(limitedTo: .sse4) }
  }

  @Test(.enabled(if: InstructionSet.available.contains(.baseline), "this processor is no x86-64"))
  func baseline() async {
    await #expect(processExitsWith: .success) { try await agree(limitedTo: .baseline) }
  }

  @Test("A name that no instruction set of the processor has is refused with those it has")
  func refusal() async {
    await #expect(processExitsWith: .success) {
      setenv(InstructionSet.limitVariable, "mmx", 1)
      let refusal = RuntimeError.noInstructionSet(
        "mmx", available: InstructionSet.available.map(\.rawValue))
      #expect(throws: refusal) { try InstructionSet.checkLimit() }
      #expect(throws: refusal) { try CPUDevice(threadCount: 1) }
      for name in InstructionSet.available { #expect("\(refusal)".contains(name.rawValue)) }
    }
  }
}

/// Compares random graphs, over two runs on one thread and on two.
private func agree(limitedTo limit: InstructionSet) async throws {
  setenv(InstructionSet.limitVariable, limit.rawValue, 1)
  #expect(InstructionSet.active == limit)
  #expect(InstructionSet.isLimited == (limit != InstructionSet.available.last))
  for seed in 0..<Campaign.count(24, whole: 240) as Range<Int> {
    let random = try RandomGraph(
      seed: UInt64(seed), operationCount: 14,
      extents: seed.isMultiple(of: 4) ? [1, 7, 16, 17, 33] : [1, 2, 3, 5, 8],
      differentiates: seed.isMultiple(of: 2))
    for threadCount in [1, 2] {
      let errors = try await CPUEngine.shared.errors(
        of: random.graph, inputs: random.inputs, state: random.state, optimizing: true,
        threadCount: threadCount)
      // Rounding of a dozen operations and of sums of a few dozen terms.
      let wrong = errors.filter { !($0.value <= 2e-5) }
      #expect(wrong == [:], "\(limit.rawValue), seed \(seed), threads \(threadCount)")
    }
  }
}
