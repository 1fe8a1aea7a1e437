import GANData
package import GANLearning
import GANNetworks
import GANTensor
import GANTraining

/// Everything that decides what the playground does; the page's address holds it.
package struct PlaySettings: Codable, Hashable, Sendable {
  /// The world: a specification of `gan lab` (`docs/divergences.md`), `points` or `mixture`.
  package var world = "ring-8(1,0.1)"
  /// Points drawn by hand or read from a table, as `PlayPoints` writes them, for the world `points`.
  package var points = ""
  /// Standard deviation of the Gaussian around each of those points.
  package var spread = 0.05
  /// A mixture's JSON (`docs/divergences.md`), for the world `mixture`.
  package var mixture = ""
  /// The specification of a density that stands in for the generator; empty where a network is one.
  package var standIn = ""
  /// The players' objective.
  package var objective = Objective.nonSaturating
  /// The penalty on the discriminator; nil for none.
  package var penalty: Penalty?
  /// Its factor.
  package var penaltyWeight = 1.0
  /// Points that the discriminator judges together.
  package var packing = 1
  /// Real points in an update.
  package var batchSize = 150
  /// Normals that the generator makes a point of.
  package var latentSize = 2
  /// The generator's network and learning.
  package var generator = PlayerSettings()
  /// The discriminator's.
  package var discriminator = PlayerSettings()
  /// Adam's share of the mean gradient that is kept, of both players.
  package var beta1 = 0.5
  /// Points after which a generator's weight in the moving average has halved; 0 keeps none.
  package var averageHalfLife = 0.0
  /// Decides every random number.
  package var seed: UInt64 = 0

  /// One player's network and learning.
  package struct PlayerSettings: Codable, Hashable, Sendable {
    /// Units of each hidden layer.
    package var width = 64
    /// Hidden layers.
    package var depth = 2
    /// Adam's step size.
    package var learningRate = 1e-3
    /// Updates in a round.
    package var steps = 1
  }

  /// The usual ones: a network of 2-64-64-2 against one of 2-64-64-1 on a ring.
  package init() {}

  /// The same settings as options of `gan train`, checked.
  ///
  /// - Throws: `SettingsError` where a value is out of range; `OptionsError` where they do not fit each
  ///   other.
  func options(threads: Int) throws -> TrainingOptions {
    try check()
    var options = TrainingOptions()
    options.recipe = "playground"
    options.dataset = world
    options.datasetCount = batchSize * Self.batchesPerEpoch
    options.itemShape = [2]
    options.classCount = nil
    (options.epochs, options.steps) = (nil, 1)
    options.threads = threads
    options.seed = seed
    options.objective = objective
    options.penalties = penalty.map { [$0] } ?? []
    if let penalty { options.penalty[penalty].weight = ScheduledValue(penaltyWeight) }
    options.packing = packing
    options.batchSize = batchSize
    options.latentSize = latentSize
    options.average.halfLife = ScheduledValue(averageHalfLife)
    options.generator.hidden = generator.hidden
    options.discriminator.hidden = discriminator.hidden
    options.optimizer.generator.learningRate = ScheduledValue(generator.learningRate)
    options.optimizer.discriminator.learningRate = ScheduledValue(discriminator.learningRate)
    options.optimizer.generator.beta1 = beta1
    options.optimizer.discriminator.beta1 = beta1
    try options.validate()
    return options
  }

  /// Batches of real points before they come again in another order.
  static let batchesPerEpoch = 200

  private func check() throws(SettingsError) {
    func check(_ name: String, _ isFit: Bool, _ requirement: String) throws(SettingsError) {
      guard isFit else { throw SettingsError("\(name) must be \(requirement)") }
    }
    for (name, player) in [("generator", generator), ("discriminator", discriminator)] {
      try check("the \(name)'s width", (1...256).contains(player.width), "from 1 to 256")
      try check("the \(name)'s depth", (1...6).contains(player.depth), "from 1 to 6")
      try check("the \(name)'s steps", (1...50).contains(player.steps), "from 1 to 50")
      try check(
        "the \(name)'s learning rate", (0...10).contains(player.learningRate), "from 0 to 10")
    }
    try check("the batch", (1...1_000).contains(batchSize), "from 1 to 1000 points")
    try check("the latents", (1...16).contains(latentSize), "from 1 to 16")
    try check("the packing", (1...10).contains(packing), "from 1 to 10")
    try check("the penalty's weight", (0...1e6).contains(penaltyWeight), "from 0 to 1000000")
    try check("the spread", (0.001...1).contains(spread), "from 0.001 to 1")
    try check("beta1", (0..<1).contains(beta1), "from 0 to below 1")
    try check("the average's half-life", (0...1e9).contains(averageHalfLife), "from 0 to 1e9")
    try check("a text", world.utf8.count + standIn.utf8.count <= 4_000, "at most 4000 letters")
  }
}

extension PlaySettings.PlayerSettings {
  fileprivate var hidden: [Int] { [Int](repeating: width, count: depth) }
}

/// A setting that cannot be, in one sentence.
package struct SettingsError: Error, Hashable, Sendable, CustomStringConvertible {
  package let description: String

  init(_ description: String) { self.description = description }
}
