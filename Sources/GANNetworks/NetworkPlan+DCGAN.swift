import GANTensor

// Convolutions that double or halve square images.
//
// Source: Radford et al., "Unsupervised Representation Learning with Deep Convolutional Generative
// Adversarial Networks", 2015, arXiv:1511.06434; layers as its PyTorch code has them.
extension NetworkPlan {
  /// From one pixel of latents to images of `side / 2^hidden`, doubled by every layer after the
  /// first.
  func generatorDCGAN(_ options: PlayerOptions) -> NetworkDescription {
    let start = itemShape[1] >> options.hidden.count
    let inputs = generatorInputs
    return NetworkDescription(inputShape: [latentSize]) {
      generatorLabels
      Layer.reshape(to: [inputs, 1, 1])
      for (index, channels) in zip([inputs] + options.hidden, options.hidden).enumerated() {
        let side = start << index
        Layer.transposedConvolution(
          inputs: channels.0, outputs: channels.1, window: index == 0 ? start : 4,
          stride: index == 0 ? 1 : 2, padding: index == 0 ? 0 : 1, bias: !options.replacesBias
        ).normalised(options)
        options.normalizationLayers([channels.1, side, side])
        options.activation.layer
        options.dropoutLayers
      }
      Layer.transposedConvolution(
        inputs: options.hidden.last ?? inputs, outputs: itemShape[0], window: 4, stride: 2,
        padding: 1
      ).normalised(options)
      Layer.tanh
    }
  }

  /// Halved by every hidden layer, then one window over all that is left.
  func discriminatorDCGAN(_ options: PlayerOptions) -> NetworkDescription {
    let images: Shape = [packing * itemShape[0], itemShape[1], itemShape[2]]
    let isTold = conditioning == .concatenation
    let inputs = images[0] + (isTold ? 1 : 0)
    let end = images[1] >> options.hidden.count
    let features = options.hidden.last ?? inputs
    return NetworkDescription(inputShape: images) {
      if isTold {
        Layer.labelConcatenation(classes: classCount, shape: images.replacing(axis: 0, with: 1))
      }
      for (index, channels) in zip([inputs] + options.hidden, options.hidden).enumerated() {
        let side = images[1] >> (index + 1)
        let isNormalised = options.replacesBias && index > 0
        Layer.convolution(
          inputs: channels.0, outputs: channels.1, window: 4, stride: 2, padding: 1,
          bias: !isNormalised
        ).normalised(options)
        if isNormalised { options.normalizationLayers([channels.1, side, side]) }
        options.activation.layer
        options.dropoutLayers
      }
      if conditioning == .projection || minibatchDeviation > 0 {
        Layer.reshape(to: [features * end * end])
        head(features * end * end, options)
      } else {
        Layer.convolution(inputs: features, outputs: logitCount, window: end).normalised(options)
        Layer.reshape(to: [logitCount])
      }
    }
  }
}
