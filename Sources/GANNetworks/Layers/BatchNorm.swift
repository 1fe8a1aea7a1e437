package import GANGraph
package import GANTensor

/// Batch normalisation over all axes but the channels', as PyTorch's `nn.BatchNorm1d` and `2d`:
/// `[N, C]` or `[N, C, H, W]`, the same shape out.
///
/// In training the batch's mean and biased variance normalise, and weigh 0.1 in the running mean and
/// variance, the variance unbiased; in inference the running ones normalise. Where a pass divides batches
/// into parts, each part is normalised by its own mean and variance, and the running ones learn of the
/// parts' averages.
///
/// - Source: Ioffe & Szegedy, "Batch Normalization: Accelerating Deep Network Training by Reducing
///   Internal Covariate Shift", 2015, arXiv:1502.03167.
package struct BatchNorm: LayerContent {
  package static let kind = "batchNorm"

  let channels: Int
  /// Added to the variance.
  let epsilon: Double
  /// Weight of a batch in the running statistics.
  let momentum: Double

  package var isSound: Bool {
    areSound(channels, upTo: Int(Int32.max)) && epsilon > 0 && (0...1).contains(momentum)
  }

  package var parameters: [NetworkDescription.Parameter] { .scaleAndShift([channels]) }

  package var buffers: [NetworkDescription.Buffer] {
    [
      .init(name: "running_mean", type: TensorType([channels], .float32), initial: 0),
      .init(
        name: "running_var", type: TensorType([channels], .float32), initial: 1, isVariance: true),
      .init(name: "num_batches_tracked", type: TensorType(.scalar, .int64), initial: 0),
    ]
  }

  // In training an item's neighbours decide what becomes of it.
  package var isRowwise: Bool { false }

  package func outputShape(for input: Shape) -> Shape? {
    [1, 3].contains(input.rank) && input[0] == channels ? input : nil
  }

  package func apply(to input: Tensor, in scope: LayerScope) -> Tensor {
    let parts = BatchParts(of: input.shape, count: scope.isTraining ? scope.statisticsParts : 1)
    let mean = scope.isTraining ? parts.means(of: input) : scope.buffer("running_mean")
    let centred = input - parts.wide(mean)
    let variance =
      scope.isTraining ? parts.meanSquares(of: centred) : scope.buffer("running_var")
    if scope.isTraining { learn(mean, variance, of: parts, in: scope) }
    let deviation = (variance + epsilon).squareRoot()
    let scale = parts.repeated(scope.parameter("weight")) / deviation
    return centred * parts.wide(scale)
      + scope.parameter("bias").broadcast(to: input.shape, axes: [1])
  }

  /// Lets the running mean and variance learn of a batch's.
  private func learn(
    _ mean: Tensor, _ variance: Tensor, of parts: BatchParts, in scope: LayerScope
  ) {
    // One value has no unbiased variance; who trains with it is told beforehand.
    let unbiased = variance * (parts.valueCount / max(parts.valueCount - 1, 1))
    for (name, value) in [("running_mean", mean), ("running_var", unbiased)] {
      scope.update(
        name,
        to: scope.buffer(name) * (1 - momentum) + parts.average(of: value, weighing: momentum))
    }
    scope.update("num_batches_tracked", to: scope.buffer("num_batches_tracked") + 1)
  }

  package var description: String { "batch normalisation, \(channels)" }
}

/// A batch `[N, C]` or `[N, C, H, W]` as parts of equally many items, one after the other; the whole batch
/// where items do not divide into so many, or a channel would have one value in a part.
///
/// Statistics are `[C]` of a whole batch, `[parts, C]` of parts.
private struct BatchParts {
  private let shape: Shape
  private let count: Int

  init(of shape: Shape, count: Int) {
    let values = shape.elementCount / shape[1]
    let isDivided = shape[0].isMultiple(of: count) && values > count
    (self.shape, self.count) = (shape, isDivided ? count : 1)
  }

  private var channels: Int { shape[1] }

  /// Items of a part, `[parts, items, C]`.
  private var grouped: Shape { [count, shape[0] / count, channels] }

  /// Values of a channel in a part.
  var valueCount: Double { Double(shape.elementCount / channels / count) }

  /// Axes within an item.
  private var positions: [Int] { Array(2..<shape.rank) }

  /// Each part's means.
  func means(of batch: Tensor) -> Tensor {
    guard count > 1 else { return batch.summed(over: [0] + positions) * (1 / valueCount) }
    return means(ofItemSums: positions.isEmpty ? batch : batch.summed(over: positions))
  }

  /// Each part's means of squares.
  func meanSquares(of batch: Tensor) -> Tensor {
    guard count > 1 else { return batch.summedSquares(over: [0] + positions) * (1 / valueCount) }
    return means(
      ofItemSums: positions.isEmpty ? batch * batch : batch.summedSquares(over: positions))
  }

  private func means(ofItemSums sums: Tensor) -> Tensor {
    sums.reshaped(to: grouped).summed(over: [1]) * (1 / valueCount)
  }

  /// A vector of channels for each part.
  func repeated(_ vector: Tensor) -> Tensor {
    count == 1 ? vector : vector.broadcast(to: [count, channels], axes: [1])
  }

  /// Statistics for every value of the batch.
  func wide(_ statistics: Tensor) -> Tensor {
    guard count > 1 else { return statistics.broadcast(to: shape, axes: [1]) }
    let ofItems = statistics.broadcast(to: grouped, axes: [0, 2])
      .reshaped(to: [shape[0], channels])
    return shape.rank == 2 ? ofItems : ofItems.broadcast(to: shape, axes: [0, 1])
  }

  /// The parts' average, `[C]`, times a weight.
  func average(of statistics: Tensor, weighing weight: Double) -> Tensor {
    count == 1 ? statistics * weight : (statistics * (weight / Double(count))).summed(over: [0])
  }
}

extension Layer {
  /// Batch normalisation of `channels` channels, with PyTorch's epsilon and momentum.
  package static func batchNorm(
    channels: Int, epsilon: Double = 1e-5, momentum: Double = 0.1
  ) -> Layer {
    Layer(BatchNorm(channels: channels, epsilon: epsilon, momentum: momentum))
  }
}
