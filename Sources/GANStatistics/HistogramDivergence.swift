package import GANTensor

/// The Jensen-Shannon divergence of samples from a known distribution, over a grid's cells.
///
/// The distribution's cells have their exact masses, so only the judged samples bring noise. Cells
/// hide what happens inside them: the value cannot exceed the divergence of the densities but for
/// noise, and the noise adds about (occupied cells - 1) / (8 samples) nats.
package struct HistogramDivergence: Sendable {
  /// The cells.
  package let grid: HistogramGrid
  /// The number of samples to judge.
  package let sampleCount: Int
  /// The unit of the divergence.
  package let unit: InformationUnit
  /// The values of real samples.
  package let noiseFloor: NoiseFloor

  private let truth: DiscreteDistribution

  /// Prepares the cells and measures the noise floor.
  ///
  /// - Parameters:
  ///   - distribution: What real samples come from.
  ///   - grid: The cells; nil for 50 along each axis, four standard deviations past everything.
  ///   - sampleCount: How many samples will be judged; at least 1.
  ///   - seed: Of the real samples, whose purpose is `noiseFloor`.
  /// - Throws: `EvaluationError` where the distribution is not one.
  package init(
    from distribution: some KnownDistribution, grid: HistogramGrid? = nil, sampleCount: Int,
    unit: InformationUnit = .nats, seed: UInt64
  ) throws(EvaluationError) {
    guard sampleCount > 0 else { throw .tooFewSamples(got: sampleCount, needed: 1) }
    let (lower, upper) = distribution.bounds(deviations: 4)
    let cells =
      grid
      ?? HistogramGrid(
        dimension: distribution.dimension, lower: lower, upper: upper, cellsPerAxis: 50)
    precondition(
      cells.dimension == distribution.dimension,
      "a grid of \(cells.dimension) axes for points of \(distribution.dimension) coordinates")
    let truth = try DiscreteDistribution(probabilities: cells.probabilities(of: distribution))
    self.grid = cells
    self.truth = truth
    self.sampleCount = sampleCount
    self.unit = unit
    noiseFloor = try NoiseFloor(
      of: distribution, sampleCount: sampleCount, seed: seed, unit: unit
    ) { points throws(EvaluationError) in
      try Self.nats(of: points, over: cells, from: truth)
    }
  }

  /// Judges samples.
  ///
  /// - Parameter samples: `[sampleCount, dimension]`.
  /// - Throws: `EvaluationError` for another number of samples or one that is not finite.
  package func estimate(from samples: [Float]) throws(EvaluationError) -> Estimate {
    let points = try points(of: samples, dimension: grid.dimension, count: sampleCount)
    return Estimate(
      nats: try Self.nats(of: points, over: grid, from: truth), unit: unit,
      sampleCount: sampleCount, noiseFloor: noiseFloor)
  }

  private static func nats(
    of points: [SIMD2<Double>], over grid: HistogramGrid, from truth: DiscreteDistribution
  ) throws(EvaluationError) -> Double {
    try truth.jensenShannonDivergence(from: DiscreteDistribution(counts: grid.counts(of: points)))
  }
}

extension NoiseFloor {
  /// Lets an estimator judge fresh real samples.
  init(
    of distribution: some KnownDistribution, sampleCount: Int, seed: UInt64,
    unit: InformationUnit, judge: ([SIMD2<Double>]) throws(EvaluationError) -> Double?
  ) throws(EvaluationError) {
    var values: [Double?] = []
    for draw in 0..<UInt64(Self.drawCount) {
      let stream = RandomStream(seed: seed, purpose: .noiseFloor, step: draw)
      let samples = distribution.samples(count: sampleCount, from: stream)
      values.append(
        try judge(points(of: samples, dimension: distribution.dimension, count: sampleCount)))
    }
    self.init(nats: values, unit: unit)
  }
}
