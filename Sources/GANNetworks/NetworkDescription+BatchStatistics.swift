import GANTensor

extension NetworkDescription {
  /// Values of a channel that one item brings to a batch normalisation, to the one that it brings
  /// fewest to; nil where no layer normalises batches.
  package var leastBatchStatistics: Int? { layers.leastBatchStatistics(of: inputShape) }
}

extension [Layer] {
  fileprivate func leastBatchStatistics(of input: Shape) -> Int? {
    placed(after: input).compactMap { layer, input, _ in
      switch layer.content {
      case is BatchNorm: input.elementCount / input[0]
      case let block as Residual:
        [block.main, block.shortcut].compactMap { $0.leastBatchStatistics(of: input) }.min()
      default: nil
      }
    }.min()
  }
}
