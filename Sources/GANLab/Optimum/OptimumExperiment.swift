import Foundation
import GANData
import GANStatistics
package import GANTraining

/// The best that a discriminator reaches when the generator stands still: `V(D)` against
/// `-log 4 + 2 JSD(p, q)`, and `D` against `p / (p + q)`.
package struct OptimumExperiment: Experiment {
  package static let name = "optimum"

  /// The pairs that are told apart.
  package var pairs: [Pair]
  /// The discriminator's training; one for the line and one for the plane.
  package var line = Training(
    hidden: [32, 32], activation: .softplus, steps: 6_000, batchSize: 2_000)
  /// In the plane there is more to learn.
  package var plane = Training(
    hidden: [128, 128], activation: .tanh, steps: 8_000, batchSize: 1_000)
  /// Each decides a discriminator's initial parameters and its batches.
  package var seeds: [UInt64] = [0]
  /// Samples of each kind that the value is taken from once more.
  package var sampleCount = 100_000
  /// Threads that compute.
  package var threads = defaultThreadCount

  /// Data, and the generator's distribution.
  package struct Pair: Encodable, Sendable {
    /// The distribution of the data: p.
    package let data: NamedDistribution
    /// The distribution in place of a generator: q.
    package let generator: NamedDistribution
    let densities: (data: Mixture, generator: Mixture)

    private enum CodingKeys: String, CodingKey { case data, generator }

    /// Takes two densities.
    ///
    /// - Throws: `SpecificationError` where one has no density, or they are over different spaces.
    package init(_ data: NamedDistribution, _ generator: NamedDistribution) throws {
      func mixture(_ named: NamedDistribution) throws(SpecificationError) -> Mixture {
        guard let mixture = named.mixture else {
          throw SpecificationError(
            specification: named.specification,
            reason: "a discriminator needs points; outcomes have only a divergence")
        }
        return mixture
      }
      densities = (try mixture(data), try mixture(generator))
      guard densities.data.dimension == densities.generator.dimension else {
        throw SpecificationError(
          specification: generator.specification,
          reason: "one of the two is over the line and the other over the plane")
      }
      (self.data, self.generator) = (data, generator)
    }
  }

  /// The training of a discriminator.
  package struct Training: Encodable, Sendable {
    /// Outputs of each hidden layer.
    package var hidden: [Int]
    /// The activation after each of them.
    package var activation: SmoothActivation
    /// Updates.
    package var steps: Int
    /// New samples of each kind in an update.
    package var batchSize: Int
    /// Adam's step size at first; it falls along a line and ends at 0, so that the last updates
    /// average over many batches.
    package var learningRate = 5e-3

    /// The step size of an update, counted from 0.
    func learningRate(ofStep step: Int) -> Double {
      learningRate * (1 - Double(step) / Double(steps))
    }
  }

  /// Pairs with published or easily checked values, from easy to hard.
  package static var standardPairs: [Pair] {
    get throws {
      try [
        ("normal(0,1)", "normal(1,1)"),
        ("0.5*normal(-2,0.5)+0.5*normal(2,0.5)", "normal(0,1.5)"),
        ("ring-8(2,0.3)", "normal2d(0,0,2)"),
        ("ring-8(2,0.02)", "normal2d(0,0,2)"),
      ].map { try Pair(NamedDistribution($0), NamedDistribution($1)) }
    }
  }

  /// Tells pairs apart.
  package init(pairs: [Pair]) { self.pairs = pairs }

  /// A result for each pair.
  package typealias Results = [PairResult]

  package func run(
    on engine: Engine, progress: @escaping @Sendable (String) -> Void
  ) async throws -> Results {
    var results: Results = []
    for pair in pairs {
      let exact = try ExactOptimum(pair)
      var runs: [PairResult.Run] = []
      for seed in seeds {
        runs.append(
          try await engine.fit(
            self, exact, seed: seed, progress: progress))
      }
      results.append(PairResult(pair, exact, runs))
    }
    return results
  }
}
