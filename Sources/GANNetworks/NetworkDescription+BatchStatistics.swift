import GANTensor

extension NetworkDescription {
  /// Values of a channel that one item brings to a batch normalisation, to the one that it brings
  /// fewest to; nil where no layer normalises batches.
  package var leastBatchStatistics: Int? { layers.leastBatchStatistics(of: inputShape) }
}

extension [Layer] {
  fileprivate func leastBatchStatistics(of input: Shape) -> Int? {
    var shape = input
    var counts: [Int] = []
    for layer in self {
      if layer.content is BatchNorm { counts.append(shape.elementCount / shape[0]) }
      if let block = layer.content as? Residual {
        counts += [block.main, block.shortcut].compactMap { $0?.leastBatchStatistics(of: shape) }
      }
      guard let output = layer.content.outputShape(for: shape) else { break }
      shape = output
    }
    return counts.min()
  }
}
