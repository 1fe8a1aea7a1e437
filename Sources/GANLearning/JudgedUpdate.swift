package import GANGraph
package import GANTensor

/// A discriminator update as penalties see it.
package struct JudgedUpdate {
  /// Real items, and the discriminator's logits on them.
  package let real: Judged
  /// Generated items, and its logits on them.
  package let fake: Judged
  private let judge: (Tensor) -> Logits
  private let draw: (PenaltyRandomness, Shape) -> Tensor
  private let averages: () -> (real: Tensor, fake: Tensor)

  /// Collects the parts.
  ///
  /// - Parameters:
  ///   - judge: The discriminator at its present parameters.
  ///   - anchors: Moving averages of the mean logits, `[]`, this update's among them, which gradients hold
  ///     constant.
  ///   - uniform: Draws this update's uniforms on [0, 1) for a role, in a shape.
  package init(
    real: Judged, fake: Judged, judge: @escaping (Tensor) -> Logits,
    anchors: @escaping () -> (real: Tensor, fake: Tensor),
    uniform: @escaping (PenaltyRandomness, Shape) -> Tensor
  ) {
    (self.real, self.fake, self.judge, draw) = (real, fake, judge, uniform)
    averages = anchors
  }

  /// Moving averages of the mean logits of both kinds of items, `[]`.
  var anchors: (real: Tensor, fake: Tensor) { averages() }

  /// Other items, judged as the objective's are.
  func judged(_ items: Tensor) -> Judged { Judged(items: items, logits: judge(items)) }

  /// A uniform on [0, 1) for each element of the items, `[N, …]`.
  func uniform(_ role: PenaltyRandomness) -> Tensor { draw(role, real.items.shape) }

  /// A uniform on [0, 1) for each item, drawn as `[N, 1]` and repeated over its elements.
  func uniformPerItem(_ role: PenaltyRandomness) -> Tensor {
    let shape = real.items.shape
    return draw(role, [shape[0], 1]).reshaped(to: [shape[0]]).broadcast(to: shape, axes: [0])
  }
}

/// A use of a penalty's random numbers; the raw value names them in traces.
package enum PenaltyRandomness: String, CaseIterable, Hashable, Sendable {
  /// The place between a real and a generated item.
  case interpolation
  /// A direction away from a real item.
  case noise
  /// The distance in that direction.
  case scale
  /// A small shift of each real item.
  case realShift
  /// The same of each generated item.
  case generatedShift

  /// The stream they come from; its step counts discriminator updates.
  package var purpose: RandomPurpose {
    switch self {
    case .interpolation: .penaltyInterpolation
    case .noise: .penaltyNoise
    case .scale: .penaltyScale
    case .realShift: .penaltyRealShift
    case .generatedShift: .penaltyGeneratedShift
    }
  }
}

/// Items and the discriminator's logits on them.
package struct Judged {
  /// `[N, …]`.
  package let items: Tensor
  package let logits: Logits

  package init(items: Tensor, logits: Logits) { (self.items, self.logits) = (items, logits) }

  /// The gradient of the logits, summed over the batch, with respect to the items.
  private var gradient: Tensor { logits.tensor.sum().gradients(withRespectTo: [items])[0] }

  /// The square of the gradient's norm at each item, `[N]`.
  var squaredGradientNorms: Tensor { gradient.summedSquares(over: itemAxes) }

  /// The gradient's norm at each item, `[N]`; where it is 0, so is its derivative.
  var gradientNorms: Tensor { gradient.norms(over: itemAxes) }

  private var itemAxes: [Int] { Array(1..<items.shape.rank) }
}
