import GANGraph
import GANLearning
import GANNetworks
import GANTensor
import GANTraining

/// CycleGAN between two worlds of points, as a value: nothing but this file knows of it.
///
/// - Source: Zhu et al., "Unpaired Image-to-Image Translation using Cycle-Consistent Adversarial
///   Networks", 2017, arXiv:1703.10593. Departure: the generators learn after the discriminators.
enum CycleGame {
  static let roles: [Role] = ["toB", "toA", "judgeA", "judgeB"]

  /// - Parameter dropout: Of a layer in every network; 0 has none.
  static func game(hidden: Int = 24, dropout: Double = 0) -> Game {
    let (a, b) = (Source.data("a"), Source.data("b"))
    let (fakeA, fakeB) = (Source.output("toA", of: b), Source.output("toB", of: a))
    let judgingA = Contest("a", judge: Judge("judgeA"), real: a, fake: fakeA)
    let judgingB = Contest("b", judge: Judge("judgeB"), real: b, fake: fakeB)
    var optimizer = AdamOptions()
    (optimizer.learningRate, optimizer.beta1) = (2e-3, 0.5)
    let network = network(hidden: hidden, dropout: dropout)
    return Game(
      players: [
        Game.Player("toB", network(2), optimizer: optimizer),
        Game.Player("toA", network(2), optimizer: optimizer),
        Game.Player("judgeA", network(1), optimizer: optimizer),
        Game.Player("judgeB", network(1), optimizer: optimizer),
      ],
      updates: [
        UpdateRule(
          "judgeA", learners: ["judgeA"], cadence: .batch,
          terms: [JudgingLoss(.leastSquares, in: judgingA)]),
        UpdateRule(
          "judgeB", learners: ["judgeB"], cadence: .batch,
          terms: [JudgingLoss(.leastSquares, in: judgingB)]),
        UpdateRule(
          "translators", learners: ["toB", "toA"], cadence: .step,
          terms: [
            FoolingLoss(.leastSquares, in: judgingA), FoolingLoss(.leastSquares, in: judgingB),
            DistanceLoss("cycleA", weight: 5, from: .output("toA", of: fakeB), to: a),
            DistanceLoss("cycleB", weight: 5, from: .output("toB", of: fakeA), to: b),
            DistanceLoss("identityA", weight: 0.5, from: .output("toA", of: a), to: a),
            DistanceLoss("identityB", weight: 0.5, from: .output("toB", of: b), to: b),
          ]),
      ],
      data: [GameDataSet("a", itemShape: [2]), GameDataSet("b", itemShape: [2])],
      preview: fakeB)
  }

  private static func network(
    hidden: Int, dropout: Double
  ) -> (_ outputs: Int) -> NetworkDescription {
    { outputs in
      var layers: [Layer] = [
        .linear(inputs: 2, outputs: hidden), .tanh, .linear(inputs: hidden, outputs: hidden),
        .softplus,
      ]
      if dropout > 0 { layers.append(.dropout(probability: dropout)) }
      return NetworkDescription(
        inputShape: [2], layers: layers + [.linear(inputs: hidden, outputs: outputs)])
    }
  }
}

/// `weight · mean |made - wanted|` over all values: what a cycle is short of closing, or a translator
/// of leaving alone what needs no translation.
struct DistanceLoss: LossTerm {
  let name: String?
  let weight: Double
  let made: Source
  let wanted: Source

  init(_ name: String, weight: Double, from made: Source, to wanted: Source) {
    (self.name, self.weight, self.made, self.wanted) = (name, weight, made, wanted)
  }

  func value(in update: UpdateConstruction) -> Tensor {
    let difference = update.items(of: made).tensor - update.items(of: wanted).tensor
    return difference.maximum(-difference).mean() * weight
  }
}
