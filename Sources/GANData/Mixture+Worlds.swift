import Foundation

extension Mixture {
  /// One Gaussian on the line.
  package static func gaussian(mean: Double = 0, deviation: Double = 1) -> Mixture {
    requirePositive(deviation)
    return Mixture(
      known: "gaussian", dimension: 1,
      components: [.gaussian(mean: SIMD2(mean, 0), deviations: SIMD2(deviation, 1))],
      isCountedByMode: true)
  }

  /// Gaussians on a circle, the first at `(radius, 0)`, all as likely.
  ///
  /// - Source: Lin, Khetan, Fanti, Oh, "PacGAN: The power of two samples in generative adversarial
  ///   networks", 2018, arXiv:1712.04086: eight, radius 1, deviation 0.01.
  package static func ring(
    modeCount: Int = 8, radius: Double = 1, deviation: Double = 0.01
  ) -> Mixture {
    requirePositive(Double(modeCount), radius, deviation)
    let angles = (0..<modeCount).map { 2 * Double.pi * Double($0) / Double(modeCount) }
    return Mixture(
      known: "ring-\(modeCount)", dimension: 2,
      components: angles.map {
        .gaussian(
          mean: radius * SIMD2(cos($0), sin($0)), deviations: SIMD2(repeating: deviation))
      },
      isCountedByMode: true)
  }

  /// Gaussians on a square grid around the origin, all as likely.
  ///
  /// - Source: PacGAN (see `ring`): five a side at -4, -2, 0, 2 and 4, deviation 0.05.
  package static func grid(
    modesPerSide: Int = 5, spacing: Double = 2, deviation: Double = 0.05
  ) -> Mixture {
    requirePositive(Double(modesPerSide), spacing, deviation)
    let places = (0..<modesPerSide).map { spacing * (Double($0) - Double(modesPerSide - 1) / 2) }
    return Mixture(
      known: "grid-\(modesPerSide * modesPerSide)", dimension: 2,
      components: places.flatMap { x in
        places.map { y in
          .gaussian(mean: SIMD2(x, y), deviations: SIMD2(repeating: deviation))
        }
      },
      isCountedByMode: true)
  }

  /// Two Archimedean spirals, half a turn apart, blurred by Gaussian noise.
  ///
  /// - Parameters:
  ///   - turns: How often each winds around the origin.
  ///   - radius: Where both end.
  ///   - deviation: Of the noise.
  package static func spirals(
    turns: Double = 1.5, radius: Double = 2, deviation: Double = 0.05
  ) -> Mixture {
    requirePositive(turns, radius, deviation)
    let arms = [1.0, -1.0].map { sign in
      { (t: Double) -> SIMD2<Double> in
        let angle = 2 * Double.pi * turns * t
        return sign * radius * t * SIMD2(cos(angle), sin(angle))
      }
    }
    return blurred("spirals", curves: arms, deviation: deviation)
  }

  /// Two half circles, interlocked, blurred by Gaussian noise.
  ///
  /// - Source: `make_moons` of scikit-learn: centres (0, 0) and (1, 0.5) at radius 1.
  package static func moons(radius: Double = 1, deviation: Double = 0.05) -> Mixture {
    requirePositive(radius, deviation)
    let upper = { (t: Double) in radius * SIMD2(cos(Double.pi * t), sin(Double.pi * t)) }
    let lower = { (t: Double) in
      radius * SIMD2(1 - cos(Double.pi * t), 0.5 - sin(Double.pi * t))
    }
    return blurred("moons", curves: [upper, lower], deviation: deviation)
  }

  /// Every other square of a board around the origin, uniform: where column and row have an even sum.
  ///
  /// - Parameters:
  ///   - squaresPerSide: Squares along each side, of both colours.
  ///   - halfSide: From the origin to the board's edge.
  package static func checkerboard(squaresPerSide: Int = 4, halfSide: Double = 4) -> Mixture {
    requirePositive(Double(squaresPerSide), halfSide)
    let edges = (0...squaresPerSide).map {
      halfSide * (2 * Double($0) / Double(squaresPerSide) - 1)
    }
    let squares = (0..<squaresPerSide).flatMap { column in
      (0..<squaresPerSide).filter { ($0 + column).isMultiple(of: 2) }.map { row in
        Component.uniform(
          from: SIMD2(edges[column], edges[row]), to: SIMD2(edges[column + 1], edges[row + 1]))
      }
    }
    return Mixture(
      known: "checkerboard", dimension: 2, components: squares, isCountedByMode: false)
  }

  /// Gaussians along curves, as many to each, at equal steps of at most one deviation: the sum's
  /// ripple along a straight line is then below 6e-9 of its height, `2 exp(-2 pi^2)`.
  ///
  /// The mixture is what is sampled, so its density is exact and not an approximation of a curve's.
  private static func blurred(
    _ name: String, curves: [(Double) -> SIMD2<Double>], deviation: Double
  ) -> Mixture {
    let tracks = curves.map { curve in Track(curve) }
    let longest = tracks.map(\.length).max() ?? 0
    let count = Int((longest / deviation).rounded(.up))
    return Mixture(
      known: name, dimension: 2,
      components: tracks.flatMap { track in
        (0..<count).map { step in
          .gaussian(
            mean: track.point(at: (Double(step) + 0.5) / Double(count)),
            deviations: SIMD2(repeating: deviation))
        }
      },
      isCountedByMode: false)
  }

  private static func requirePositive(_ numbers: Double...) {
    precondition(
      numbers.allSatisfy { $0 > 0 && $0.isFinite },
      "counts, sizes and deviations are positive; got \(numbers)")
  }
}

/// A curve measured in short straight pieces.
private struct Track {
  private let points: [SIMD2<Double>]
  /// The way from the start to each point.
  private let ways: [Double]

  /// Measures a curve over parameters in `[0, 1]`.
  init(_ curve: (Double) -> SIMD2<Double>) {
    points = (0...1024).map { curve(Double($0) / 1024) }
    ways = zip(points, points.dropFirst()).reduce(into: [0]) { ways, ends in
      let step = ends.1 - ends.0
      ways.append((ways.last ?? 0) + (step * step).sum().squareRoot())
    }
  }

  var length: Double { ways[ways.count - 1] }

  /// The point a share of the whole way along.
  func point(at share: Double) -> SIMD2<Double> {
    let way = share * length
    let end = ways.firstIndex { $0 >= way } ?? ways.count - 1
    guard end > 0 else { return points[0] }
    let part = (way - ways[end - 1]) / (ways[end] - ways[end - 1])
    return points[end - 1] + part * (points[end] - points[end - 1])
  }
}
