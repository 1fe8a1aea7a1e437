package import GANGraph
internal import GANTensor

extension Tensor {
  /// These images, `[B, C, H, W]`, mirrored left to right where their uniform is below 1/2.
  ///
  /// Differentiable in the images, to any order.
  ///
  /// - Parameter uniform: Uniforms on [0, 1), `[B]`.
  package func horizontallyFlipped(where uniform: Tensor) -> Tensor {
    let pixels = Pixels(of: self)
    let origins = uniform.constant(0)
    let columns = origins.coordinates(to: pixels.width)
    let isFlipped = uniform.constant(0.5).compared(.greater, to: uniform)
      .broadcast(to: columns.shape, axes: [0])
    return pixels.gathered(
      rows: origins.coordinates(to: pixels.height),
      columns: isFlipped.select(Double(pixels.width - 1) - columns, columns)
    ).images
  }
}
