/// What clipped coverage is expected to be when only some of the generated items are real data, and
/// the others far away.
///
/// With `N` real items and `m` good ones of `M` generated, the number J of them inside a real ball
/// has the distribution BetaBinomial(m; k, N - k), and coverage the expectation
/// `f(m) = E min(J, k) / k`.
///
/// - Source: Salvy, Talbot, Thirion, "Enhanced Generative Model Evaluation with Clipped Density and
///   Coverage", 2025, arXiv:2507.01761.
struct CoverageScale {
  let realCount: Int
  let generatedCount: Int
  let neighbours: Int

  /// The expectation of `m` good items; 0 below k of them.
  func expectation(ofGood m: Int) -> Double {
    guard m >= neighbours else { return 0 }
    let (k, rest) = (Double(neighbours), Double(realCount - neighbours))
    let good = Double(m)
    // P(J = 0), and then each from the one before.
    var probability = (0..<neighbours).reduce(1.0) {
      $0 * (rest + Double($1)) / (good + rest + Double($1))
    }
    var missing = 0.0
    for j in 0..<neighbours {
      let count = Double(j)
      missing += (k - count) * probability
      probability *= (good - count) * (k + count) / ((count + 1) * (rest + good - count - 1))
    }
    return 1 - missing / k
  }

  /// The share of good items, of `M + 1`, that explains a value of coverage; in `[0, 1]`.
  func score(ofRaw raw: Double) -> Double {
    // The first m whose expectation reaches it; the expectation grows.
    var (low, high) = (0, generatedCount + 1)
    while low < high {
      let middle = (low + high) / 2
      if middle > generatedCount || expectation(ofGood: middle) >= raw {
        high = middle
      } else {
        low = middle + 1
      }
    }
    return Double(low) / Double(generatedCount + 1)
  }
}
