package import GANGraph
package import GANTensor

/// Batch normalisation over all axes but the channels', as PyTorch's `nn.BatchNorm1d` and `2d`:
/// `[N, C]` or `[N, C, H, W]`, the same shape out.
///
/// In training the batch's mean and biased variance normalise, and weigh 0.1 in the running mean and
/// variance, the variance unbiased; in inference the running ones normalise.
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
      .init(name: "running_var", type: TensorType([channels], .float32), initial: 1),
      .init(name: "num_batches_tracked", type: TensorType(.scalar, .int64), initial: 0),
    ]
  }

  // In training an item's neighbours decide what becomes of it.
  package var isRowwise: Bool { false }

  package func outputShape(for input: Shape) -> Shape? {
    [1, 3].contains(input.rank) && input[0] == channels ? input : nil
  }

  package func apply(to input: Tensor, in scope: LayerScope) -> Tensor {
    func wide(_ vector: Tensor) -> Tensor { vector.broadcast(to: input.shape, axes: [1]) }
    let mean = scope.isTraining ? batchMean(of: input) : scope.buffer("running_mean")
    let centred = input - wide(mean)
    let variance =
      scope.isTraining
      ? batchVariance(of: centred, mean: mean, in: scope) : scope.buffer("running_var")
    let deviation = (variance + epsilon).squareRoot()
    return centred * wide(scope.parameter("weight") / deviation) + wide(scope.parameter("bias"))
  }

  private func batchMean(of input: Tensor) -> Tensor {
    input.summed(over: statisticsAxes(of: input)) * (1 / count(in: input))
  }

  /// The batch's biased variance; the running mean and variance learn of the batch's.
  private func batchVariance(
    of centred: Tensor, mean: Tensor, in scope: LayerScope
  ) -> Tensor {
    let count = count(in: centred)
    let variance = centred.summedSquares(over: statisticsAxes(of: centred)) * (1 / count)
    let (runningMean, runningVariance) = (
      scope.buffer("running_mean"), scope.buffer("running_var")
    )
    // One value has no unbiased variance; who trains with it is told beforehand.
    let unbiased = variance * (count / max(count - 1, 1))
    scope.update("running_mean", to: runningMean * (1 - momentum) + mean * momentum)
    scope.update("running_var", to: runningVariance * (1 - momentum) + unbiased * momentum)
    scope.update("num_batches_tracked", to: scope.buffer("num_batches_tracked") + 1)
    return variance
  }

  private func statisticsAxes(of input: Tensor) -> [Int] {
    input.shape.dimensions.indices.filter { $0 != 1 }
  }

  /// Values of a channel in the batch.
  private func count(in input: Tensor) -> Double {
    Double(input.shape.elementCount / channels)
  }

  package var description: String { "batch normalisation, \(channels)" }
}

extension Layer {
  /// Batch normalisation of `channels` channels, with PyTorch's epsilon and momentum.
  package static func batchNorm(
    channels: Int, epsilon: Double = 1e-5, momentum: Double = 0.1
  ) -> Layer {
    Layer(BatchNorm(channels: channels, epsilon: epsilon, momentum: momentum))
  }
}
