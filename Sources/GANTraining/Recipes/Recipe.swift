/// A run somebody can repeat: options under a name, where they come from, what they should give.
package struct Recipe: Sendable {
  /// What `--recipe` calls it.
  package let name: String
  /// What it trains, in a line.
  package let summary: String
  /// Where it comes from.
  package let citation: String
  /// What a run should end with.
  package let expectedResult: String
  /// What `--dataset` is unless somebody says otherwise.
  package let dataset: String
  /// What `--image-size` is, likewise; `auto` leaves images as they are.
  package var imageSize = "auto"
  /// The options, before the user's.
  package let options: TrainingOptions

  /// Every recipe.
  package static let all = [
    tutorial, mlpLarge, dcgan28, dcgan32, dcgan64, wganGP, sngan32, cgan, acgan, projection, ring8,
    grid25,
  ]

  /// The GAN everybody starts with: two networks of three linear layers, on MNIST.
  package static let tutorial = Recipe(
    name: "tutorial",
    summary: "The MNIST tutorial's GAN: two fully connected networks, 200 epochs",
    citation: "Goodfellow et al., \"Generative Adversarial Nets\", 2014, arXiv:1406.2661; layers "
      + "and hyperparameters of the PyTorch tutorial \"Generative Adversarial Networks\"",
    expectedResult: "many digits can be read after 50 epochs and most after 200; there D(x) is "
      + "near 0.7 and D(G(z)) near 0.3 (MNIST, seed 0)",
    dataset: "auto",
    options: TrainingOptions())

  /// The recipe of that name.
  ///
  /// - Throws: `OptionsError.unknownRecipe`.
  package static func named(
    _ name: String, from origin: OptionOrigin? = nil
  ) throws(OptionsError) -> Recipe {
    guard let recipe = all.first(where: { $0.name == name }) else {
      let names = all.map(\.name)
      throw .unknownRecipe(
        name, nearest: nearestName(to: name, among: names), among: names, origin: origin)
    }
    return recipe
  }
}
