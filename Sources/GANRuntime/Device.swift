package import GANGraph

/// A place to run programs.
///
/// It belongs to the thread that makes it, and so does everything made with it.
package protocol Device: AnyObject {
  /// Its name in options and files.
  var name: String { get }
  /// Threads that compute, the calling one included.
  var threadCount: Int { get }
  /// The profile that graphs and schedules for it must respect.
  var profile: PlanningProfile { get }

  /// The ranks that compute the same run, of which this process is one; nil where it is alone.
  var ranks: Ranks? { get }

  /// Makes room for state tensors, all zeros; a name that comes twice must have one type.
  ///
  /// - Throws: `RuntimeError.mismatch` where it has two; `.tooLarge` where there is no memory for
  ///   the tensors and for one copy of them, as a checkpoint needs.
  func makeState(
    _ types: [(name: String, type: TensorType)]
  ) throws(RuntimeError) -> any StateStore

  /// Prepares a graph.
  ///
  /// - Parameters:
  ///   - graph: The graph, optimised for this device's profile.
  ///   - state: Made by this device; must have every state tensor of the graph.
  ///   - data: The resident arrays it reads, by name, which must stay where they are as long as the
  ///     executable lives.
  ///   - other: Lends its working memory if that suffices: the two then share memory, and a run of
  ///     one clobbers the inputs and outputs of the other.
  ///   - explain: Receives which kernel serves which nodes, and which refused and why, as text, which
  ///     is written for nobody else.
  /// - Throws: `RuntimeError` where state or data is missing or has another type, or the memory
  ///   does not suffice.
  func prepare(
    _ graph: Graph, state: any StateStore, data: [String: UnsafeRawBufferPointer],
    inMemoryOf other: (any Executable)?, explain: ((String) -> Void)?
  ) throws(RuntimeError) -> any Executable

  /// Multiply-adds a second, counted twice, of the widest loop on this device's threads.
  ///
  /// - Parameter seconds: Approximate time to measure.
  func peakFLOPS(seconds: Double) -> Double
}

extension Device {
  package var ranks: Ranks? { nil }

  /// Makes room in this machine's memory, where a device has none of its own.
  package func makeState(
    _ types: [(name: String, type: TensorType)]
  ) throws(RuntimeError) -> any StateStore {
    try HostState(types)
  }

  /// Prepares a graph that reads no data.
  ///
  /// - Throws: As the full form does.
  package func prepare(
    _ graph: Graph, state: any StateStore, inMemoryOf other: (any Executable)? = nil
  ) throws(RuntimeError) -> any Executable {
    try prepare(graph, state: state, data: [:], inMemoryOf: other, explain: nil)
  }
}

/// The devices that options can name.
package enum DeviceKind: String, CaseIterable, Codable, Sendable {
  /// The processor.
  case cpu
  /// The definition of every operation, in double precision on one thread: slow, for judging others.
  case reference

  /// The fastest there is here; never the reference.
  package static let fastest = DeviceKind.cpu

  /// Makes the device, for the calling thread.
  ///
  /// - Parameters:
  ///   - threadCount: Threads to compute with, where it can use more than one.
  ///   - precision: What products multiply; the reference has double precision alone, which
  ///     `float32` stands for.
  ///   - ranks: The ranks that compute the same run; nil where this process is alone.
  /// - Throws: `RuntimeError.threads` where the system gives no more threads, `.noPrecision` where
  ///   it cannot multiply so.
  package func makeDevice(
    threadCount: Int, precision: Precision = .float32, ranks: Ranks? = nil
  ) throws(RuntimeError) -> any Device {
    switch self {
    case .cpu:
      return try CPUDevice(threadCount: threadCount, precision: precision, ranks: ranks)
    case .reference:
      guard precision == .float32 else {
        throw .noPrecision(precision.rawValue, device: rawValue)
      }
      return ReferenceDevice(ranks: ranks)
    }
  }
}
