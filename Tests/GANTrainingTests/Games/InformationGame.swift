import GANGraph
import GANLearning
import GANNetworks
import GANTensor
import GANTraining

/// A game after InfoGAN: a recogniser learns to read a code off items, so that the code comes to decide
/// what they are. It and the discriminator are two heads of one network, the trunk.
///
/// - Source: Chen et al., "InfoGAN: Interpretable Representation Learning by Information Maximizing
///   Generative Adversarial Nets", 2016, arXiv:1606.03657.
enum InformationGame {
  static let roles: [Role] = [.generator, "trunk", .discriminator, "recogniser"]
  static let codeCount = 4
  static let latents = Noise("latents", shape: [3])
  static let code = Noise("code", shape: [codeCount], distribution: .oneHot)
  static let fake = Source.output(.generator, of: .joined([.noise(latents), .noise(code)]))

  static func game(hidden: Int = 24) -> Game {
    let contest = Contest(
      judge: Judge(.discriminator), real: .output("trunk", of: .data("real")),
      fake: .output("trunk", of: fake))
    let information = InformationLoss(
      weight: 1, guesses: .output("recogniser", of: contest.fake), code: code)
    func features(of inputs: Int) -> [Layer] {
      [
        .linear(inputs: inputs, outputs: hidden), .tanh,
        .linear(inputs: hidden, outputs: hidden), .softplus,
      ]
    }
    func head(_ outputs: Int) -> NetworkDescription {
      NetworkDescription(
        inputShape: [hidden], layers: [.linear(inputs: hidden, outputs: outputs)])
    }
    let generator = NetworkDescription(
      inputShape: [3 + codeCount],
      layers: features(of: 3 + codeCount) + [.linear(inputs: hidden, outputs: 2)])
    let trunk = NetworkDescription(inputShape: [2], layers: features(of: 2))
    var optimizer = AdamOptions()
    (optimizer.learningRate, optimizer.beta1) = (2e-3, 0.5)
    return Game(
      players: [
        Game.Player(.generator, generator, optimizer: optimizer),
        Game.Player("trunk", trunk, optimizer: optimizer),
        Game.Player(.discriminator, head(1), optimizer: optimizer),
        Game.Player("recogniser", head(codeCount), optimizer: optimizer),
      ],
      updates: [
        UpdateRule(
          "heads", learners: ["trunk", .discriminator, "recogniser"], cadence: .batch,
          terms: [JudgingLoss(.nonSaturating, in: contest), information]),
        UpdateRule(
          "generator", learners: [.generator], cadence: .step,
          terms: [FoolingLoss(.nonSaturating, in: contest), information]),
      ],
      data: [GameDataSet("real", itemShape: [2])], preview: fake)
  }
}

/// `weight · mean -log Q(code | item)`: a bound on how much items lack of telling their code.
struct InformationLoss: LossTerm {
  let weight: Double
  let guesses: Source
  let code: Noise

  var name: String? { "information" }

  func value(in update: UpdateConstruction) -> Tensor {
    let guesses = ClassLogits(update.items(of: guesses).tensor)
    return guesses.crossEntropy(ofChances: update.items(of: .noise(code)).tensor) * weight
  }
}
