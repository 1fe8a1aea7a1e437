package import GANGraph
package import GANTensor

/// A layer whose weights are divided by their spectral norm, as PyTorch's
/// `parametrizations.spectral_norm`, with its names.
///
/// The norm is `u'Wv`, where W is the weight as a matrix whose rows are the outputs; u and v come from
/// power iterations and are constants to the gradient. `Network.iteratePower` does them.
///
/// - Source: Miyato et al., "Spectral Normalization for Generative Adversarial Networks", 2018,
///   arXiv:1802.05957.
package struct SpectralNorm: LayerContent {
  package static let kind = "spectralNorm"

  /// The layer.
  let layer: Layer

  // Normalising twice changes nothing, and PyTorch has no names for it.
  package var isSound: Bool { layer.content.parameters.allSatisfy { $0.spectralAxis == nil } }

  package var parameters: [NetworkDescription.Parameter] {
    layer.content.parameters.map { $0.isMatrix ? $0.spectrallyNormalised : $0 }
  }

  package var buffers: [NetworkDescription.Buffer] {
    layer.content.buffers + parameters.flatMap(\.spectralVectors)
  }

  package func outputShape(for input: Shape) -> Shape? { layer.content.outputShape(for: input) }

  package func multiplyAdds(for input: Shape) -> Int { layer.content.multiplyAdds(for: input) }

  package var isRowwise: Bool { layer.content.isRowwise }

  package var classCount: Int? { layer.content.classCount }

  package func apply(to input: Tensor, in scope: LayerScope) -> Tensor {
    // The network hands out weights that are normalised already.
    layer.content.apply(to: input, in: scope)
  }

  package var description: String { "spectral normalisation of \(layer)" }
}

extension Layer {
  /// The layer with its weights divided by their spectral norm.
  package var spectrallyNormalised: Layer { Layer(SpectralNorm(layer: self)) }
}
