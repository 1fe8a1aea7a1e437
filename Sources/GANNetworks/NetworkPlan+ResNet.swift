import GANTensor

// Residual blocks that double or halve square images.
//
// Source: Miyato et al., "Spectral Normalization for Generative Adversarial Networks", 2018,
// arXiv:1802.05957, tables 3 and 4; with other widths where `hidden` says so.
extension NetworkPlan {
  /// A linear layer makes images of `side / 2^hidden`, every block doubles them.
  func generatorResNet(_ options: PlayerOptions) -> NetworkDescription {
    let start = itemShape[1] >> options.hidden.count
    let first = options.hidden.first ?? 1
    let last = options.hidden.last ?? 1
    return NetworkDescription(inputShape: [latentSize]) {
      generatorLabels
      Layer.linear(inputs: generatorInputs, outputs: first * start * start).normalised(options)
      Layer.reshape(to: [first, start, start])
      for (index, channels) in zip([first] + options.hidden, options.hidden).enumerated() {
        upBlock(channels.0, channels.1, side: start << index, options)
      }
      options.normalizationLayers([last, itemShape[1], itemShape[2]])
      options.activation.layer
      Layer.convolution(inputs: last, outputs: itemShape[0], window: 3, padding: 1)
        .normalised(options)
      Layer.tanh
    }
  }

  /// The first two blocks halve the images; then every channel is summed over its pixels.
  func discriminatorResNet(_ options: PlayerOptions) -> NetworkDescription {
    let images: Shape = [packing * itemShape[0], itemShape[1], itemShape[2]]
    let isTold = conditioning == .concatenation
    let inputs = images[0] + (isTold ? 1 : 0)
    return NetworkDescription(inputShape: images) {
      if isTold {
        Layer.labelConcatenation(classes: classCount, shape: images.replacing(axis: 0, with: 1))
      }
      for (index, channels) in zip([inputs] + options.hidden, options.hidden).enumerated() {
        downBlock(
          channels.0, channels.1, side: images[1] >> min(index, 2), isFirst: index == 0,
          halves: index < 2, options)
      }
      options.activation.layer
      Layer.sumPooling
      options.dropoutLayers
      head(options.hidden.last ?? inputs, options)
    }
  }

  /// What follows a block normalises its sum, or adds it to what is normalised in the end: no bias
  /// would do anything.
  private func upBlock(
    _ inputs: Int, _ outputs: Int, side: Int, _ options: PlayerOptions
  ) -> Layer {
    .residual(
      main: layers {
        options.normalizationLayers([inputs, side, side])
        options.activation.layer
        Layer.upsampling()
        convolution(inputs, outputs, options, isNormalised: options.replacesBias)
        options.normalizationLayers([outputs, 2 * side, 2 * side])
        options.activation.layer
        convolution(outputs, outputs, options, isNormalised: options.replacesBias)
      },
      shortcut: layers {
        Layer.upsampling()
        convolution(inputs, outputs, options, window: 1, isNormalised: options.replacesBias)
      })
  }

  /// The first block reads the images themselves, which no layer normalises.
  private func downBlock(
    _ inputs: Int, _ outputs: Int, side: Int, isFirst: Bool, halves: Bool, _ options: PlayerOptions
  ) -> Layer {
    .residual(
      main: layers {
        if !isFirst {
          options.normalizationLayers([inputs, side, side])
          options.activation.layer
        }
        convolution(inputs, outputs, options, isNormalised: options.replacesBias)
        options.normalizationLayers([outputs, side, side])
        options.activation.layer
        convolution(outputs, outputs, options)
        if halves { Layer.averagePooling() }
      },
      shortcut: layers {
        if isFirst { Layer.averagePooling() }
        if inputs != outputs || halves { convolution(inputs, outputs, options, window: 1) }
        if halves && !isFirst { Layer.averagePooling() }
      })
  }

  private func convolution(
    _ inputs: Int, _ outputs: Int, _ options: PlayerOptions, window: Int = 3,
    isNormalised: Bool = false
  ) -> Layer {
    Layer.convolution(
      inputs: inputs, outputs: outputs, window: window, padding: window / 2, bias: !isNormalised
    ).normalised(options)
  }

  private func layers(@LayerBuilder _ layers: () -> [Layer]) -> [Layer] { layers() }
}
