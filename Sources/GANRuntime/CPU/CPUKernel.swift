internal import GANGraph

/// A piece of a schedule, prepared: everything that does not depend on the data is done.
protocol CPUKernel: AnyObject {
  /// Which code serves, and who refused before it and why.
  var implementation: String { get }
  /// Bytes of the arena that only this kernel uses, while it runs.
  var scratchBytes: Int { get }
  /// Learns where everything lies; comes once, before the first run.
  func bind(_ memory: KernelMemory)
  /// Computes. Allocates, throws and logs nothing.
  func run()
}

extension CPUKernel {
  var scratchBytes: Int { 0 }
}

/// Why a kernel cannot serve.
struct Refusal: Error {
  let reason: String
}

/// Where the values of a schedule lie, as one kernel sees them.
struct KernelMemory {
  let pointer: (NodeID) -> UnsafeMutableRawPointer
  let scratch: UnsafeMutableRawPointer
}

extension KernelMemory {
  func floats(_ id: NodeID) -> UnsafeMutablePointer<Float> {
    pointer(id).assumingMemoryBound(to: Float.self)
  }
}

/// Work below this many elementary operations is done before a team would have woken up.
let smallestSharedWork = 32_768
