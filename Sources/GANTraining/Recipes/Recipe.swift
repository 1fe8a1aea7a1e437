/// A run to repeat: options under a name, with their source and the result to expect.
package struct Recipe: Sendable {
  /// Its name for `--recipe`.
  package let name: String
  /// A summary of its training, in a line.
  package let summary: String
  /// Its source.
  package let citation: String
  /// The result to expect at a run's end.
  package let expectedResult: String
  /// The value of `--dataset` unless it is set.
  package let dataset: String
  /// The value of `--image-size` unless it is set; `auto` leaves images as they are.
  package var imageSize = "auto"
  /// The options, before the user's.
  package let options: TrainingOptions

  /// Every recipe.
  package static let all = [
    tutorial, mlpLarge, dcgan28, quick28, dcgan32, dcgan64, wganGP, sngan32, r3gan32, r3gan32Large,
    cgan, acgan, projection, classes32, photos28, photos32, photos64, ring8, grid25,
  ]

  /// The GAN everybody starts with: two networks of three linear layers, on MNIST.
  package static let tutorial = Recipe(
    name: "tutorial",
    summary: "The MNIST tutorial: two fully connected networks, 200 epochs",
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
