import GANPlots
package import GANServing

/// What curves are to be drawn of, and how.
package struct CurveRequest: Hashable, Sendable {
  /// The quantity from left to right.
  package enum Abscissa: String, CaseIterable, Sendable {
    case step, images, epoch, seconds

    /// The name of the axis.
    package var label: String {
      switch self {
      case .step: "step"
      case .images: "real images shown"
      case .epoch: "epoch"
      case .seconds: "seconds of training"
      }
    }
  }

  /// The quantity from left to right.
  package var abscissa = Abscissa.epoch
  /// True for equal lengths of equal ratios, upwards and to the right.
  package var hasLogarithmicValues = false
  package var hasLogarithmicAbscissa = false
  /// The weight of the past in the moving average that is drawn: 0 draws the values themselves.
  package var smoothing = 0.0
  /// True to draw runs that differ in their seeds alone as their mean, and a band of a deviation.
  package var joinsSeeds = false
  /// Pixels from left to right.
  package var width = 640.0
  /// Pixels from top to bottom.
  package var height = 300.0

  /// What is usually asked for.
  package init() {}

  /// Reads a page's wishes; what is out of range is brought into it.
  ///
  /// - Throws: `Refusal` 400 for an axis that there is not.
  package init(_ request: Request) throws(Refusal) {
    if let name = request.query("x") {
      guard let asked = Abscissa(rawValue: name) else {
        throw Refusal(400, "x is step, images, epoch or seconds.")
      }
      abscissa = asked
    }
    hasLogarithmicValues = request.query("logy") == "1"
    hasLogarithmicAbscissa = request.query("logx") == "1"
    joinsSeeds = request.query("seeds") == "1"
    func number(_ name: String, _ range: ClosedRange<Double>, _ usual: Double) -> Double {
      guard let value = request.query(name).flatMap({ Double($0) }), value.isFinite else {
        return usual
      }
      return min(max(value, range.lowerBound), range.upperBound)
    }
    smoothing = number("smooth", 0...0.999, 0)
    width = number("width", 240...1_600, 640).rounded()
    height = number("height", 180...900, 300).rounded()
  }
}
