import GANLearning
package import GANTraining

/// Quantities that are drawn between the same axes.
package struct CurvePanel: Hashable, Sendable, Codable {
  /// Its name in an address.
  package let id: String
  /// What is to be seen.
  package let title: String
  /// The vertical axis.
  package let label: String
  /// The readings, by their names in `stats.jsonl`.
  package let readings: [String]

  /// The panels that a run's statistics have values for; the first two are what everybody looks at.
  package static func all(of history: StatisticsHistory, _ options: TrainingOptions) -> [CurvePanel]
  {
    let scores = CurvePanel(
      id: "scores", title: "Scores", label: "probability of being real",
      readings: ["discriminator.realScore", "discriminator.fakeScore"])
    let named =
      [
        CurvePanel(
          id: "losses", title: "Losses", label: "loss",
          readings: ["discriminator.loss", "generator.loss"])
      ] + (options.objective.givesProbabilities ? [scores] : [])
    func rest(_ id: String, _ title: String, _ label: String, _ belongs: (String) -> Bool)
      -> CurvePanel
    {
      CurvePanel(id: id, title: title, label: label, readings: history.names.filter(belongs))
    }
    let more = [
      rest("gradients", "Gradient norms", "norm") { $0.hasSuffix(".gradientNorm") },
      rest("logits", "Spread of the logits", "standard deviation") { $0.hasSuffix(".deviation") },
      rest("augmentation", "Augmentation", "probability, overfitting") {
        $0.contains("augmentation.")
      },
      rest("penalties", "Penalties", "added to the loss") { $0.contains(".penalty.") },
      rest("classification", "Classification", "loss") { $0.hasSuffix(".classification") },
      rest("speed", "Speed", "real images a second") { $0 == "imagesPerSecond" },
    ]
    return named + more.filter { !$0.readings.isEmpty }
  }

  /// A reading in words.
  static func words(_ reading: String) -> String {
    switch reading {
    case "discriminator.realScore": "D(x)"
    case "discriminator.fakeScore": "D(G(z))"
    case "generator.fakeScore": "D(G(z)), in G's update"
    case "imagesPerSecond": "images a second"
    default:
      reading.replacing(".loss", with: "").replacing(".gradientNorm", with: "")
        .replacing(".deviation", with: "").replacing(".", with: " ")
    }
  }
}
