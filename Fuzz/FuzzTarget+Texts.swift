import GANData
import GANFormats
import GANTensor
import GANTraining

extension FuzzTarget {
  /// Texts that people write.
  static let texts = [
    FuzzTarget(
      "yaml",
      words: OptionSettings.settablePaths + [
        "&a", "*a", "<<: *a", "!!binary ", "? ", "--- ", "%YAML",
      ],
      seeds: {
        [
          """
          # what everything starts from
          recipe: tutorial
          optimizer:
            generator: { learningRate: 1e-4, beta1: 0.5 }
          generator.hidden: [512, 256]
          discriminator:
            hidden:
              - 128
          epochs: null
          dataDir: "a b: c"
          """, "batchSize: &n 5\nseed: *n\n", "{}", "? seed\n: |\n  1\n",
        ].map { [UInt8]($0.utf8) }
      },
      read: { input, folder in
        let file = try ConfigurationFile(contentsOf: folder.file("x.yaml", input))
        _ = try OptionSettings(file.assignments)
      }),
    FuzzTarget(
      "mixture", words: ["name", "components", "weight", "mean", "deviation", "lower", "upper"],
      seeds: {
        [
          """
          {"name": "three", "components": [
            {"weight": 7, "mean": [0, 1.5], "deviation": 0.5},
            {"weight": 2, "mean": [-3, 1e-1], "deviation": [0.25, 4]},
            {"weight": 1, "lower": [-1, 0], "upper": [1, 6]}]}
          """, #"{"components": [{"weight": 1, "mean": 2, "deviation": 3}]}"#,
        ].map { [UInt8]($0.utf8) }
      },
      read: { input, folder in
        let mixture = try Mixture(contentsOf: folder.file("x.json", input))
        let points = mixture.samples(count: 3, from: .init(seed: 1, purpose: .worldData, step: 0))
        precondition(points.count == 3 * mixture.dimension)
        precondition(points.allSatisfy(\.isFinite), "\(points)")
        _ = mixture.logDensity(at: SIMD2(0.5, -0.5))
      }),
  ]
}
