package import GANGraph
internal import GANTensor

/// How likely each class is, for each item: `[N, classes]`, unbounded, before any softmax.
package struct ClassLogits {
  package let tensor: Tensor

  package init(_ tensor: Tensor) { self.tensor = tensor }

  /// The mean over the batch of `-log P(label)`, `[]`: what an auxiliary classifier adds to both
  /// players' losses.
  ///
  /// - Parameter labels: `int32 [N]`, from 0 to classes - 1.
  /// - Source: Odena et al., "Conditional Image Synthesis with Auxiliary Classifier GANs", 2016,
  ///   arXiv:1610.09585.
  package func crossEntropy(of labels: Tensor) -> Tensor {
    (logSumExp(tensor) - chosen(by: labels)).mean()
  }

  /// The logit of each item's label, `[N, 1]`.
  private func chosen(by labels: Tensor) -> Tensor {
    let columns = (0..<tensor.shape[1]).map { tensor.builder.constant(Double($0), [1]) }
    let numbers = columns[0].concatenated(with: Array(columns.dropFirst()), axis: 0)
    let isChosen = labels.converted(to: .float32).broadcast(to: tensor.shape, axes: [0])
      .compared(.equal, to: numbers.broadcast(to: tensor.shape, axes: [1]))
    return isChosen.select(tensor, tensor.constant(0)).summed(over: [1])
      .reshaped(to: [tensor.shape[0], 1])
  }

  /// `log Σ e^x` over the columns, `[N, 1]`: halves are joined by `log(e^a + e^b) = a + s(b - a)`,
  /// which overflows nowhere.
  private func logSumExp(_ x: Tensor) -> Tensor {
    let columns = x.shape[1]
    guard columns > 1 else { return x }
    let half = columns / 2
    let a = x.sliced(axis: 1, start: 0, count: half)
    let b = x.sliced(axis: 1, start: half, count: half)
    let joined = logSumExp(a + (b - a).softplus())
    guard !columns.isMultiple(of: 2) else { return joined }
    let rest = x.sliced(axis: 1, start: columns - 1, count: 1)
    return joined + (rest - joined).softplus()
  }
}
