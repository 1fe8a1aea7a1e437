/// The report of a step: losses in nats, scores as mean probabilities of being real.
package struct StepReport: Hashable, Sendable {
  /// True if both losses are finite.
  package var isFinite: Bool { discriminatorLoss.isFinite && generatorLoss.isFinite }

  package var discriminatorLoss: Float = 0
  package var generatorLoss: Float = 0
  package var realScore: Float = 0
  package var fakeScore: Float = 0

  package init() {}

  /// Takes those among a step's readings.
  init(_ names: [String], _ values: [Float]) {
    for (name, value) in zip(names, values) {
      switch name {
      case "discriminator.loss": discriminatorLoss = value
      case "generator.loss": generatorLoss = value
      case "discriminator.realScore": realScore = value
      case "discriminator.fakeScore": fakeScore = value
      default: break
      }
    }
  }
}
