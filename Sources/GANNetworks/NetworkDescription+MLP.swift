internal import GANTensor

extension NetworkDescription {
  /// The generator of the MNIST tutorial and its relatives: linear layers with ReLU between them,
  /// tanh at the end. Latents `[latentSize]` → flat images `[pixelCount]` in (-1, 1).
  package static func generatorMLP(latentSize: Int, hidden: [Int], pixelCount: Int) -> Self {
    NetworkDescription(inputShape: [latentSize]) {
      for (inputs, outputs) in zip([latentSize] + hidden, hidden) {
        Layer.linear(inputs: inputs, outputs: outputs)
        Layer.relu
      }
      Layer.linear(inputs: hidden.last ?? latentSize, outputs: pixelCount)
      Layer.tanh
    }
  }

  /// The discriminator of the MNIST tutorial and its relatives: linear layers with
  /// LeakyReLU(0.2) between them. Flat images `[pixelCount]` → one logit.
  ///
  /// The tutorial's sigmoid is part of the loss here, which is computed from logits.
  package static func discriminatorMLP(pixelCount: Int, hidden: [Int]) -> Self {
    NetworkDescription(inputShape: [pixelCount]) {
      for (inputs, outputs) in zip([pixelCount] + hidden, hidden) {
        Layer.linear(inputs: inputs, outputs: outputs)
        Layer.leakyReLU(slope: 0.2)
      }
      Layer.linear(inputs: hidden.last ?? pixelCount, outputs: 1)
    }
  }
}
