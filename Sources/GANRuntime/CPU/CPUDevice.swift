internal import CKernels
internal import COneDNN
package import GANGraph

/// The processor as a place to run programs: how many threads, and oneDNN's engine.
///
/// Its identity is the engine. It belongs to the thread that makes it: GNU OpenMP keeps a team of
/// spinning threads for each thread that calls it, and two callers on two cores ruin each other.
package final class CPUDevice: Device {
  package let name = DeviceKind.cpu.rawValue
  package let threadCount: Int
  package let profile: PlanningProfile
  let engine: OpaquePointer

  /// Takes the calling thread's team.
  ///
  /// - Parameters:
  ///   - threadCount: Threads to compute with; by default every processor this process may use.
  ///   - profile: The profile for kernels; the tile is the interpreter's, and products that make
  ///     the optimiser's step need AVX-512.
  /// - Throws: `RuntimeError.unavailable` where oneDNN cannot be used, `.noInstructionSet` where
  ///   `GAN_MAX_ISA` is refused.
  package init(
    threadCount: Int? = nil, profile: PlanningProfile = CPUDevice.fastestProfile
  ) throws(RuntimeError) {
    let count = threadCount ?? Self.processorCount
    precondition(count > 0, "a device computes on at least one thread; got \(count)")
    precondition(profile.tileElements == Int(CK_TILE), "the interpreter's tile; got \(profile)")
    precondition(
      profile.productFusion != .optimiser || ck_product_supported(),
      "products step no optimiser here; got \(profile)")
    try InstructionSet.checkLimit()
    try InstructionSet.limitLibrary()
    // Before the first primitive exists: oneDNN decides then how to split its work.
    ck_team_set_size(Int32(count))
    var reason = ReasonBuffer()
    guard let engine = reason.fill({ conednn_engine_create($0, $1) }) else {
      throw .unavailable(library: "oneDNN", reason: reason.text)
    }
    self.engine = engine
    self.threadCount = count
    self.profile = profile
    // oneDNN has registered its exit handlers by now; computing stops before they run.
    ck_exit_guard()
  }

  deinit { conednn_engine_destroy(engine) }

  /// Gives the calling thread's team this device's size; another device may have changed it.
  func takeTeam() { ck_team_set_size(Int32(threadCount)) }

  /// The fastest profile for this processor: tiles of 2 KiB, so that a region's values stay in the
  /// first-level cache as long as it has no more than 48 nodes; whole vectors of channels.
  package static var fastestProfile: PlanningProfile {
    PlanningProfile(
      imageArrangement: .channelsLast, tileElements: Int(CK_TILE), largestRegion: 48,
      channelSumWidth: 16, productFusion: ck_product_supported() ? .optimiser : .activations)
  }

  /// Processors this process may run on.
  package static var processorCount: Int { Int(ck_processor_count()) }

  /// The active instruction set as files name it: `x86-64-v4` with AVX-512, `x86-64-v3` with AVX2,
  /// `x86-64-v2` with SSE4, else the architecture's name.
  package static var instructionSet: String { String(cString: ck_instruction_set()) }

  /// The version of oneDNN that is loaded, as `2.6.3`.
  package static var oneDNNVersion: String {
    var (major, minor, patch): (Int32, Int32, Int32) = (0, 0, 0)
    conednn_version(&major, &minor, &patch)
    return "\(major).\(minor).\(patch)"
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
    ck_peak_flops_window(Int32(threadCount), seconds)
  }
}

/// The buffer for C's reason to refuse.
struct ReasonBuffer {
  private var bytes = [CChar](repeating: 0, count: 256)

  mutating func fill<Result>(_ body: (UnsafeMutablePointer<CChar>?, Int) -> Result) -> Result {
    bytes.withUnsafeMutableBufferPointer { body($0.baseAddress, $0.count) }
  }

  var text: String {
    String(decoding: bytes.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
