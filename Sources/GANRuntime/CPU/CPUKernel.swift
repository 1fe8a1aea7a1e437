internal import GANGraph

/// A piece of a schedule, prepared: everything is done that depends neither on the data nor on where
/// they lie.
protocol PreparedKernel {
  /// Which code serves.
  var implementation: String { get }
  /// Bytes of the arena that only this kernel uses, while it runs.
  var scratchBytes: Int { get }
  /// The kernel where its values lie; comes once.
  func bind(_ memory: KernelMemory) -> BoundKernel
}

extension PreparedKernel {
  var scratchBytes: Int { 0 }
}

/// A kernel that knows where everything lies.
struct BoundKernel {
  private let work: () -> Void

  /// Takes what computes: it allocates, throws and logs nothing.
  init(_ work: @escaping () -> Void) { self.work = work }

  func run() { work() }
}

/// A kernel that may serve some work, or says why it cannot.
protocol KernelCandidate<Work>: PreparedKernel, SendableMetatype {
  /// What must be computed, and of what.
  associatedtype Work
  /// What it is called where it refuses.
  static var name: String { get }

  /// Prepares the work.
  ///
  /// - Throws: Why it cannot serve.
  init(preparing work: Work, on device: CPUDevice) throws(Refusal)
}

/// Why a kernel cannot serve.
struct Refusal: Error {
  let reason: String
}

/// The kernel that serves a piece of a schedule, and who refused before it.
struct ChosenKernel {
  let kernel: any PreparedKernel
  private(set) var refusals: [String] = []

  /// Takes the only kernel there is for some work.
  init(_ kernel: any PreparedKernel) { self.kernel = kernel }

  /// Takes the first candidate that accepts; the last one of every list refuses nothing.
  init<Work>(
    for work: Work, among candidates: [any KernelCandidate<Work>.Type], on device: CPUDevice
  ) {
    var refusals: [String] = []
    for candidate in candidates {
      do {
        kernel = try candidate.init(preparing: work, on: device)
        self.refusals = refusals
        return
      } catch {
        refusals.append("\(candidate.name) refused: \(error.reason)")
      }
    }
    preconditionFailure("nobody computes \(work): \(refusals)")
  }

  /// Which code serves, and who refused before it and why.
  var explanation: String { ([kernel.implementation] + refusals).joined(separator: "; ") }
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
