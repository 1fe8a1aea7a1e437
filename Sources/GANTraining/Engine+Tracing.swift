package import GANData
import GANTensor

extension Engine {
  /// Runs the first steps and writes everything another framework needs to replay them.
  ///
  /// The file holds `initial.<player>.<name>`, `step.<k>.…` as the session names it, and
  /// `final.<player>.<name>`.
  ///
  /// - Parameters:
  ///   - options: Checked first; the whole of the run they describe is recorded.
  ///   - path: A safetensors file, written whole or not at all.
  /// - Complexity: Memory for the whole file; a step of the tutorial takes about 3 MB.
  package func trace(
    _ options: TrainingOptions, on dataset: ImageDataset, to path: String,
    explain: (@Sendable (String) -> Void)? = nil
  ) throws {
    try options.validate()
    let session = try TrainingSession(options.setup, dataset: dataset, explain: explain)
    let steps = options.totalSteps
    var tensors: [(name: String, tensor: HostTensor)] = []
    func appendParameters(_ moment: String) throws {
      for player in Player.allCases {
        for (name, tensor) in try session.parameters(of: player) {
          tensors.append(("\(moment).\(player.rawValue).\(name)", tensor))
        }
      }
    }
    try appendParameters("initial")
    for step in 0..<steps {
      for (name, tensor) in try session.runTracedStep() {
        tensors.append(("step.\(step).\(name)", tensor))
      }
    }
    try appendParameters("final")
    try OurFile.write(
      .trace, tensors, networks: options.networksByPlayer, options: options, step: steps, to: path)
  }
}
