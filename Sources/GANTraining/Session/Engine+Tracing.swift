package import GANData
import GANRuntime
import GANTensor

extension Engine {
  /// Runs the first steps and writes the data to replay them in another framework.
  ///
  /// The file holds what `TraceRecord` collects.
  ///
  /// - Parameters:
  ///   - options: Valid ones; the whole of the run they describe is recorded.
  ///   - path: A safetensors file, written whole or not at all.
  /// - Throws: `RuntimeError.tooLarge` where there is no memory for the whole file.
  /// - Complexity: Memory for the whole file; a step of the tutorial takes about 3 MB.
  package func trace(
    _ options: TrainingOptions, on dataset: any TrainingData, to path: String,
    explain: (@Sendable (String) -> Void)? = nil
  ) async throws {
    let traced = TracedSession(
      try TrainingSession(options.setup, dataset: dataset, explain: explain))
    let session = traced.session
    let steps = options.totalSteps
    var record = try TraceRecord(of: session, steps: steps)
    let look = Observer<TracedSession>.everyStep { traced in
      try record.append(traced.recorded, ofStep: traced.step - 1)
    }
    try await run(traced, until: steps, observers: [look])
    try record.finish(with: session)
    try RunFile.write(
      .trace, record.tensors, networks: options.networksByRole, options: options, step: steps,
      to: path)
  }
}

/// A game that keeps its last step's values for a replay.
///
/// Its identity is the game's.
private final class TracedSession: Stepping {
  let session: TrainingSession
  private(set) var recorded: [(name: String, tensor: HostTensor)] = []

  init(_ session: TrainingSession) { self.session = session }

  var step: Int { session.step }

  func runStep() throws { recorded = try session.runTracedStep() }
}
