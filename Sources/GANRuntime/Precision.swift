internal import CKernels

/// The numbers that products and convolutions multiply; they are always added in float32, and everything else
/// is float32.
package enum Precision: String, CaseIterable, Codable, Sendable {
  case float32
  /// The upper half of a float32: its range with 8 bits of precision. Operands are rounded to the nearest, ties to
  /// even.
  case bfloat16

  /// True if this processor has it, within the limit that `GAN_MAX_ISA` sets.
  package var isAvailable: Bool {
    switch self {
    case .float32: true
    case .bfloat16: ck_bfloat16_supported()
    }
  }

  var core: ck_precision {
    switch self {
    case .float32: CK_FLOAT32
    case .bfloat16: CK_BFLOAT16
    }
  }
}
