package import GANGraph
internal import GANTensor

/// Class scores for each item, `[N, classes]`, unbounded, before any softmax; or for each place of
/// an item's map, `[N, classes, H, W]`.
package struct ClassLogits {
  package let tensor: Tensor

  package init(_ tensor: Tensor) { self.tensor = tensor }

  /// The mean over the batch, and over maps, of `-log P(label)`, `[]`: an auxiliary classifier's
  /// term in both players' losses.
  ///
  /// - Parameter labels: `[N]`, whole numbers from 0 to classes - 1.
  /// - Source: Odena et al., "Conditional Image Synthesis with Auxiliary Classifier GANs", 2016,
  ///   arXiv:1610.09585.
  package func crossEntropy(of labels: Tensor) -> Tensor {
    guard tensor.shape.rank == 4 else {
      return (logSumExp(tensor) - chosen(by: labels)).mean()
    }
    // Every place of a map is an item of the same class.
    let places = tensor.permuted([0, 2, 3, 1])
    let rows = Shape(places.shape.dimensions.dropLast())
    let items = ClassLogits(places.reshaped(to: [rows.elementCount, tensor.shape[1]]))
    return items.crossEntropy(
      of: labels.converted(to: .float32).broadcast(to: rows, axes: [0])
        .reshaped(to: [rows.elementCount]))
  }

  /// The mean over the batch of `-Σ P(class) log P(class | item)`, `[]`.
  ///
  /// - Parameter chances: The probability that each class is right, `[N, classes]`.
  package func crossEntropy(ofChances chances: Tensor) -> Tensor {
    (logSumExp(tensor)
      - (tensor * chances).summed(over: [1]).reshaped(to: [tensor.shape[0], 1])).mean()
  }

  /// A 1 in the column of each label and 0 elsewhere, `[N, classes]`.
  ///
  /// - Parameter labels: `int32 [N]`, from 0 to classes - 1.
  package static func oneHot(_ labels: Tensor, classCount: Int) -> Tensor {
    let isChosen = isColumn(of: labels, in: [labels.shape[0], classCount])
    return isChosen.select(
      isChosen.builder.constant(1, isChosen.shape), isChosen.builder.constant(0, isChosen.shape))
  }

  /// True where a column has the number of the row's label, in a shape `[N, columns]`.
  private static func isColumn(of labels: Tensor, in shape: Shape) -> Tensor {
    let columns = (0..<shape[1]).map { labels.builder.constant(Double($0), [1]) }
    let numbers = columns[0].concatenated(with: Array(columns.dropFirst()), axis: 0)
    return labels.converted(to: .float32).broadcast(to: shape, axes: [0])
      .compared(.equal, to: numbers.broadcast(to: shape, axes: [1]))
  }

  /// The logit of each item's label, `[N, 1]`.
  private func chosen(by labels: Tensor) -> Tensor {
    let isChosen = Self.isColumn(of: labels, in: tensor.shape)
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
