/// A handwriting of one digit: drawn once for an image.
///
/// The ranges were chosen so that images look like MNIST's and have its mean and deviation.
struct StrokeHand {
  /// Half the pen's width, in pixels.
  let penRadius: Float
  /// Pixels over which ink fades to paper.
  let edgeWidth: Float

  /// The pen's distance from a skeleton's points, in half heights.
  private let straying: Float
  private let warp: StrokeWarp

  init(drawnBy draws: inout RandomDraws) {
    // Most pens are thin; the product of uniforms makes a few of them felt tips.
    penRadius =
      draws.uniform(in: 0.85..<1.25) + 1.4 * draws.uniform() * draws.uniform() * draws.uniform()
    edgeWidth = draws.uniform(in: 0.9..<1.3)
    straying = draws.uniform(in: 0.036..<0.108)
    warp = StrokeWarp(drawnBy: &draws)
  }

  /// Writes a skeleton's stroke.
  ///
  /// - Returns: The corners of a line of short straight pieces, in half heights.
  func line(
    along stroke: [SIMD2<Float>], drawnBy draws: inout RandomDraws
  ) -> [SIMD2<Float>] {
    var points: [SIMD2<Float>] = []
    for (number, point) in stroke.enumerated() {
      // A point written twice strays once, or its corner would come undone.
      if number > 0, point == stroke[number - 1] {
        points.append(points[number - 1])
      } else {
        let (x, y) = (draws.bell(straying), draws.bell(straying))
        points.append((point - StrokeSkeleton.centre) / 50 + SIMD2(x, y))
      }
    }
    return Self.curve(through: points).map(warp.image(of:))
  }

  /// Straight pieces between two points of a skeleton.
  private static let piecesPerSpan = 6

  /// The uniform Catmull-Rom spline through points; where one comes twice it has a corner.
  ///
  /// - Source: Catmull, Rom, "A class of local interpolating splines", 1974.
  private static func curve(through points: [SIMD2<Float>]) -> [SIMD2<Float>] {
    var curve = [points[0]]
    for span in 0..<points.count - 1 where points[span] != points[span + 1] {
      let (start, end) = (points[span], points[span + 1])
      let leaving = (end - points[max(span - 1, 0)]) * 0.5
      let arriving = (points[min(span + 2, points.count - 1)] - start) * 0.5
      for piece in 1...piecesPerSpan {
        let t = Float(piece) / Float(piecesPerSpan)
        let (t2, t3) = (t * t, t * t * t)
        curve.append(
          start + (3 * t2 - 2 * t3) * (end - start)
            + (t3 - 2 * t2 + t) * leaving + (t3 - t2) * arriving)
      }
    }
    return curve
  }
}

/// A smooth random map of the plane: bent by a cubic polynomial, then widened, slanted and turned.
struct StrokeWarp {
  /// Factors of x^2, xy, y^2, x^3, x^2 y, x y^2, y^3 in each coordinate's displacement.
  private let bend: [SIMD2<Float>]
  /// The images of the unit vectors under the affine part.
  private let across: SIMD2<Float>
  private let down: SIMD2<Float>

  init(drawnBy draws: inout RandomDraws) {
    var bend: [SIMD2<Float>] = []
    for _ in 0..<7 {
      let x = draws.bell(0.1)
      bend.append(SIMD2(x, draws.bell(0.08)))
    }
    self.bend = bend
    let width = 1.15 + draws.bell(0.22)
    // People lean to the right.
    let slant = 0.2 + draws.bell(0.28)
    // Cosine and sine by the tangent of half the angle, of about 6 degrees.
    let t = draws.bell(0.05)
    let (cosine, sine) = ((1 - t * t) / (1 + t * t), 2 * t / (1 + t * t))
    across = SIMD2(cosine, sine) * width
    down = SIMD2(-sine, cosine) - SIMD2(cosine, sine) * slant
  }

  /// Moves a point, in half heights from the digit's centre.
  func image(of point: SIMD2<Float>) -> SIMD2<Float> {
    let (x, y) = (point.x, point.y)
    let monomials = [x * x, x * y, y * y, x * x * x, x * x * y, x * y * y, y * y * y]
    let bent = zip(bend, monomials).reduce(point) { $0 + $1.0 * $1.1 }
    return across * bent.x + down * bent.y
  }
}
