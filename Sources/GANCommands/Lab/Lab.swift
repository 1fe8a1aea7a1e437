import ArgumentParser

/// `gan lab`.
struct Lab: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compute, train and plot what the theory says.",
    discussion: """
      Every experiment writes a folder with report.json, README.md and its plots, and prints \
      what it found and, last, the folder. Distributions are written, in quotes, as \
      'normal(0,1)', 'normal2d(0,0,2)', 'uniform(0,1)', \
      '0.5*normal(-2,0.5)+0.5*normal(2,0.5)', as a toy world such as ring-8 or \
      'ring-8(2,0.3)' (size, deviation), or as a file .json with a mixture.
      """,
    subcommands: [
      LabDivergence.self, LabOptimum.self, LabDescent.self, LabGradients.self,
      LabProportions.self, LabModes.self, LabCompare.self, LabAblation.self,
      LabMetrics.self,
    ])
}
