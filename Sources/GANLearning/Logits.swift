package import GANGraph

/// Discriminator scores, one for each item it judges: `[N, 1]`, unbounded, before any sigmoid.
package struct Logits {
  package let tensor: Tensor

  package init(_ tensor: Tensor) { self.tensor = tensor }

  /// The mean probability of being real, `[]`, in [0, 1].
  package var meanScore: Tensor { tensor.sigmoid().mean() }

  /// The standard deviation of all of them, `[]`; the population's.
  package var deviation: Tensor {
    let centred = tensor - tensor.mean().broadcast(to: tensor.shape)
    return (centred * centred).mean().squareRoot()
  }
}
