import Foundation
import GANLab
import GANStatistics
import GANTensor
import GANTraining

/// What is known of a game after a round: a point of the page's curves.
package struct PlayReading: Encodable, Sendable {
  /// Its place among all readings of the game, from 0.
  package var index = 0
  let discriminatorUpdates: Int
  let generatorUpdates: Int
  /// `V(D) = E_p log D + E_q log(1 - D)` of the discriminator as it is, in nats.
  let value: Double
  /// Nil where points are NaN or infinite.
  let distances: PlayDistances?
  /// What a perfect generator's points get; zeros where both densities are known.
  let floor: PlayDistances
  /// True if both densities are known, so that nothing is estimated.
  let isExact: Bool
  /// Modes with at least one point within three deviations; nil where the world has none to count.
  package let modes: Int?
  /// The world's modes.
  package let modeCount: Int?
  /// The share of points within three deviations of a mode.
  let highQuality: Double?
  /// Points that are NaN or infinite.
  package let nonFinite: Int
  /// The mean of the points.
  let mean: [Double]

  /// `-log 4 + 2 JSD`, which no discriminator's value is above.
  var bound: Double? { distances?.bound }

  private enum CodingKeys: String, CodingKey {
    case index, discriminatorUpdates, generatorUpdates, value, bound, distances, floor, isExact
    case modes, modeCount, highQuality, nonFinite
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(index, forKey: .index)
    try container.encode(discriminatorUpdates, forKey: .discriminatorUpdates)
    try container.encode(generatorUpdates, forKey: .generatorUpdates)
    try container.encode(value, forKey: .value)
    try container.encodeIfPresent(bound, forKey: .bound)
    try container.encodeIfPresent(distances, forKey: .distances)
    try container.encode(floor, forKey: .floor)
    try container.encode(isExact, forKey: .isExact)
    try container.encodeIfPresent(modes, forKey: .modes)
    try container.encodeIfPresent(modeCount, forKey: .modeCount)
    try container.encodeIfPresent(highQuality, forKey: .highQuality)
    try container.encode(nonFinite, forKey: .nonFinite)
  }
}

/// What judges a session: its world's masses and floors, and what is exact where a density stands in.
struct PlayScales {
  let judge: PlayJudge
  /// Both densities on one set of points, and their divergences; nil where a network generates.
  let exact: (comparison: DensityComparison, distances: PlayDistances, optimum: [Double])?

  init(of session: PlaySession) throws {
    let judge = try PlayJudge(of: session.world, seed: session.settings.seed)
    self.judge = judge
    exact = try session.world.standIn.map { standIn in
      let p = session.world.mixture
      return (
        try DensityComparison(of: p, and: standIn.mixture),
        try PlayDistances(of: p, and: standIn.mixture),
        judge.cells.middles.map { optimalDiscriminator(of: p, against: standIn.mixture, at: $0) }
      )
    }
  }
}

extension PlaySession {
  /// Judges the players; changes nothing.
  ///
  /// - Returns: The reading, and the best discriminator in the cells of a frame's field, as its bytes.
  func reading(_ scales: PlayScales) throws -> (reading: PlayReading, optimum: String) {
    let judge = scales.judge
    let stream = RandomStream(seed: settings.seed, purpose: .evaluationLatents, step: 0)
    let latents = (0..<PlayJudge.sampleCount * settings.latentSize).map { stream.normal(at: $0) }
    let values = try generated(latents)
    let made = points(of: values, dimension: 2)
    let nonFinite = made.count { !$0.x.isFinite || !$0.y.isFinite }
    let counted = nonFinite == 0 ? Array(values.prefix(2 * PlayJudge.countedSamples)) : nil
    let modes = try counted.flatMap { try judge.modes?.statistics(of: $0) }
    let estimated = nonFinite == 0 ? judge.distances(of: made) : nil
    let optimum = scales.exact?.optimum ?? (nonFinite == 0 ? judge.optimum(of: made) : [])
    return (
      PlayReading(
        discriminatorUpdates: discriminatorUpdates, generatorUpdates: generatorUpdates,
        value: try value(scales, of: made), distances: scales.exact?.distances ?? estimated,
        floor: scales.exact == nil
          ? judge.floor : PlayDistances(klForward: 0, klBackward: 0, jensenShannon: 0),
        isExact: scales.exact != nil, modes: modes?.coveredCount,
        modeCount: judge.modes?.modes.count, highQuality: modes?.highQuality.share,
        nonFinite: nonFinite, mean: [mean(made.map(\.x)), mean(made.map(\.y))]),
      Self.bytes(optimum)
    )
  }

  private func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

  /// `V(D)`: by quadrature where both densities are known, else a mean over points.
  private func value(_ scales: PlayScales, of made: [SIMD2<Double>]) throws -> Double {
    if let comparison = scales.exact?.comparison {
      return comparison.value(ofLogits: try probes.field.logits(at: comparison.points))
    }
    let real = try probes.field.logits(at: scales.judge.real)
    let fake = try probes.field.logits(at: made)
    return mean(real.map { -softplus(-$0) }) + mean(fake.map { -softplus($0) })
  }

  /// `log(1 + e^x)`, without overflow; NaN of NaN.
  private func softplus(_ x: Double) -> Double { max(x, 0) + log1p(exp(-abs(x))) }
}
