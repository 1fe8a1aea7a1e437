import GANTensor

/// The networks a run ends with.
struct TrainedNetworks: Sendable {
  /// The one to use: the moving average where there is one.
  let generator: SavedNetwork
  /// The weights that training ended with, where there is an average.
  let rawGenerator: SavedNetwork?
  let discriminator: SavedNetwork
}

extension TrainingSession {
  /// The trained networks.
  func networks(of options: TrainingOptions) throws -> TrainedNetworks {
    func saved(_ player: Role, _ tensors: [(name: String, tensor: HostTensor)]) -> SavedNetwork {
      SavedNetwork(
        player: player, network: options.network(of: player), tensors: tensors, options: options,
        step: step)
    }
    let raw = saved(.generator, try tensors(of: .generator))
    let average = try averageTensors().map { saved(.generator, $0) }
    return TrainedNetworks(
      generator: average ?? raw, rawGenerator: average.map { _ in raw },
      discriminator: saved(.discriminator, try tensors(of: .discriminator)))
  }
}
