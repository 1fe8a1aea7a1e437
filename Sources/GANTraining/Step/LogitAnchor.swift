import GANGraph
import GANTensor

/// The moving average of the means of batches of logits, in a graph: `s ← d s + (1 - d) m` and
/// `w ← d w + 1 - d`, seen as `s / w`, which knows nothing of the zero that `s` begins with.
///
/// - Source: Tseng et al., "Regularizing Generative Adversarial Networks under Limited Data", 2021,
///   arXiv:2104.03310. Departure: the division, which the paper does not have.
struct LogitAnchor {
  /// How much of the old is kept at each batch.
  static let decay = 0.99

  /// After the last batch, `[]`, which gradients hold constant; nil before the first.
  private(set) var value: Tensor?
  private var sum: Tensor
  private var weight: Tensor
  private let states: (sum: Tensor, weight: Tensor)

  /// The states are `<name>` and `<name>.weight`; a run begins with zeros.
  init(_ name: String, in builder: GraphBuilder) {
    states = (builder.state(name, .scalar), builder.state("\(name).weight", .scalar))
    (sum, weight) = states
  }

  /// Learns of a batch of logits; the average then, `[]`.
  mutating func follow(_ logits: Tensor) -> Tensor {
    let share = 1 - Self.decay
    sum = sum * Self.decay + logits.mean() * share
    weight = weight * Self.decay + weight.constant(share)
    let seen = sum / weight
    value = seen
    return seen
  }

  /// Makes the values the state of the next run.
  func recordUpdates(in builder: GraphBuilder) {
    builder.update(states.sum, to: sum)
    builder.update(states.weight, to: weight)
  }
}
