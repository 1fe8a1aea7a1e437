import GANGraph
import GANTensor

/// The probability of augmentation that follows a judge's overfitting, in a graph: from 0, and after
/// each batch that the judge learns from `batch / images` up where the overfitting is above the
/// target, else down, within [0, 1].
///
/// Overfitting is the mean of the last four batches', where those before the first have 0. It is a
/// number without a gradient: the probability decides which images change and is no factor of any.
///
/// - Source: Karras et al., "Training Generative Adversarial Networks with Limited Data", 2020,
///   arXiv:2006.06676, section 3.1. Departure: it moves after every batch, and not by four times as
///   much after every fourth.
struct AdaptedProbability {
  /// Batches that overfitting is the mean of.
  static let window = 4

  let target: Double
  /// Real images on the way from 0 to 1.
  let images: Int
  /// Now, `float32 []`.
  private(set) var value: Tensor
  /// The overfitting of the last batches, the oldest first.
  private var batches: Tensor
  private let states: (value: Tensor, batches: Tensor)

  /// The states are `augmentation.<role>.probability` and `.overfitting`; a run begins with zeros.
  init(target: Double, images: Int, of role: Role, in builder: GraphBuilder) {
    (self.target, self.images) = (target, images)
    let name = "augmentation.\(role)"
    states = (
      builder.state("\(name).probability", .scalar),
      builder.state("\(name).overfitting", [Self.window])
    )
    (value, batches) = states
  }

  /// The mean of the last batches' overfitting, `[]`.
  var overfitting: Tensor { batches.mean() }

  /// Moves after a batch.
  ///
  /// - Parameters:
  ///   - overfitting: The batch's, `[]`.
  ///   - count: Its real items.
  mutating func follow(_ overfitting: Tensor, ofBatch count: Int) {
    batches = batches.sliced(axis: 0, start: 1, count: Self.window - 1)
      .concatenated(with: [overfitting.reshaped(to: [1])], axis: 0)
    let isAbove = self.overfitting.compared(.greater, to: value.constant(target))
    let step = value.constant(Double(count) / Double(images))
    let moved = value + isAbove.select(step, -step)
    value = moved.maximum(value.constant(0)).minimum(value.constant(1))
  }

  /// Makes the values the state of the next run.
  func recordUpdates(in builder: GraphBuilder) {
    builder.update(states.value, to: value)
    builder.update(states.batches, to: batches)
  }
}
