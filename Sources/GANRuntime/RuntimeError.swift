/// Why a program cannot run here.
package enum RuntimeError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The system has no room for so many threads, some of which were to compute.
  case threads(count: Int, computing: Int, limit: String)
  /// The system has no room for so many open files, but for `room` of them.
  case files(count: Int, room: Int, limit: String)
  /// The caller's tensor does not fit the program's.
  case mismatch(name: String, expected: String, got: String)
  /// The program has nothing by that name.
  case unknown(name: String, among: [String])
  /// `GAN_MAX_ISA` names no instruction set of this processor, which has those in `available`.
  case noInstructionSet(String, available: [String])
  /// The device cannot multiply in a precision.
  case noPrecision(String, device: String)
  /// This machine has not that much memory left.
  case tooLarge(purpose: String, neededBytes: Int, availableBytes: Int)

  package var description: String {
    switch self {
    case .threads(let count, _, let limit):
      "no room for \(count) more thread\(count == 1 ? "" : "s"): \(limit)"
    case .files(let count, let room, let limit):
      "no room for \(count) open files, only for \(room): \(limit)"
    case .mismatch(let name, let expected, let got):
      "\(name): must be \(expected), got \(got)"
    case .unknown(let name, let among):
      "\(name): no such tensor, there are \(among.joined(separator: ", "))"
    case .noInstructionSet(let name, let available):
      "\(InstructionSet.limitVariable) must be one of \(available.joined(separator: ", ")) on this "
        + "processor, got \(name)"
    case .noPrecision(let precision, let device):
      device == DeviceKind.cpu.rawValue
        ? "this processor cannot multiply in \(precision), for which it needs AVX512-BF16"
        : "the device \(device) cannot multiply in \(precision)"
    case .tooLarge(let purpose, let needed, let available):
      "\(purpose) take \(Self.megabytes(needed)), this machine has \(Self.megabytes(available)) left"
    }
  }

  private static func megabytes(_ bytes: Int) -> String { "\(bytes / 1_000_000) MB" }
}
