internal import CKernels
package import GANGraph

/// The reference backend as a place to run programs: every operation as it is defined, one after
/// another, in double precision, on one thread.
///
/// States are rounded to their element type after each run, as their files have them, so that a run
/// restored from a checkpoint goes on to the same bits. Within a run nothing is rounded.
package final class ReferenceDevice: Device {
  package let name = DeviceKind.reference.rawValue
  package let threadCount = 1
  /// Graphs are run as they are written. Nothing is fused: its regions have one node.
  package let profile = PlanningProfile(
    imageArrangement: .asWritten, tileElements: 1, largestRegion: 1, channelSumWidth: nil,
    productFusion: .none)

  package let ranks: Ranks?

  /// - Parameter ranks: The ranks that compute the same; nil where this process is alone.
  package init(ranks: Ranks? = nil) {
    self.ranks = ranks
    // Computing stops before the process ends.
    ck_exit_guard()
  }

  package func prepare(
    _ graph: Graph, state: any StateStore, data: [String: UnsafeRawBufferPointer],
    inMemoryOf other: (any Executable)?, explain: ((String) -> Void)?
  ) throws(RuntimeError) -> any Executable {
    let executable = try ReferenceExecutable(
      graph, state: HostState.of(state), data: data, ranks: ranks)
    explain?(executable.explanation)
    return executable
  }

  package func peakFLOPS(seconds: Double) -> Double { ck_peak_flops_window(1, seconds, CK_FLOAT32) }
}
