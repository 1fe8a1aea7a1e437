package import GANGraph
package import GANTensor

/// The logit of a discriminator that is told the class: a linear function of the features, plus
/// their inner product with a vector that is learnt for each class. `[N, inputs] → [N, 1]`.
///
/// - Source: Miyato & Koyama, "cGANs with Projection Discriminator", 2018, arXiv:1802.05637.
package struct Projection: LayerContent {
  package static let kind = "projection"

  let inputs: Int
  let classes: Int

  package var isSound: Bool { areSound(inputs, classes) }

  package var parameters: [NetworkDescription.Parameter] {
    [NetworkDescription.Parameter].weight(
      [1, inputs], bias: 1, fanIn: inputs, fanOut: 1
    ).map { $0.prefixed("linear.") } + [.embedding("embedding.weight", [classes, inputs])]
  }

  package func outputShape(for input: Shape) -> Shape? { input == [inputs] ? [1] : nil }

  package func multiplyAdds(for input: Shape) -> Int { inputs }

  package var classCount: Int? { classes }

  package func apply(to input: Tensor, in scope: LayerScope) -> Tensor {
    let product = input.matmul(scope.parameter("linear.weight"), transposingRHS: true)
    let bias = scope.parameter("linear.bias").broadcast(to: product.shape, axes: [1])
    let embedding = scope.parameter("embedding.weight").gatheredRows(scope.labels)
    return product + bias + (input * embedding).summed(over: [1]).reshaped(to: product.shape)
  }

  package var description: String { "projection, \(inputs) features, \(classes) classes" }
}

extension Layer {
  /// The logit of features `[N, inputs]` for the class they are said to be of.
  package static func projection(inputs: Int, classes: Int) -> Layer {
    Layer(Projection(inputs: inputs, classes: classes))
  }
}
