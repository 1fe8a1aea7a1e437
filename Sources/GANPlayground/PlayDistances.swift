import Foundation
import GANData
import GANStatistics
import GANTensor

/// The divergences between a world and what a generator makes, in nats.
struct PlayDistances: Encodable, Hashable, Sendable {
  /// `KL(P || Q)`, P the world.
  var klForward: Double
  /// `KL(Q || P)`.
  var klBackward: Double
  /// `JSD(P, Q)`.
  var jensenShannon: Double

  /// `-log 4 + 2 JSD`, the value of the best discriminator.
  var bound: Double { 2 * jensenShannon - log(4) }

  init(klForward: Double, klBackward: Double, jensenShannon: Double) {
    (self.klForward, self.klBackward, self.jensenShannon) = (klForward, klBackward, jensenShannon)
  }

  /// Of two densities, by quadrature: the numbers of `gan lab divergence`.
  ///
  /// - Throws: `EvaluationError.dimensions`.
  init(of p: Mixture, and q: Mixture) throws(EvaluationError) {
    self.init(
      klForward: try klDivergence(of: p, from: q).value,
      klBackward: try klDivergence(of: q, from: p).value,
      jensenShannon: try DensityComparison(of: p, and: q).jensenShannon.value)
  }

  /// Of a world whose masses are exact and of counted points, over cells. `KL(P || Q)` takes the points
  /// for one more than they are, spread over all cells; else it would be infinite for any points.
  ///
  /// - Parameters:
  ///   - masses: P's in each cell.
  ///   - counts: Points in each, at least one.
  init(masses: [Double], counts: [Double]) {
    let total = counts.reduce(0, +)
    let pairs = zip(masses, counts)
    let rest = 1 / Double(counts.count)
    klForward = pairs.reduce(0) { $0 + klTerm($1.0, ($1.1 + rest) / (total + 1)) }
    klBackward = pairs.reduce(0) { $0 + klTerm($1.1 / total, $1.0) }
    jensenShannon = pairs.reduce(0) { $0 + jensenShannonTerm($1.0, $1.1 / total) }
  }
}

/// What judges a generator by its points, with what a perfect one would get.
struct PlayJudge: Sendable {
  /// Points that are judged.
  static let sampleCount = 5_000
  /// Points of which modes are counted, as papers do.
  static let countedSamples = 2_500

  let cells: PlayCells
  /// The world's mass in each of `cells`.
  let masses: [Double]
  /// The means of the world's own points in place of the generator's.
  let floor: PlayDistances
  /// Fresh points of the world, for the value of a discriminator.
  let real: [SIMD2<Double>]
  /// Counts modes, where the world has any.
  let modes: ModeCounter?
  private let coarse: [Double]

  /// Draws a perfect generator's points a few times.
  ///
  /// - Throws: `EvaluationError`.
  init(of world: PlayWorld, seed: UInt64) throws {
    let cells = PlayCells(view: world.view, side: 64)
    let masses = cells.masses(of: world.mixture)
    let coarse = cells.merged(masses)
    let draws = (0..<10 as Range<UInt64>).map { draw in
      let stream = RandomStream(seed: seed, purpose: .noiseFloor, step: draw)
      let perfect = points(
        of: world.mixture.samples(count: Self.sampleCount, from: stream), dimension: 2)
      return PlayDistances(masses: coarse, counts: cells.merged(cells.counts(of: perfect)))
    }
    func mean(_ value: KeyPath<PlayDistances, Double>) -> Double {
      draws.reduce(0) { $0 + $1[keyPath: value] } / Double(draws.count)
    }
    floor = PlayDistances(
      klForward: mean(\.klForward), klBackward: mean(\.klBackward),
      jensenShannon: mean(\.jensenShannon))
    let stream = RandomStream(seed: seed, purpose: .evaluationWorld, step: 0)
    real = points(
      of: world.mixture.samples(count: Self.sampleCount, from: stream), dimension: 2)
    modes =
      world.mixture.modes.isEmpty
      ? nil : try ModeCounter(of: world.mixture, sampleCount: Self.countedSamples, seed: seed)
    (self.cells, self.masses, self.coarse) = (cells, masses, coarse)
  }

  /// The divergences of finite points.
  func distances(of points: [SIMD2<Double>]) -> PlayDistances {
    PlayDistances(masses: coarse, counts: cells.merged(cells.counts(of: points)))
  }

  /// `p / (p + q)` in each cell of the square, of points that stand for q; NaN where neither goes.
  func optimum(of points: [SIMD2<Double>]) -> [Double] {
    let counts = cells.counts(of: points).dropLast()
    let p = cells.blurred(Array(masses.dropLast()))
    let q = cells.blurred(counts.map { $0 / Double(points.count) })
    return zip(p, q).map { $0 + $1 < Self.negligible ? .nan : $0 / ($0 + $1) }
  }

  /// A mass of both together in a cell, below which its share says nothing.
  private static let negligible = 2e-6
}
