package import GANData
import GANRuntime
import GANTensor

extension Engine {
  /// Runs the first steps and writes everything another framework needs to replay them.
  ///
  /// The file holds `initial.<player>.<name>`, `step.<k>.…` as the session names it, and
  /// `final.<player>.<name>`; of a generator's moving average also `final.average.<name>`.
  ///
  /// - Parameters:
  ///   - options: Checked first; the whole of the run they describe is recorded.
  ///   - path: A safetensors file, written whole or not at all.
  /// - Throws: `RuntimeError.tooLarge` where there is no memory for the whole file.
  /// - Complexity: Memory for the whole file; a step of the tutorial takes about 3 MB.
  package func trace(
    _ options: TrainingOptions, on dataset: any TrainingData, to path: String,
    explain: (@Sendable (String) -> Void)? = nil
  ) async throws {
    try options.validate()
    let traced = TracedSession(
      try TrainingSession(options.setup, dataset: dataset, explain: explain))
    let session = traced.session
    let steps = options.totalSteps
    var tensors: [(name: String, tensor: HostTensor)] = []
    func appendNetworks(_ moment: String) throws {
      for player in Player.allCases {
        for (name, tensor) in try session.tensors(of: player) {
          tensors.append(("\(moment).\(player.rawValue).\(name)", tensor))
        }
      }
    }
    try appendNetworks("initial")
    let look = Observer<TracedSession>.everyStep { traced in
      let (step, recorded) = (traced.step - 1, traced.recorded)
      for (name, tensor) in recorded { tensors.append(("step.\(step).\(name)", tensor)) }
      // The first step tells what all of them take.
      if step == 0 {
        let bytes = recorded.reduce(0) { $0 + $1.tensor.bytes.count }
        let (product, overflows) = bytes.multipliedReportingOverflow(by: steps)
        try SystemMemory.require(overflows ? .max : product, for: "\(steps) steps of a trace")
      }
    }
    try await run(traced, until: steps, observers: [look])
    try appendNetworks("final")
    for (name, tensor) in try session.averageTensors() ?? [] {
      tensors.append(("final.\(GeneratorAverage.prefix).\(name)", tensor))
    }
    try RunFile.write(
      .trace, tensors, networks: options.networksByPlayer, options: options, step: steps, to: path)
  }
}

/// A game that keeps what a replay needs of its last step.
///
/// Its identity is the game's.
private final class TracedSession: Stepping {
  let session: TrainingSession
  private(set) var recorded: [(name: String, tensor: HostTensor)] = []

  init(_ session: TrainingSession) { self.session = session }

  var step: Int { session.step }

  func runStep() throws { recorded = try session.runTracedStep() }
}
