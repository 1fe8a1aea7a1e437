internal import GANNetworks
package import GANTensor

extension Game {
  /// What a run begins with, by the names of its state: the seed, each network's weights and buffers,
  /// and the average of the one that has one; all else begins with zeros.
  package func initialState(seed: UInt64) -> [(name: String, tensor: HostTensor)] {
    let bits = Int64(bitPattern: seed)
    var state = [(StepGraph.StateName.seed, HostTensor(shape: .scalar, [bits]))]
    for (index, player) in players.enumerated() {
      let streams = player.weights ?? WeightStreams(ofPlayer: index)
      let tensors = player.network.initialTensors(
        initialization, seed: seed, purpose: streams.purpose, firstStep: streams.firstStep,
        firstSpectralStep: streams.firstSpectralStep)
      for (name, tensor) in tensors {
        state.append(("\(player.role).\(name)", tensor))
        guard average?.role == player.role else { continue }
        state.append(("\(NetworkAverage.prefix).\(name)", tensor))
      }
    }
    return state
  }

  /// The beginning of the names of a network's state as it is to be looked at: of its average, where it
  /// has one.
  package func shownPrefix(of role: Role) -> String {
    average?.role == role ? NetworkAverage.prefix : role.rawValue
  }
}
