internal import GANGraph

extension Tensor {
  /// The cosine and the sine of angles in turns, from -1/2 to 1/2; exactly 1 and 0 at 0.
  ///
  /// By Taylor's series of a quarter of the angle, at most π / 4, doubled twice: after nine terms the
  /// rest is below the rounding of doubles.
  var cosineAndSine: (cosine: Tensor, sine: Tensor) {
    let quarter = self * quarterOfTurn
    let square = quarter * quarter
    var (cosine, sine) = (constant(1), constant(1))
    for term in stride(from: 8, through: 1, by: -1) {
      let even = Double(2 * term * (2 * term - 1))
      let odd = Double(2 * term * (2 * term + 1))
      cosine = 1 - square * (1 / even) * cosine
      sine = 1 - square * (1 / odd) * sine
    }
    sine = quarter * sine
    for _ in 0..<2 { (cosine, sine) = (1 - 2 * (sine * sine), 2 * (sine * cosine)) }
    return (cosine, sine)
  }

  /// Radians of a quarter of a turn.
  private var quarterOfTurn: Double { .pi / 2 }
}
