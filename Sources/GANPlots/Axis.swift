/// One direction of a plot.
package struct Axis: Hashable, Sendable {
  /// The quantity, with its unit.
  package var label: String
  /// The mapping of values to places.
  package var scale: Scale
  /// The values from end to end; nil to take those of the data. Where the scale cannot show them
  /// (a logarithm of 0) the data's are taken too.
  package var range: ClosedRange<Double>?
  /// Names of the values 0, 1, 2, …, in place of numbers; empty for numbers.
  package var categories: [String]

  /// Describes an axis of numbers.
  package init(
    _ label: String = "", scale: Scale = .linear, range: ClosedRange<Double>? = nil
  ) {
    self.label = label
    self.scale = scale
    self.range = range
    categories = []
  }

  /// Describes an axis of names, for bars.
  package init(_ label: String = "", categories: [String]) {
    self.init(label)
    self.categories = categories
  }
}

/// A mapping of values to places on an axis.
package enum Scale: Hashable, Sendable {
  /// Equal differences are equal lengths.
  case linear
  /// Equal ratios are equal lengths; zero and below have no place.
  case log10

  /// True for values that have a place: NaN and infinities have none, nor has what is so large
  /// or so near to a logarithm's end that the range around it would overflow.
  package func canShow(_ value: Double) -> Bool {
    switch self {
    case .linear: abs(value) <= 1e300
    case .log10: value >= 1e-300 && value <= 1e300
    }
  }
}
