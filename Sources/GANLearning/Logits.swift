package import GANGraph

/// Discriminator scores, unbounded, before any sigmoid: one for each item it judges, `[N, 1]`, or a map
/// of them, `[N, 1, H, W]`, of which each sees a patch of the item.
///
/// Means are over all of them; penalties take the gradient of their sum.
///
/// - Source: maps are the PatchGAN of Isola et al., "Image-to-Image Translation with Conditional
///   Adversarial Networks", 2016, arXiv:1611.07004, section 3.2.2.
package struct Logits {
  package let tensor: Tensor

  package init(_ tensor: Tensor) { self.tensor = tensor }

  /// The mean probability of being real, over items and maps, `[]`, in [0, 1].
  package var meanScore: Tensor { tensor.sigmoid().mean() }

  /// The mean sign, `[]`, from -1 where all are negative to 1; NaN where one is.
  ///
  /// - Source: Karras et al., "Training Generative Adversarial Networks with Limited Data", 2020,
  ///   arXiv:2006.06676, the heuristic r of section 3: of real items 1 is complete overfitting.
  package var meanSign: Tensor { (tensor * 1e30).clamped(to: 1).mean() }

  /// The standard deviation of all of them, `[]`; the population's.
  package var deviation: Tensor {
    let centred = tensor - tensor.mean().broadcast(to: tensor.shape)
    return (centred * centred).mean().squareRoot()
  }
}
