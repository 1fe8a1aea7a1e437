import Foundation

/// The place that a share of a standard normal lies below, within 1e-9.
///
/// - Parameter share: Between 0 and 1, neither of the two.
func normalQuantile(_ share: Double) -> Double {
  precondition(share > 0 && share < 1, "a share between 0 and 1; got \(share)")
  // Newton's method from the middle never leaves the side it is on, as the cumulative is convex there.
  var place = 0.0
  for _ in 0..<60 {
    let density = exp(-place * place / 2) / (2 * Double.pi).squareRoot()
    let step = (erfc(-place * 0.5.squareRoot()) / 2 - share) / density
    place -= step
    if abs(step) < 1e-12 { break }
  }
  return place
}
