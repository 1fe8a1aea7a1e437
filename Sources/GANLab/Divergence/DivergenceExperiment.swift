import GANData
import GANStatistics
package import GANTraining

/// The distance between two distributions: both Kullback-Leibler divergences and the Jensen-Shannon
/// divergence, with what they are sums of.
package struct DivergenceExperiment: Experiment {
  package static let name = "divergence"

  /// P, the data's part.
  package var first: NamedDistribution
  /// Q, the generator's part.
  package var second: NamedDistribution

  /// Takes two distributions.
  ///
  /// - Throws: `EvaluationError.dimensions` or `.outcomeCounts` where they are not over the same
  ///   things; `SpecificationError` where one has outcomes and the other a density.
  package init(_ first: NamedDistribution, _ second: NamedDistribution) throws {
    switch (first.value, second.value) {
    case (.discrete(let p), .discrete(let q)):
      let counts = (p.probabilities.count, q.probabilities.count)
      guard counts.0 == counts.1 else { throw EvaluationError.outcomeCounts(counts.0, counts.1) }
    case (.density(let p), .density(let q)):
      guard p.dimension == q.dimension else {
        throw EvaluationError.dimensions(p.dimension, q.dimension)
      }
    case (.discrete, .density), (.density, .discrete):
      throw SpecificationError(
        specification: second.specification,
        reason: "outcomes have no divergence from a density; give two lists or two densities")
    }
    (self.first, self.second) = (first, second)
  }

  /// Everything in nats; null where infinite.
  package struct Results: Encodable, Sendable {
    /// `sum`, or `quadrature`.
    let method: String
    /// `KL(P || Q)`.
    let klForward: Finite
    /// `KL(Q || P)`.
    let klBackward: Finite
    /// `JSD(P, Q)`.
    let jensenShannon: Double
    /// The change of a quadrature's last refinement, in the order of the three; 0 for sums.
    let errors: [Double]
    /// `-log 4 + 2 JSD`, what the best discriminator makes of the game.
    let optimalValue: Double
    /// The places of the terms: outcomes, or points of the line; empty in the plane.
    let places: [Double]
    /// P at each place: probabilities or densities.
    let p: [Double]
    /// Q at each place.
    let q: [Double]
    /// The terms of the divergences at each place.
    let terms: Terms

    /// The terms of `KL(P || Q)`, `KL(Q || P)` and the Jensen-Shannon divergence at each place.
    struct Terms: Encodable, Sendable {
      var klForward: [Finite] = []
      var klBackward: [Finite] = []
      var jensenShannon: [Double] = []
    }
  }

  package func run(
    on engine: Engine, progress: @escaping @Sendable (String) -> Void
  ) async throws -> Results {
    switch (first.value, second.value) {
    case (.discrete(let p), .discrete(let q)): try Results(p, q)
    case (.density(let p), .density(let q)): try Results(p, q)
    default: preconditionFailure("the initialiser refuses \(first) against \(second)")
    }
  }
}
