extension RunDiagnosis.Kind {
  /// What it looks like, to follow "it looks as if".
  package var words: String {
    switch self {
    case .divergence: "a number became NaN or infinite"
    case .saturation: "the discriminator has won, and the generator learns no more"
    case .overfitting: "the discriminator knows its few images by heart"
    case .stuckGenerator: "the generator no longer learns"
    case .deadUnits: "a layer of the generator is dead"
    case .collapse: "the generator makes nearly the same of everything"
    case .copying: "the generator copies its training images"
    case .oscillation: "the players go round in circles"
    case .noise: "the samples are still noise"
    case .settings: "these options are known to fail together"
    case .tooFewSteps: "the run was too short"
    }
  }

  /// What follows from it, in one plain sentence.
  package var meaning: String {
    switch self {
    case .divergence:
      "Every later number would be NaN, so the run has ended; its checkpoints are from before."
    case .saturation:
      "Where the discriminator is sure of every image its answers hardly change with them, and the "
        + "generator cannot tell what would be better."
    case .overfitting:
      "It tells real images by having seen them, not by what they look like; the generator learns "
        + "nothing more about images from it."
    case .stuckGenerator:
      "Its gradient is so small that Adam's epsilon outweighs it: the weights stand still however "
        + "long the run goes on."
    case .deadUnits:
      "A ReLU that is 0 for every latent gets no gradient, so its unit cannot come back: the network is "
        + "as good as one that is as wide as the rest."
    case .collapse:
      "Most of what the data have is missing, and more steps of the same game seldom bring it back."
    case .copying:
      "The samples are pictures that are in the data already, and nothing new comes of them."
    case .oscillation:
      "Each player undoes what the other has learnt, so that no checkpoint is better than the last."
    case .noise: "The generator has not found how neighbouring pixels hang together."
    case .settings: "Runs with them are known to go wrong, whatever they look like at first."
    case .tooFewSteps: "Nothing else can be said of it yet."
    }
  }

  /// Its name among others.
  package var shortName: String {
    switch self {
    case .divergence: "divergence"
    case .saturation: "saturation"
    case .overfitting: "overfitting"
    case .stuckGenerator: "a stuck generator"
    case .deadUnits: "dead units"
    case .collapse: "collapse"
    case .copying: "copying"
    case .oscillation: "oscillation"
    case .noise: "noise"
    case .settings: "settings"
    case .tooFewSteps: "too few steps"
    }
  }

  /// The page and heading that say what to do.
  package var page: String {
    let heading =
      switch self {
      case .divergence: "nan"
      case .saturation: "saturation"
      case .overfitting: "overfitting"
      case .stuckGenerator: "stuck-generator"
      case .deadUnits: "dead-units"
      case .collapse: "collapse"
      case .copying: "copying"
      case .oscillation: "oscillation"
      case .noise: "noise"
      case .settings: "settings"
      case .tooFewSteps: "too-few-steps"
      }
    return "docs/troubleshooting.md#\(heading)"
  }
}
