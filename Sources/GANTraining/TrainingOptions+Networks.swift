import GANLearning
package import GANNetworks
import GANTensor

extension TrainingOptions {
  /// Both networks, fully connected; images and points enter and leave them flat, packs of them side
  /// by side.
  package var networks: (generator: NetworkDescription, discriminator: NetworkDescription) {
    let size = itemShape.elementCount
    let made: NetworkDescription =
      makesImages
      ? .generatorMLP(
        latentSize: latentSize, hidden: generator.hidden, activation: generator.activation,
        pixelCount: size)
      : .generatorMLP(
        latentSize: latentSize, hidden: generator.hidden, activation: generator.activation,
        dimension: size)
    return (
      made,
      .discriminatorMLP(
        pixelCount: packing * size, hidden: discriminator.hidden,
        activation: discriminator.activation)
    )
  }

  /// One player's network.
  package func network(of player: Player) -> NetworkDescription {
    switch player {
    case .generator: networks.generator
    case .discriminator: networks.discriminator
    }
  }

  /// How a session that follows these options is set up.
  package var setup: TrainingSession.Setup {
    TrainingSession.Setup(
      game: Game(
        generator: networks.generator, discriminator: networks.discriminator,
        objective: objective, penalties: penaltyTerms, packing: packing, clip: clip,
        generatorOptimizer: optimizer.generator, discriminatorOptimizer: optimizer.discriminator),
      batchSize: batchSize, discriminatorSteps: discriminatorSteps, seed: seed,
      threadCount: threads)
  }

  /// The chosen penalties with their coefficients.
  private var penaltyTerms: [PenaltyTerm] {
    penalties.map {
      PenaltyTerm($0, weight: penalty[$0].weight, interval: penalty[$0].interval)
    }
  }

  /// Bound of the discriminator's parameters, where nothing else keeps it Lipschitz.
  var clip: Double? {
    objective.clipsParameters && penalties.isEmpty ? wasserstein.clip : nil
  }

  /// Both networks, by whose they are.
  var networksByPlayer: [Player: NetworkDescription] {
    Dictionary(uniqueKeysWithValues: Player.allCases.map { ($0, network(of: $0)) })
  }
}
