internal import GANGraph
internal import GANNetworks
internal import GANRuntime
package import GANTensor

extension TrainingSession {
  func drawInitialState() throws {
    for (name, tensor) in setup.game.initialState(seed: setup.seed) {
      try programs.state.write(tensor, to: name)
    }
  }

  /// A network's parameters now, in PyTorch's order, then its buffers, by PyTorch's names.
  package func tensors(of role: Role) throws -> [(name: String, tensor: HostTensor)] {
    try tensors(setup.game.network(of: role), prefix: role.rawValue)
  }

  /// The game's moving average, likewise; nil if there is none.
  package func averageTensors() throws -> [(name: String, tensor: HostTensor)]? {
    try setup.game.average.map {
      try tensors(setup.game.network(of: $0.role), prefix: NetworkAverage.prefix)
    }
  }

  /// The power-function averages, by the names of their states; none where none are kept.
  package func powerAverageTensors() throws -> [(name: String, tensor: HostTensor)] {
    guard let role = setup.game.powerAveraged else { return [] }
    return try PowerAverage.keptLengths.map(PowerAverage.prefix).flatMap { prefix in
      try tensors(setup.game.network(of: role), prefix: prefix).map {
        ("\(prefix).\($0.name)", $0.tensor)
      }
    }
  }

  private func tensors(
    _ description: NetworkDescription, prefix: String
  ) throws -> [(name: String, tensor: HostTensor)] {
    try description.tensorNames.map { ($0, try programs.state.tensor("\(prefix).\($0)")) }
  }

  /// The data to resume from: parameters, moments and counters by name.
  package func checkpoint() throws -> [(name: String, tensor: HostTensor)] {
    try programs.state.tensors()
  }

  /// Goes on from a checkpoint.
  ///
  /// - Throws: `RuntimeError` where a tensor is missing or has another type; the state is then
  ///   unchanged.
  package func restore(_ tensors: [String: HostTensor]) throws {
    try programs.state.restore(tensors)
    let clock = setup.game.clock
    let updates = try programs.state.tensor(StepGraph.StateName.updates(of: clock.role))
    step = Int(updates.int64s[0]) / clock.updatesPerStep
  }

  /// The first parameter or moment with a NaN or an infinity.
  package func firstNonFinite() throws -> String? {
    for (name, type) in programs.state.types where type.elementType == .float32 {
      if try !programs.state.tensor(name).floats.allSatisfy(\.isFinite) { return name }
    }
    return nil
  }
}
