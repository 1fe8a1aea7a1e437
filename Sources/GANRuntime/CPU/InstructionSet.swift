internal import CKernels

/// An instruction set that kernels are compiled for, by the name that `GAN_MAX_ISA` takes.
package enum InstructionSet: String, CaseIterable, Sendable {
  /// What every processor of the architecture has.
  case baseline
  /// x86-64-v2.
  case sse4
  /// x86-64-v3.
  case avx2
  /// x86-64-v4.
  case avx512
  /// The vectors of arm64.
  case neon

  /// The variable that names the most that kernels may use, for measuring and testing others on a
  /// processor that has more. It is read once.
  package static let limitVariable = "GAN_MAX_ISA"

  /// What kernels use: the processor's best, or the limit.
  package static var active: InstructionSet { InstructionSet(ck_active_isa()) }

  /// What this processor has, the best last.
  package static var available: [InstructionSet] { allCases.filter { ck_isa_supported($0.isa) } }

  /// True if kernels use less than this processor has.
  package static var isLimited: Bool { ck_active_isa() != ck_best_isa() }

  /// Judges the value that `GAN_MAX_ISA` had.
  ///
  /// - Throws: `RuntimeError.noInstructionSet` where it names none, or one that this processor lacks.
  package static func checkLimit() throws(RuntimeError) {
    guard let name = ck_refused_isa_limit() else { return }
    throw .noInstructionSet(String(cString: name), available: available.map(\.rawValue))
  }

  private init(_ isa: ck_isa) {
    self = Self.allCases.first { $0.isa == isa } ?? .baseline
  }

  private var isa: ck_isa {
    switch self {
    case .baseline: CK_ISA_BASELINE
    case .sse4: CK_ISA_SSE4
    case .avx2: CK_ISA_AVX2
    case .avx512: CK_ISA_AVX512
    case .neon: CK_ISA_NEON
    }
  }
}
