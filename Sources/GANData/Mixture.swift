/// A mixture of Gaussians and uniform boxes on the line or in the plane, known exactly.
///
/// Every component is a product of one law for each axis, so densities, masses of boxes and
/// samples all have closed forms.
package struct Mixture: Hashable, Sendable {
  /// The mixture's name in reports.
  package internal(set) var name: String

  /// Coordinates a point has: 1 or 2.
  package let dimension: Int

  /// Its parts; at least one, with weights that sum to 1.
  package let components: [Component]

  /// True where samples are counted by its Gaussians; false where they only draw a curve.
  package let isCountedByMode: Bool

  /// Constants of `logDensity` for each component of positive weight.
  let terms: [Term]

  /// One part of a mixture.
  package struct Component: Hashable, Sendable {
    /// The shape around the centre.
    package enum Kind: Hashable, Sendable {
      /// `extents` are standard deviations.
      case gaussian
      /// `extents` are half the sides of a box.
      case uniform
    }

    /// The frequency of its draws, relative to the others'.
    package let weight: Double
    /// The shape around the centre.
    package let kind: Kind
    /// The mean; over the line the second coordinate is 0.
    package let centre: SIMD2<Double>
    /// Its reach along the axes; over the line the second is 1 and unused.
    package let extents: SIMD2<Double>

    /// True where doubles tell places within it apart, and hold their squares.
    var isMeasurable: Bool {
      [0, 1].allSatisfy { axis in
        (1e-9...1e9).contains(extents[axis]) && abs(centre[axis]) <= 1e9 * extents[axis]
      }
    }

    /// A Gaussian whose axes are independent.
    package static func gaussian(
      weight: Double = 1, mean: SIMD2<Double>, deviations: SIMD2<Double>
    ) -> Component {
      Component(weight: weight, kind: .gaussian, centre: mean, extents: deviations)
    }

    /// A box of constant density.
    package static func uniform(
      weight: Double = 1, from lower: SIMD2<Double>, to upper: SIMD2<Double>
    ) -> Component {
      Component(
        weight: weight, kind: .uniform, centre: (lower + upper) / 2, extents: (upper - lower) / 2)
    }
  }

  /// Mixes components by weight.
  ///
  /// - Parameters:
  ///   - name: What the mixture is called in reports, and in errors.
  ///   - dimension: 1 or 2.
  ///   - components: At least one. Weights are divided by their sum; those of 0 are allowed.
  ///   - isCountedByMode: Whether the Gaussians are modes that samples are counted by.
  /// - Throws: `MixtureError` for no components, and for numbers that are not finite, negative
  ///   weights, weights that sum to 0 and extents or centres beyond `Component.isMeasurable`.
  package init(
    name: String, dimension: Int, components: [Component], isCountedByMode: Bool = true
  ) throws(MixtureError) {
    precondition(dimension == 1 || dimension == 2, "points have 1 or 2 coordinates: \(dimension)")
    guard !components.isEmpty else { throw MixtureError(name, .noComponents) }
    for (index, component) in components.enumerated() {
      let numbers = [
        component.weight, component.centre.x, component.centre.y, component.extents.x,
        component.extents.y,
      ]
      guard numbers.allSatisfy(\.isFinite) else {
        throw MixtureError(name, .notFinite(component: index))
      }
      guard component.weight >= 0 else {
        throw MixtureError(name, .negativeWeight(component: index, component.weight))
      }
      guard component.isMeasurable else { throw MixtureError(name, .extent(component: index)) }
    }
    let sum = components.reduce(0) { $0 + $1.weight }
    guard sum > 0, sum.isFinite else { throw MixtureError(name, .weightSum(sum)) }
    self.init(
      known: name, dimension: dimension, components: components, isCountedByMode: isCountedByMode)
  }

  /// Mixes components that are known to be sound.
  init(known name: String, dimension: Int, components: [Component], isCountedByMode: Bool) {
    let sum = components.reduce(0) { $0 + $1.weight }
    let shares = components.map { component in
      Component(
        weight: component.weight / sum, kind: component.kind,
        centre: dimension == 1 ? SIMD2(component.centre.x, 0) : component.centre,
        extents: dimension == 1 ? SIMD2(component.extents.x, 1) : component.extents)
    }
    self.name = name
    self.dimension = dimension
    self.components = shares
    self.isCountedByMode = isCountedByMode
    terms = shares.filter { $0.weight > 0 }.map { Term($0, dimension: dimension) }
  }
}
