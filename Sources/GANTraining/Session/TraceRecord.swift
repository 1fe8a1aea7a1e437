import GANRuntime
package import GANTensor

/// Everything another framework needs to replay the first steps of a game: `initial.<role>.<name>`,
/// `step.<k>.…` as the step names it, and `final.<role>.<name>`; of moving averages also
/// `final.average.<name>` and `final.powerAverage.<length>.<name>`.
package struct TraceRecord {
  /// The tensors recorded so far, in order.
  package private(set) var tensors: [(name: String, tensor: HostTensor)]
  private let steps: Int

  /// Begins with the initial networks.
  ///
  /// - Parameter steps: The number of steps to record.
  package init(of session: TrainingSession, steps: Int) throws {
    self.steps = steps
    tensors = try session.networkTensors("initial")
  }

  /// Adds a step, counted from 0.
  ///
  /// - Throws: `RuntimeError.tooLarge` where there is no memory for all of them.
  package mutating func append(
    _ recorded: [(name: String, tensor: HostTensor)], ofStep step: Int
  ) throws {
    for (name, tensor) in recorded { tensors.append(("step.\(step).\(name)", tensor)) }
    // The first step's size tells the memory that all steps take.
    guard step == 0 else { return }
    let bytes = recorded.reduce(0) { $0 + $1.tensor.bytes.count }
    let (product, overflows) = bytes.multipliedReportingOverflow(by: steps)
    try SystemMemory.require(overflows ? .max : product, for: "\(steps) steps of a trace")
  }

  /// Ends with the trained networks.
  package mutating func finish(with session: TrainingSession) throws {
    tensors += try session.networkTensors("final")
    for (name, tensor) in try session.averageTensors() ?? [] {
      tensors.append(("final.\(NetworkAverage.prefix).\(name)", tensor))
    }
    for (name, tensor) in try session.powerAverageTensors() {
      tensors.append(("final.\(name)", tensor))
    }
  }
}

extension TrainingSession {
  fileprivate func networkTensors(
    _ moment: String
  ) throws -> [(name: String, tensor: HostTensor)] {
    try setup.game.roles.flatMap { role in
      try tensors(of: role).map { ("\(moment).\(role).\($0.name)", $0.tensor) }
    }
  }
}
