import Foundation

/// `KL(P || Q)` of Gaussians with independent axes, in nats: summed over the axes,
/// `log(s_q / s_p) + (s_p^2 + (m_p - m_q)^2) / (2 s_q^2) - 1/2`.
///
/// - Parameters:
///   - means: P's mean along each axis, and Q's.
///   - deviations: P's standard deviation along each axis, and Q's; positive.
package func gaussianKLDivergence(
  means: (p: [Double], q: [Double]), deviations: (p: [Double], q: [Double])
) -> Double {
  let count = means.p.count
  precondition(
    means.q.count == count && deviations.p.count == count && deviations.q.count == count,
    "means and deviations are of as many axes")
  return (0..<count).reduce(0) { sum, axis in
    let ratio = deviations.p[axis] / deviations.q[axis]
    let shift = (means.p[axis] - means.q[axis]) / deviations.q[axis]
    return sum - log(ratio) + (ratio * ratio + shift * shift - 1) / 2
  }
}
