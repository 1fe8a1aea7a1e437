internal import GANTensor

extension NetworkDescription {
  /// The generator of the MNIST tutorial and its relatives: linear layers with an activation between
  /// them, tanh at the end. Latents `[latentSize]` → flat images `[pixelCount]` in (-1, 1).
  package static func generatorMLP(
    latentSize: Int, hidden: [Int], activation: Activation = .relu, pixelCount: Int
  ) -> Self {
    var network = mlp([latentSize] + hidden + [pixelCount], activation)
    network.layers.append(.tanh)
    return network
  }

  /// The same without tanh: latents `[latentSize]` → points `[dimension]` anywhere.
  package static func generatorMLP(
    latentSize: Int, hidden: [Int], activation: Activation = .relu, dimension: Int
  ) -> Self {
    mlp([latentSize] + hidden + [dimension], activation)
  }

  /// The discriminator of the MNIST tutorial and its relatives: linear layers with an activation
  /// between them. Flat images `[pixelCount]`, or points, → one logit.
  ///
  /// The tutorial's sigmoid is part of the loss here, which is computed from logits.
  package static func discriminatorMLP(
    pixelCount: Int, hidden: [Int], activation: Activation = .leakyReLU
  ) -> Self {
    mlp([pixelCount] + hidden + [1], activation)
  }

  private static func mlp(_ sizes: [Int], _ activation: Activation) -> Self {
    let linear = zip(sizes, sizes.dropFirst()).map { Layer.linear(inputs: $0, outputs: $1) }
    return NetworkDescription(
      inputShape: [sizes[0]],
      layers: Array(linear.map { [$0] }.joined(separator: [activation.layer])))
  }
}
