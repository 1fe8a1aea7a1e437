import GANNetworks
import GANTensor

// Sizes 1, primes and others; strides, paddings and windows that leave no pixel, one, or some unread.
extension LayerCase {
  static let all =
    linear + convolutions + transposedConvolutions + elementwise + normalizations + resamplings
    + ofClasses + ofBatches + blocks + spectral + wholeNetworks + grouped

  static let linear: [LayerCase] = [(1, 1), (1, 7), (13, 1), (5, 3), (64, 17)].flatMap {
    inputs, outputs in
    [true, false].map { bias in
      LayerCase(
        "linear", on: [inputs], count: bias ? 5 : 1,
        .linear(inputs: inputs, outputs: outputs, bias: bias))
    }
  }

  static let convolutions: [LayerCase] = [
    convolution([1, 1, 1], outputs: 1, window: 1), convolution([7, 3, 5], outputs: 2, window: 1),
    convolution([1, 5, 5], outputs: 3, window: 3, padding: 1),
    convolution([2, 8, 8], outputs: 3, window: 4, stride: 2, padding: 1),
    convolution([3, 7, 11], outputs: 2, window: 5, stride: 3, padding: 2),
    convolution([2, 6, 9], outputs: 5, window: 3, stride: 2, bias: false),
    convolution([4, 4, 4], outputs: 1, window: 4),
    convolution([1, 5, 4], outputs: 2, window: 2, stride: 3, padding: 1),
    convolution([2, 3, 2], outputs: 2, window: 5, stride: 1, padding: 4),
    convolution([16, 8, 8], outputs: 16, window: 3, padding: 1, bias: false),
  ]

  /// Groups of channels and filters, and the layers between them; last, so that others keep their numbers.
  static let grouped: [LayerCase] = [
    convolution([6, 5, 4], outputs: 4, window: 3, padding: 1, groups: 2),
    convolution([6, 5, 6], outputs: 6, window: 3, stride: 2, padding: 1, groups: 6),
    convolution([3, 4, 4], outputs: 3, window: 4, bias: false, groups: 3),
    convolution([32, 6, 5], outputs: 32, window: 3, padding: 1, groups: 2),
    convolution([4, 3, 3], outputs: 8, window: 1, groups: 4),
    LayerCase("binomialResampling", on: [1, 1, 1], .binomialResampling(.enlarging)),
    LayerCase("binomialResampling", on: [3, 4, 5], .binomialResampling(.enlarging)),
    LayerCase("binomialResampling", on: [1, 2, 2], .binomialResampling(.reducing)),
    LayerCase("binomialResampling", on: [16, 8, 6], .binomialResampling(.reducing)),
    LayerCase("channelBasis", on: [5], .channelBasis([5, 2, 3])),
    LayerCase("channelBasis", on: [1], .channelBasis([1, 1, 1])),
    LayerCase("clipping", on: [3, 2, 5], .clipping),
    LayerCase("classProduct", on: [5], .classProduct(inputs: 5, classes: 3)),
    LayerCase("classProduct", on: [1], .classProduct(inputs: 1, classes: 1)),
  ]

  private static func convolution(
    _ shape: Shape, outputs: Int, window: Int, stride: Int = 1, padding: Int = 0,
    bias: Bool = true, groups: Int = 1
  ) -> LayerCase {
    LayerCase(
      "convolution", on: shape,
      .convolution(
        inputs: shape[0], outputs: outputs, window: window, stride: stride, padding: padding,
        bias: bias, groups: groups))
  }

  static let transposedConvolutions: [LayerCase] = [
    transposed([1, 1, 1], outputs: 1, window: 1), transposed([5, 1, 1], outputs: 2, window: 4),
    transposed([3, 4, 4], outputs: 2, window: 4, stride: 2, padding: 1),
    transposed([2, 3, 5], outputs: 3, window: 3, stride: 2, padding: 1, outputPadding: 1),
    transposed([2, 3, 4], outputs: 2, window: 5, stride: 3, padding: 2, outputPadding: 2),
    transposed([1, 2, 3], outputs: 3, window: 2, stride: 3, outputPadding: 1, bias: false),
    transposed([2, 2, 2], outputs: 1, window: 3, stride: 4, padding: 1, outputPadding: 3),
    transposed([3, 7, 3], outputs: 2, window: 3, padding: 1),
    transposed([16, 4, 4], outputs: 8, window: 4, stride: 2, padding: 1, bias: false),
  ]

  private static func transposed(
    _ shape: Shape, outputs: Int, window: Int, stride: Int = 1, padding: Int = 0,
    outputPadding: Int = 0, bias: Bool = true
  ) -> LayerCase {
    LayerCase(
      "transposedConvolution", on: shape,
      .transposedConvolution(
        inputs: shape[0], outputs: outputs, window: window, stride: stride, padding: padding,
        outputPadding: outputPadding, bias: bias))
  }

  static let elementwise: [LayerCase] = [[1], [7], [3, 2, 5]].flatMap { (shape: Shape) in
    [
      LayerCase("relu", on: shape, .relu),
      LayerCase("leakyReLU", on: shape, .leakyReLU(slope: 0.2)),
      LayerCase("leakyReLU", on: shape, .leakyReLU(slope: 1)),
      LayerCase("tanh", on: shape, .tanh), LayerCase("softplus", on: shape, .softplus),
      LayerCase("dropout", on: shape, .dropout(probability: 0.3)),
      LayerCase("dropout", on: shape, .dropout(probability: 0)),
    ]
  }

  /// Batches of two or more values for each statistic: PyTorch refuses one.
  static let normalizations: [LayerCase] = [
    LayerCase("batchNorm", on: [1], count: 2, .batchNorm(channels: 1, epsilon: 0.1)),
    LayerCase("batchNorm", on: [7], count: 5, .batchNorm(channels: 7, epsilon: 0.01)),
    LayerCase("batchNorm", on: [3, 4, 4], count: 2, .batchNorm(channels: 3, momentum: 0.3)),
    LayerCase("batchNorm", on: [2, 1, 1], count: 3, .batchNorm(channels: 2)),
    LayerCase("batchNorm", on: [5, 2, 3], count: 1, .batchNorm(channels: 5, momentum: 1)),
    LayerCase("layerNorm", on: [1], .layerNorm(shape: [1], epsilon: 0.1)),
    LayerCase("layerNorm", on: [7], .layerNorm(shape: [7])),
    LayerCase("layerNorm", on: [3, 2, 5], count: 1, .layerNorm(shape: [3, 2, 5], epsilon: 0.01)),
    LayerCase("layerNorm", on: [2, 1, 1], .layerNorm(shape: [2, 1, 1], epsilon: 0.1)),
    LayerCase("instanceNorm", on: [1, 3, 1], .instanceNorm(channels: 1)),
    LayerCase("instanceNorm", on: [3, 4, 4], .instanceNorm(channels: 3, epsilon: 0.01)),
    LayerCase("instanceNorm", on: [2, 1, 7], count: 1, .instanceNorm(channels: 2)),
  ]

  static let resamplings: [LayerCase] =
    ([[1, 1, 1], [2, 3, 5], [1, 1, 4]] as [Shape]).flatMap { shape in
      (1...4).flatMap { factor in
        [
          LayerCase("upsampling", on: shape, .upsampling(factor: factor)),
          LayerCase("upsampling", on: shape, .upsampling(factor: factor, .bilinear)),
        ]
      }
    } + [
      LayerCase("averagePooling", on: [2, 3, 5], .averagePooling(window: 1)),
      LayerCase("averagePooling", on: [2, 4, 6], .averagePooling()),
      LayerCase("averagePooling", on: [1, 3, 9], count: 1, .averagePooling(window: 3)),
      LayerCase("sumPooling", on: [1, 1, 1], .sumPooling),
      LayerCase("sumPooling", on: [3, 4, 5], .sumPooling),
      LayerCase("reshape", on: [6], .reshape(to: [1, 2, 3])),
      LayerCase("reshape", on: [2, 3, 2], .reshape(to: [12])),
      LayerCase("reshape", on: [5], .reshape(to: [5])),
    ]

  static let ofClasses: [LayerCase] = [
    LayerCase("labelConcatenation", on: [3], .labelConcatenation(classes: 10, shape: [4])),
    LayerCase("labelConcatenation", on: [1], count: 1, .labelConcatenation(classes: 1, shape: [1])),
    LayerCase(
      "labelConcatenation", on: [2, 4, 5], .labelConcatenation(classes: 3, shape: [1, 4, 5])),
    LayerCase("projection", on: [7], count: 5, .projection(inputs: 7, classes: 3)),
    LayerCase("projection", on: [1], count: 1, .projection(inputs: 1, classes: 1)),
  ]

  /// Groups that are whole, that shrink to divide the batch, and of one item.
  static let ofBatches: [LayerCase] = [(8, 4), (6, 4), (7, 4), (1, 4), (4, 2), (3, 1)].flatMap {
    count, size in
    [
      LayerCase("minibatchDeviation", on: [5], count: count, .minibatchDeviation(groupSize: size)),
      LayerCase(
        "minibatchDeviation", on: [3, 1, 2], count: count, .minibatchDeviation(groupSize: size)),
    ]
  }

  static let blocks: [LayerCase] = [
    LayerCase("residual", on: [5], .residual(main: [])),
    LayerCase(
      "residual", on: [5],
      .residual(main: [.linear(inputs: 5, outputs: 3), .tanh, .linear(inputs: 3, outputs: 5)])),
    LayerCase(
      "residual", on: [2, 4, 6],
      .residual(
        main: [
          .batchNorm(channels: 2), .softplus,
          .convolution(inputs: 2, outputs: 3, window: 3, padding: 1), .dropout(probability: 0.5),
          .averagePooling(),
        ],
        shortcut: [.averagePooling(), .convolution(inputs: 2, outputs: 3, window: 1)])),
    LayerCase(
      "residual", on: [3],
      .residual(
        main: [
          .residual(main: [.dropout(probability: 0.2), .linear(inputs: 3, outputs: 3)]),
          .labelConcatenation(classes: 4, shape: [2]),
        ],
        shortcut: [.linear(inputs: 3, outputs: 5), .dropout(probability: 0.1)])),
  ]

  static let spectral: [LayerCase] = [
    spectral(on: [1], .linear(inputs: 1, outputs: 1)),
    spectral(on: [7], .linear(inputs: 7, outputs: 3)),
    spectral(on: [2], .linear(inputs: 2, outputs: 5, bias: false)),
    spectral(on: [2, 5, 6], .convolution(inputs: 2, outputs: 3, window: 3, stride: 2, padding: 1)),
    spectral(on: [3, 2, 2], .convolution(inputs: 3, outputs: 1, window: 1, bias: false)),
    spectral(
      on: [3, 2, 3],
      .transposedConvolution(inputs: 3, outputs: 2, window: 4, stride: 2, padding: 1)),
    spectral(on: [5], .projection(inputs: 5, classes: 3)),
    spectral(on: [2, 2, 3], .labelConcatenation(classes: 3, shape: [1, 2, 3])),
    spectral(on: [4], .softplus),
    spectral(on: [2, 2, 2], .batchNorm(channels: 2)),
    spectral(
      on: [2, 4, 4],
      .residual(
        main: [
          .convolution(inputs: 2, outputs: 2, window: 3, padding: 1), .batchNorm(channels: 2),
        ],
        shortcut: [.convolution(inputs: 2, outputs: 2, window: 1)])),
  ]

  private static func spectral(on shape: Shape, _ layer: Layer) -> LayerCase {
    LayerCase("spectralNorm", on: shape, layer.spectrallyNormalised)
  }

  /// Architectures as recipes have them, small; smooth, so that no unit is near its kink.
  static let wholeNetworks: [LayerCase] = [Architecture.dcgan, .resnet].flatMap { architecture in
    let plan = NetworkPlan(
      architecture, itemShape: [1, 4, 4], latentSize: 3, conditioning: .projection, classCount: 3,
      minibatchDeviation: 2)
    var options = PlayerOptions(activation: .softplus)
    options.hidden = [2]
    options.dropout = 0.2
    options.normalization = .batch
    let generator = plan.generator(options)
    options.normalization = .spectral
    return [
      LayerCase("whole networks", generator, count: 4),
      LayerCase("whole networks", plan.discriminator(options), count: 4),
    ]
  }
}
