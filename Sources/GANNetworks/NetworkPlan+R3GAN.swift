import GANTensor

// Residual blocks of grouped convolutions without normalisation.
//
// Source: Huang, Gokaslan, Kuleshov, Tompkin, "The GAN is dead; long live the GAN! A Modern Baseline
// GAN", 2024, arXiv:2501.05441, "Config E".
extension NetworkPlan {
  /// Channels in a group of a block's 3 × 3 convolution, which has twice as many as its stage.
  static let groupSize = 16
  /// The least width whose blocks have whole groups; narrower ones are a single group of all channels.
  private static let widthStep = groupSize / 2

  /// A learnt image of `side / 2^(hidden - 1)` times a number for each channel, then stages of blocks,
  /// each on images twice as large as the one before. Nothing bounds what comes out in training.
  func generatorR3GAN(_ options: PlayerOptions) -> NetworkDescription {
    let widths = options.hidden
    let start = itemShape[1] >> (widths.count - 1)
    let inputs = conditioning == .none ? latentSize : 2 * latentSize
    return NetworkDescription(inputShape: [latentSize]) {
      if conditioning != .none {
        Layer.labelConcatenation(classes: classCount, shape: [latentSize])
      }
      Layer.linear(inputs: inputs, outputs: widths.first ?? 1, bias: false)
      Layer.channelBasis([widths.first ?? 1, start, start])
      for (index, width) in widths.enumerated() {
        if index > 0 {
          change(from: widths[index - 1], to: width)
          Layer.binomialResampling(.enlarging)
        }
        stage(width, options)
      }
      pixelwise(widths.last ?? 1, itemShape[0])
      Layer.clipping
    }
  }

  /// Stages of blocks, each on images half as large as the one before; a window over all of what is
  /// left for each channel, and a linear map.
  func discriminatorR3GAN(_ options: PlayerOptions) -> NetworkDescription {
    let widths = options.hidden
    let images: Shape = [packing * itemShape[0], itemShape[1], itemShape[2]]
    let end = itemShape[1] >> (widths.count - 1)
    let last = widths.last ?? 1
    return NetworkDescription(inputShape: images) {
      pixelwise(images[0], widths.first ?? 1)
      for (index, width) in widths.enumerated() {
        if index > 0 {
          Layer.binomialResampling(.reducing)
          change(from: widths[index - 1], to: width)
        }
        stage(width, options)
      }
      Layer.convolution(inputs: last, outputs: last, window: end, bias: false, groups: last)
      Layer.reshape(to: [last])
      if conditioning == .projection {
        Layer.linear(inputs: last, outputs: last, bias: false)
        Layer.classProduct(inputs: last, classes: classCount)
      } else {
        Layer.linear(inputs: last, outputs: 1, bias: false)
      }
    }
  }

  /// Blocks that widen the image to twice its channels, look around in groups of them, and add what
  /// they find to the image.
  private func stage(_ width: Int, _ options: PlayerOptions) -> [Layer] {
    let wide = 2 * width
    let block = Layer.residual(main: [
      .convolution(inputs: width, outputs: wide, window: 1), options.activation.layer,
      .convolution(
        inputs: wide, outputs: wide, window: 3, padding: 1,
        groups: max(1, width / Self.widthStep)),
      options.activation.layer,
      .convolution(inputs: wide, outputs: width, window: 1, bias: false),
    ])
    return [Layer](repeating: block, count: blocks)
  }

  private func pixelwise(_ inputs: Int, _ outputs: Int) -> Layer {
    .convolution(inputs: inputs, outputs: outputs, window: 1, bias: false)
  }

  private func change(from inputs: Int, to outputs: Int) -> [Layer] {
    inputs == outputs ? [] : [pixelwise(inputs, outputs)]
  }

  /// What options of a network these blocks have no place for; nil where there is nothing.
  func r3ganDefect(_ options: PlayerOptions) -> String? {
    if options.normalization != .none { return "has no normalisation" }
    if options.dropout > 0 { return "has no dropout" }
    if minibatchDeviation > 0 { return "has no minibatchDeviation" }
    if conditioning != .none && conditioning != .projection {
      return "knows classes by conditioning projection alone"
    }
    let step = Self.widthStep
    return options.hidden.first { $0 > step && !$0.isMultiple(of: step) }.map {
      "needs hidden layers below \(step) or multiples of it, not \($0)"
    }
  }
}
