package import GANGraph
package import GANTensor

/// `y = x Wᵀ + b`: `[N, inputs] → [N, outputs]`, W stored `[outputs, inputs]` as PyTorch does.
package struct Linear: LayerContent {
  package static let kind = "linear"

  let inputs: Int
  let outputs: Int
  let bias: Bool

  // Flat images may be large; a product of two extents still is a number.
  package var isSound: Bool { areSound(inputs, outputs, upTo: Int(Int32.max)) }

  package var parameters: [NetworkDescription.Parameter] {
    .weight([outputs, inputs], bias: bias ? outputs : nil, fanIn: inputs, fanOut: outputs)
  }

  package func outputShape(for input: Shape) -> Shape? {
    input == [inputs] ? [outputs] : nil
  }

  package func multiplyAdds(for input: Shape) -> Int { inputs * outputs }

  package func apply(to input: Tensor, in scope: LayerScope) -> Tensor {
    let product = input.matmul(scope.parameter("weight"), transposingRHS: true)
    guard bias else { return product }
    return product + scope.parameter("bias").broadcast(to: product.shape, axes: [1])
  }

  package var description: String { "linear, \(inputs) to \(outputs)" }
}

extension Layer {
  /// `y = x Wᵀ + b`, `[N, inputs] → [N, outputs]`.
  package static func linear(inputs: Int, outputs: Int, bias: Bool = true) -> Layer {
    Layer(Linear(inputs: inputs, outputs: outputs, bias: bias))
  }
}
