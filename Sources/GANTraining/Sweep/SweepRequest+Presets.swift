extension SweepRequest {
  /// A published comparison that one command repeats.
  package struct Preset: Sendable {
    /// Its name for `--preset`.
    package let name: String
    /// What it compares, in a line.
    package let summary: String
    /// Its file.
    package let text: String
  }

  /// Every preset.
  package static let presets = [
    Preset(
      name: "objectives-mnist",
      summary:
        "six objectives and two penalties on MNIST, the tutorial's networks, 20 epochs, 3 seeds",
      text: """
        # Lucic et al., "Are GANs Created Equal?", 2018, arXiv:1711.10337, asks this with a search over
        # hyperparameters; here every objective has the tutorial's, on one budget.
        name: objectives-mnist
        base:
          recipe: tutorial
          dataset: mnist
          epochs: 20
          evaluation: { interval: 20, count: 5000 }
        variants:
          - { name: non-saturating, objective: non-saturating }
          - { name: minimax, objective: minimax }
          - { name: least-squares, objective: least-squares }
          - { name: hinge, objective: hinge }
          - { name: relativistic, objective: relativistic }
          - { name: wasserstein, objective: wasserstein }
          - { name: wasserstein+gp, objective: wasserstein, penalties: [wgan-gp] }
          - { name: non-saturating+r1, objective: non-saturating, penalties: [r1] }
        seeds: 0-2
        """)
  ]

  /// The preset of that name.
  ///
  /// - Throws: `OptionsError.unfit`.
  package init(preset name: String, from origin: OptionOrigin) throws {
    guard let preset = Self.presets.first(where: { $0.name == name }) else {
      throw OptionsError.unfit(
        key: "preset", value: name,
        requirement: Self.presets.map(\.name).joined(separator: " or "), origin: origin)
    }
    try self.init(preset.text, path: "--preset \(name)")
  }
}
