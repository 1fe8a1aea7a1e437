import GANGraph
import GANLearning
import GANNetworks
import GANTensor
import GANTraining

/// A game of three, after InfoGAN: a recogniser learns with the generator to read a code off its
/// items, so that the code comes to decide what they are.
///
/// - Source: Chen et al., "InfoGAN: Interpretable Representation Learning by Information Maximizing
///   Generative Adversarial Nets", 2016, arXiv:1606.03657. Departure: the recogniser shares no layer
///   with the discriminator.
enum InformationGame {
  static let roles: [Role] = [.generator, .discriminator, "recogniser"]
  static let codeCount = 4
  static let latents = Noise("latents", shape: [3])
  static let code = Noise("code", shape: [codeCount], distribution: .oneHot)
  static let fake = Source.output(.generator, of: .joined([.noise(latents), .noise(code)]))

  static func game(hidden: Int = 24) -> Game {
    let contest = Contest(judge: Judge(.discriminator), real: .data("real"), fake: fake)
    func network(_ inputs: Int, _ outputs: Int) -> NetworkDescription {
      NetworkDescription(
        inputShape: [inputs],
        layers: [
          .linear(inputs: inputs, outputs: hidden), .tanh,
          .linear(inputs: hidden, outputs: hidden), .softplus,
          .linear(inputs: hidden, outputs: outputs),
        ])
    }
    var optimizer = AdamOptions()
    (optimizer.learningRate, optimizer.beta1) = (2e-3, 0.5)
    return Game(
      players: [
        Game.Player(.generator, network(3 + codeCount, 2), optimizer: optimizer),
        Game.Player(.discriminator, network(2, 1), optimizer: optimizer),
        Game.Player("recogniser", network(2, codeCount), optimizer: optimizer),
      ],
      updates: [
        UpdateRule(
          "discriminator", learners: [.discriminator], cadence: .batch,
          terms: [
            JudgingLoss(.nonSaturating, in: contest),
            PenaltyLoss(PenaltyTerm(.r1, weight: 0.1, interval: 2), in: contest),
          ]),
        UpdateRule(
          "generator", learners: [.generator, "recogniser"], cadence: .step,
          terms: [
            FoolingLoss(.nonSaturating, in: contest),
            InformationLoss(weight: 1, recogniser: "recogniser", fake: fake, code: code),
          ]),
      ],
      data: [GameDataSet("real", itemShape: [2])], preview: fake)
  }
}

/// `weight · mean -log Q(code | item)`: a bound on how much items lack of telling their code.
struct InformationLoss: LossTerm {
  let weight: Double
  let recogniser: Role
  let fake: Source
  let code: Noise

  var name: String? { "information" }

  func value(in update: UpdateConstruction) -> Tensor {
    let guesses = ClassLogits(update.items(of: .output(recogniser, of: fake)).tensor)
    return guesses.crossEntropy(ofChances: update.items(of: .noise(code)).tensor) * weight
  }
}
