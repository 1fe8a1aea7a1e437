package import GANGraph
package import GANTensor

/// The inner product of features with a vector that is learnt for each class: `[N, inputs] → [N, 1]`.
///
/// - Source: Miyato & Koyama, "cGANs with Projection Discriminator", 2018, arXiv:1802.05637, without the
///   part that knows no class.
package struct ClassProduct: LayerContent {
  package static let kind = "classProduct"

  let inputs: Int
  let classes: Int

  package var isSound: Bool { areSound(inputs, classes) }

  package var parameters: [NetworkDescription.Parameter] {
    // As a linear map of the class, one of `classes` inputs, whose result's length is about 1.
    .weight([classes, inputs], bias: nil, fanIn: classes * inputs, fanOut: 1)
  }

  package func outputShape(for input: Shape) -> Shape? { input == [inputs] ? [1] : nil }

  package var classCount: Int? { classes }

  package func apply(to input: Tensor, in scope: LayerScope) -> Tensor {
    let ofClass = scope.parameter("weight").gatheredRows(scope.labels)
    return (input * ofClass).summed(over: [1]).reshaped(to: [input.shape[0], 1])
  }

  package var description: String { "class product, \(inputs) features, \(classes) classes" }
}

extension Layer {
  /// The logit of features `[N, inputs]` for the class they are said to be of.
  package static func classProduct(inputs: Int, classes: Int) -> Layer {
    Layer(ClassProduct(inputs: inputs, classes: classes))
  }
}
