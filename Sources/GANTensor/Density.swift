/// A probability density over the line or the plane that can be computed anywhere.
///
/// Points are `SIMD2<Double>`; over the line the second coordinate is 0 and means nothing. The
/// protocol is on this floor so that the data that have known densities and the divergences that
/// need them do not have to know each other (`docs/decisions/0007-densities.md`).
package protocol Density: Sendable {
  /// Coordinates a point has: 1 or 2.
  var dimension: Int { get }

  /// The natural logarithm of the density at a finite point; `-infinity` where it is 0.
  func logDensity(at point: SIMD2<Double>) -> Double

  /// Along each axis, ascending: the ends of an interval that holds all mass but 1e-15, and every
  /// place between them where the density jumps.
  var cuts: [[Double]] { get }

  /// The longest sides that a cell of a quadrature in a box may have and not overlook anything.
  func resolution(from lower: SIMD2<Double>, to upper: SIMD2<Double>) -> SIMD2<Double>
}

/// A density whose samples and whose mass in any box are known as well.
package protocol KnownDistribution: Density {
  /// The mass of a box, whose bounds may be infinite.
  func probability(from lower: SIMD2<Double>, to upper: SIMD2<Double>) -> Double

  /// Points that are a function of the stream alone: `[count, dimension]`, row after row.
  func samples(count: Int, from stream: RandomStream) -> [Float]

  /// A box that reaches at least `deviations` standard deviations beyond every part.
  func bounds(deviations: Double) -> (lower: SIMD2<Double>, upper: SIMD2<Double>)

  /// The peaks that samples are counted by; none where peaks are not what it is made of.
  var modes: [Mode] { get }
}

/// A peak of a distribution: one Gaussian of a mixture.
package struct Mode: Hashable, Sendable {
  /// The place of its peak.
  package let centre: SIMD2<Double>
  /// Standard deviations along the axes.
  package let deviations: SIMD2<Double>
  /// Its share of the whole mass.
  package let weight: Double

  /// A peak whose numbers are finite, with positive deviations.
  package init(centre: SIMD2<Double>, deviations: SIMD2<Double>, weight: Double) {
    self.centre = centre
    self.deviations = deviations
    self.weight = weight
  }
}
