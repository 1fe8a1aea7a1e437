package import GANGraph
package import GANTensor

/// Sets beside each item how much its group differs: the deviation of every feature over the group,
/// averaged. `[N, F] → [N, F + 1]` or `[N, C, H, W] → [N, C + 1, H, W]`.
///
/// Item `n` of N belongs to group `n mod (N / size)`; the size is the greatest divisor of N up to
/// `groupSize`.
///
/// - Source: Karras et al., "Progressive Growing of GANs for Improved Quality, Stability, and
///   Variation", 2017, arXiv:1710.10196; groups as its code forms them.
package struct MinibatchDeviation: LayerContent {
  package static let kind = "minibatchDeviation"

  /// Items in a group, at most.
  let groupSize: Int

  package var isSound: Bool { areSound(groupSize) }

  package var isRowwise: Bool { false }

  package func outputShape(for input: Shape) -> Shape? {
    [1, 3].contains(input.rank) ? input.replacing(axis: 0, with: input[0] + 1) : nil
  }

  package func apply(to input: Tensor, in scope: LayerScope) -> Tensor {
    let count = input.shape[0]
    let size = (1...min(groupSize, count)).last { count.isMultiple(of: $0) } ?? 1
    let (groups, features) = (count / size, input.shape.elementCount / count)
    let grouped = input.reshaped(to: [size, groups, features])
    let mean = grouped.summed(over: [0]) * (1 / Double(size))
    let centred = grouped - mean.broadcast(to: grouped.shape, axes: [1, 2])
    let variance = centred.summedSquares(over: [0]) * (1 / Double(size))
    let deviation = (variance + 1e-8).squareRoot().summed(over: [1]) * (1 / Double(features))

    let repeated = deviation.broadcast(to: [size, groups], axes: [1]).reshaped(to: [count])
    let beside = repeated.broadcast(to: input.shape.replacing(axis: 1, with: 1), axes: [0])
    return input.concatenated(with: [beside], axis: 1)
  }

  package var description: String { "minibatch standard deviation, groups of \(groupSize)" }
}

extension Layer {
  /// The deviation of each item's group, as one more feature or channel.
  package static func minibatchDeviation(groupSize: Int = 4) -> Layer {
    Layer(MinibatchDeviation(groupSize: groupSize))
  }
}
