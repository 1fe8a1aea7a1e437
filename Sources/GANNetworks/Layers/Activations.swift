package import GANGraph
package import GANTensor

/// `max(x, 0)`; any shape.
package struct ReLU: ElementwiseLayer {
  package static let kind = "relu"
  package func apply(to input: Tensor, in scope: LayerScope) -> Tensor {
    let output = input.relu()
    scope.application.rectified.append(output)
    return output
  }
  package var description: String { "ReLU" }
}

/// `x` where positive, `slope · x` elsewhere; any shape.
package struct LeakyReLU: ElementwiseLayer {
  package static let kind = "leakyReLU"
  let slope: Double
  package var isSound: Bool { slope >= 0 }
  package func apply(to input: Tensor, in scope: LayerScope) -> Tensor {
    input.leakyReLU(slope: slope)
  }
  package var description: String { "leaky ReLU, slope \(slope)" }
}

/// The hyperbolic tangent, to (-1, 1); any shape.
package struct Tanh: ElementwiseLayer {
  package static let kind = "tanh"
  package func apply(to input: Tensor, in scope: LayerScope) -> Tensor { input.tanh() }
  package var description: String { "tanh" }
}

/// `log(1 + e^x)`, a smooth ReLU; any shape.
package struct Softplus: ElementwiseLayer {
  package static let kind = "softplus"
  package func apply(to input: Tensor, in scope: LayerScope) -> Tensor { input.softplus() }
  package var description: String { "softplus" }
}

/// A layer without parameters that treats every number alike.
package protocol ElementwiseLayer: LayerContent {}

extension ElementwiseLayer {
  package func outputShape(for input: Shape) -> Shape? { input }
}

extension Layer {
  /// `max(x, 0)`.
  package static var relu: Layer { Layer(ReLU()) }
  /// `x` where positive, `slope · x` elsewhere.
  package static func leakyReLU(slope: Double) -> Layer { Layer(LeakyReLU(slope: slope)) }
  /// The hyperbolic tangent.
  package static var tanh: Layer { Layer(Tanh()) }
  /// `log(1 + e^x)`.
  package static var softplus: Layer { Layer(Softplus()) }
}
