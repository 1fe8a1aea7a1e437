import GANTensor

// Linear layers, as the MNIST tutorial has them; images enter and leave flat, packs side by side.
extension NetworkPlan {
  func generatorMLP(_ options: PlayerOptions) -> NetworkDescription {
    NetworkDescription(inputShape: [latentSize]) {
      generatorLabels
      hiddenLayers(from: generatorInputs, options, normalisesFirst: true)
      Layer.linear(
        inputs: options.hidden.last ?? generatorInputs, outputs: itemShape.elementCount
      ).normalised(options)
      // Points may lie anywhere.
      if itemShape.rank == 3 { Layer.tanh }
    }
  }

  func discriminatorMLP(_ options: PlayerOptions) -> NetworkDescription {
    let size = packing * itemShape.elementCount
    let inputs = size + (conditioning == .concatenation ? classCount : 0)
    return NetworkDescription(inputShape: [size]) {
      if conditioning == .concatenation {
        Layer.labelConcatenation(classes: classCount, shape: [classCount])
      }
      hiddenLayers(from: inputs, options, normalisesFirst: false)
      head(options.hidden.last ?? inputs, options)
    }
  }

  @LayerBuilder private func hiddenLayers(
    from inputs: Int, _ options: PlayerOptions, normalisesFirst: Bool
  ) -> [Layer] {
    for (index, sizes) in zip([inputs] + options.hidden, options.hidden).enumerated() {
      let isNormalised = options.replacesBias && (index > 0 || normalisesFirst)
      Layer.linear(inputs: sizes.0, outputs: sizes.1, bias: !isNormalised).normalised(options)
      if isNormalised { options.normalizationLayers([sizes.1]) }
      options.activation.layer
      options.dropoutLayers
    }
  }
}

extension NetworkDescription {
  /// The generator of the MNIST tutorial and its relatives: linear layers with an activation between
  /// them, tanh at the end. Latents `[latentSize]` → flat images `[pixelCount]` in (-1, 1).
  package static func generatorMLP(
    latentSize: Int, hidden: [Int], activation: Activation = .relu, pixelCount: Int
  ) -> Self {
    plan([1, 1, pixelCount], latentSize).generator(options(hidden, activation))
  }

  /// The discriminator of the MNIST tutorial and its relatives: linear layers with an activation
  /// between them. Flat images `[pixelCount]`, or points, → one logit.
  ///
  /// The tutorial's sigmoid is part of the loss here, which is computed from logits.
  package static func discriminatorMLP(
    pixelCount: Int, hidden: [Int], activation: Activation = .leakyReLU
  ) -> Self {
    plan([pixelCount], 1).discriminator(options(hidden, activation))
  }

  private static func plan(_ itemShape: Shape, _ latentSize: Int) -> NetworkPlan {
    NetworkPlan(.mlp, itemShape: itemShape, latentSize: latentSize)
  }

  private static func options(_ hidden: [Int], _ activation: Activation) -> PlayerOptions {
    var options = PlayerOptions(activation: activation)
    options.hidden = hidden
    return options
  }
}
