internal import CKernels
package import GANGraph

/// The processor as a place to run programs, with a team of threads, which is its identity.
package final class CPUDevice: Device {
  package let name = DeviceKind.cpu.rawValue
  package let threadCount: Int
  package let profile: PlanningProfile
  package let ranks: Ranks?
  /// What its products multiply.
  let precision: Precision
  private let team: ThreadTeam

  /// Starts a team of threads, which ends with the device.
  ///
  /// - Parameters:
  ///   - threadCount: Threads to compute with, at least 1; by default `DefaultThreads.ofProcess`.
  ///   - precision: What products multiply.
  ///   - profile: The profile for kernels; the tile is the interpreter's.
  ///   - ranks: The ranks that compute the same; nil where this process is alone.
  /// - Throws: `RuntimeError.threads` where the system gives no more threads,
  ///   `.noInstructionSet` where `GAN_MAX_ISA` is refused, `.noPrecision` where the processor lacks it.
  package init(
    threadCount: Int? = nil, precision: Precision = .float32,
    profile: PlanningProfile = CPUDevice.fastestProfile, ranks: Ranks? = nil
  ) throws(RuntimeError) {
    let count = threadCount ?? DefaultThreads.ofProcess.count
    precondition(count > 0, "a device computes on at least one thread; got \(count)")
    precondition(profile.tileElements == Int(CK_TILE), "the interpreter's tile; got \(profile)")
    try InstructionSet.checkLimit()
    guard precision.isAvailable else { throw .noPrecision(precision.rawValue, device: name) }
    team = try ThreadTeam(threadCount: count)
    self.threadCount = count
    self.precision = precision
    self.ranks = ranks
    self.profile = profile
    ck_exit_guard()
  }

  /// Has the calling thread's kernels shared by this device's team.
  func takeTeam() { team.use() }

  /// Work below this many elementary operations is done before a team would have woken up.
  private static let smallestSharedWork = 32_768

  /// Threads for so many elementary operations: one where the work is too small to share.
  func members(forWork operations: Int) -> Int32 {
    operations >= Self.smallestSharedWork ? Int32(threadCount) : 1
  }

  /// The precision of a product of so many columns: the device's where they fill a vector, so that
  /// operands are worth pairing.
  func precision(forColumns columns: Int) -> Precision {
    columns >= Int(ck_panel_columns()) / 2 ? precision : .float32
  }

  /// The fastest profile for this processor: tiles of 2 KiB, so that a region's values stay in the
  /// first-level cache as long as it has no more than 48 nodes; whole vectors of channels.
  package static var fastestProfile: PlanningProfile {
    PlanningProfile(
      imageArrangement: .channelsLast, tileElements: Int(CK_TILE), largestRegion: 48,
      channelSumWidth: 16, productFusion: .optimiser)
  }

  /// Processors this process may run on.
  package static var processorCount: Int { Int(ck_processor_count()) }

  /// The active instruction set as files name it: `x86-64-v4` with AVX-512, `x86-64-v3` with AVX2,
  /// `x86-64-v2` with SSE4, else the architecture's name.
  package static var instructionSet: String { String(cString: ck_instruction_set()) }

  /// The instruction set of products in a precision, in words.
  static func instructionSet(_ precision: Precision) -> String {
    precision == .float32 ? instructionSet : "\(instructionSet) \(precision.rawValue)"
  }

  package func prepare(
    _ graph: Graph, state: any StateStore, data: [String: UnsafeRawBufferPointer],
    inMemoryOf other: (any Executable)?, explain: ((String) -> Void)?
  ) throws(RuntimeError) -> any Executable {
    try CPUExecutable(
      graph, on: self, state: HostState.of(state), data: data,
      inMemoryOf: other as? CPUExecutable, explain: explain)
  }

  package func peakFLOPS(seconds: Double) -> Double {
    takeTeam()
    return ck_peak_flops_window(Int32(threadCount), seconds, precision.core)
  }
}
