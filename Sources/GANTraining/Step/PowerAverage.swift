import GANGraph
import GANNetworks
import GANTensor

/// A power-function average of a network in a graph: `average ← average + (1 - β) (network - average)`
/// after its n-th update, with `β = (1 - 1/n)^(γ + 1)`.
///
/// β is 0 at first, so that the average never knew the initial weights. Time is counted in updates, or
/// images: they are in proportion. Any other average is made of snapshots of two, as
/// `AverageSnapshots` does.
///
/// - Source: Karras et al., "Analyzing and Improving the Training Dynamics of Diffusion Models", 2023,
///   arXiv:2312.02696, section 3.
struct PowerAverage {
  /// The relative lengths of those that are kept.
  static let keptLengths = [0.05, 0.1]

  /// The prefix of the names of an average's states.
  static func prefix(ofLength length: Double) -> String { "powerAverage.\(length)" }

  /// The standard deviation of its profile over the time so far.
  let length: Double

  /// Averages the network's new values, and makes that the state of the next run.
  ///
  /// - Parameter updates: `int64 []`, updates of the network before this one.
  func record(_ network: Network, updates: Tensor, in builder: GraphBuilder) {
    network.recordAverage(
      Self.prefix(ofLength: length), share: share(updates: updates), in: builder)
  }

  /// 1 - β, `[]`.
  private func share(updates: Tensor) -> Tensor {
    let before = updates.converted(to: .float32)
    // ln β = -(γ + 1) ln(1 + 1/(n - 1)): in single precision the plain forms lose the digits of a late
    // update's share. In place of none before the first a number so small that the share rounds to 1.
    let logarithm = (-before.maximum(before.constant(1e-8)).log()).softplus()
    return -(logarithm * -(PowerProfile.exponent(ofLength: length) + 1)).expm1()
  }
}
