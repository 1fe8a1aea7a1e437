internal import GANGraph

/// A piece of a schedule, prepared: everything is done that depends neither on the data nor on where
/// they lie.
protocol PreparedKernel {
  /// The code that computes, in words.
  var implementation: String { get }
  /// Bytes of the arena that only this kernel uses, while it runs.
  var scratchBytes: Int { get }
  /// The operands that it reads in another form than they are stored in; kernels that read the same
  /// share it.
  var preparedOperands: [PreparedOperand] { get }
  /// The kernel where its values lie; comes once.
  func bind(_ memory: KernelMemory) -> BoundKernel
}

extension PreparedKernel {
  var scratchBytes: Int { 0 }
  var preparedOperands: [PreparedOperand] { [] }
}

/// A kernel bound to the addresses of its values.
struct BoundKernel {
  private let work: () -> Void

  /// Takes the computation: it allocates, throws and logs nothing.
  init(_ work: @escaping () -> Void) { self.work = work }

  func run() { work() }
}

/// A kernel that may serve some work, or gives its reason to refuse.
protocol KernelCandidate<Work>: PreparedKernel, SendableMetatype {
  /// The work: its operations and their operands.
  associatedtype Work
  /// Its name in a refusal.
  static var name: String { get }

  /// Prepares the work.
  ///
  /// - Throws: Its reason to refuse.
  init(preparing work: Work, on device: CPUDevice) throws(Refusal)
}

/// A kernel's reason to refuse some work.
struct Refusal: Error {
  let reason: String
}

/// The kernel that serves a piece of a schedule, and the refusals before it.
struct ChosenKernel {
  let kernel: any PreparedKernel
  private(set) var refusals: [String] = []

  /// Takes the only kernel for some work.
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

  /// The code that serves, and the refusals before it with their reasons.
  var explanation: String { ([kernel.implementation] + refusals).joined(separator: "; ") }
}

/// The places of a schedule's values, as one kernel sees them.
struct KernelMemory {
  let pointer: (NodeID) -> UnsafeMutableRawPointer
  let scratch: UnsafeMutableRawPointer
  /// The places of the kernel's prepared operands.
  let prepared: (PreparedOperand) -> UnsafeMutablePointer<Float>
}

extension KernelMemory {
  func floats(_ id: NodeID) -> UnsafeMutablePointer<Float> {
    pointer(id).assumingMemoryBound(to: Float.self)
  }
}
