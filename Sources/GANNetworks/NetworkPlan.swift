package import GANTensor

/// The plan of both networks of a game.
package struct NetworkPlan: Hashable, Sendable {
  package var architecture: Architecture
  /// `[C, H, W]` of an image, `[D]` of a point.
  package var itemShape: Shape
  package var latentSize: Int
  package var conditioning: Conditioning
  /// Classes of the data; used only where networks are told them.
  package var classCount: Int
  /// Items that the discriminator judges together.
  package var packing: Int
  /// Items in a group whose deviation the discriminator's last layer sees; 0 shows it none.
  package var minibatchDeviation: Int
  /// Residual blocks for each hidden width; used by `r3gan` alone.
  package var blocks: Int

  /// The most rows or columns of a window, and of images that convolutions make.
  package static let windowLimit = 4_096

  package init(
    _ architecture: Architecture, itemShape: Shape, latentSize: Int,
    conditioning: Conditioning = .none, classCount: Int = 1, packing: Int = 1,
    minibatchDeviation: Int = 0, blocks: Int = 1
  ) {
    self.architecture = architecture
    self.itemShape = itemShape
    self.latentSize = latentSize
    self.conditioning = conditioning
    self.classCount = classCount
    self.packing = packing
    self.minibatchDeviation = minibatchDeviation
    self.blocks = blocks
  }

  /// The generator: latents `[latentSize]` to items, flat where the architecture is.
  package func generator(_ options: PlayerOptions) -> NetworkDescription {
    switch architecture {
    case .mlp: generatorMLP(options)
    case .dcgan: generatorDCGAN(options)
    case .resnet: generatorResNet(options)
    case .r3gan: generatorR3GAN(options)
    }
  }

  /// The discriminator: packs of items, flat where the architecture is, to logits.
  package func discriminator(_ options: PlayerOptions) -> NetworkDescription {
    switch architecture {
    case .mlp: discriminatorMLP(options)
    case .dcgan: discriminatorDCGAN(options)
    case .resnet: discriminatorResNet(options)
    case .r3gan: discriminatorR3GAN(options)
    }
  }

  /// An obstacle to an architecture's making the items of a plan.
  package struct Defect: Hashable, Sendable {
    /// To follow the architecture's name.
    package let reason: String
    /// A side of images that would do; nil where their size is not what is wrong.
    package var fittingSide: Int?
  }

  /// The obstacle to making these items; nil where there is none.
  package func defect(generator: PlayerOptions, discriminator: PlayerOptions) -> Defect? {
    guard architecture != .mlp else {
      return [generator, discriminator].contains { $0.normalization == .instance }
        ? Defect(reason: "has no channels for instance normalisation") : nil
    }
    guard itemShape.rank == 3 else { return Defect(reason: "makes images, not points") }
    for (player, options) in [("generator", generator), ("discriminator", discriminator)]
    where options.hidden.isEmpty {
      return Defect(reason: "needs hidden layers of the \(player)")
    }
    if architecture == .r3gan,
      let reason = r3ganDefect(generator) ?? r3ganDefect(discriminator)
    {
      return Defect(reason: reason)
    }
    let side = itemShape[1]
    let factors = [
      ("generator", generatorEnlargement(generator)),
      ("discriminator", discriminatorReduction(discriminator)),
    ]
    // Powers of two: what is a multiple of the greatest is one of all.
    let step = factors.map(\.1).max() ?? 1
    let fitting = (side + step - 1) / step * step
    func unfit(_ reason: String) -> Defect {
      Defect(reason: reason, fittingSide: fitting <= Self.windowLimit ? fitting : nil)
    }
    guard side == itemShape[2] else {
      return unfit("makes square images, not \(side) × \(itemShape[2])")
    }
    guard side <= Self.windowLimit else {
      return unfit("makes images up to \(Self.windowLimit), not \(side)")
    }
    for (player, factor) in factors where !side.isMultiple(of: factor) {
      return unfit(
        "with the \(player)'s hidden layers needs images whose side is a multiple of "
          + "\(factor), not \(side)")
    }
    return nil
  }

  private func generatorEnlargement(_ options: PlayerOptions) -> Int {
    switch architecture {
    case .mlp: 1
    case .dcgan, .resnet: 1 << min(options.hidden.count, 20)
    case .r3gan: 1 << min(options.hidden.count - 1, 20)
    }
  }

  private func discriminatorReduction(_ options: PlayerOptions) -> Int {
    switch architecture {
    case .mlp: 1
    case .dcgan: 1 << min(options.hidden.count, 20)
    case .resnet: 1 << min(options.hidden.count, 2)
    case .r3gan: 1 << min(options.hidden.count - 1, 20)
    }
  }
}

// What the architectures share.
extension NetworkPlan {
  /// The generator's input width beside a class's vector.
  var generatorInputs: Int { latentSize + (conditioning == .none ? 0 : classCount) }

  /// A class's vector beside the latents.
  @LayerBuilder var generatorLabels: [Layer] {
    if conditioning != .none { Layer.labelConcatenation(classes: classCount, shape: [classCount]) }
  }

  /// Logits of a discriminator.
  var logitCount: Int { conditioning == .auxiliaryClassifier ? 1 + classCount : 1 }

  /// The end of a discriminator: features `[inputs]` to its logits.
  @LayerBuilder func head(_ inputs: Int, _ options: PlayerOptions) -> [Layer] {
    if minibatchDeviation > 0 { Layer.minibatchDeviation(groupSize: minibatchDeviation) }
    let features = inputs + (minibatchDeviation > 0 ? 1 : 0)
    conditioning == .projection
      ? Layer.projection(inputs: features, classes: classCount).normalised(options)
      : Layer.linear(inputs: features, outputs: logitCount).normalised(options)
  }
}

extension Layer {
  /// The layer, its weights divided by their spectral norm where the options say so.
  func normalised(_ options: PlayerOptions) -> Layer {
    options.normalization == .spectral ? spectrallyNormalised : self
  }
}

extension PlayerOptions {
  /// True where a shift follows a layer, so that its bias would do nothing.
  var replacesBias: Bool { [.batch, .layer, .instance].contains(normalization) }

  /// The normalisation of outputs of a shape, `[F]` or `[C, H, W]`.
  @LayerBuilder func normalizationLayers(_ shape: Shape) -> [Layer] {
    switch normalization {
    case .none, .spectral: [Layer]()
    case .batch: Layer.batchNorm(channels: shape[0])
    case .layer: Layer.layerNorm(shape: shape)
    case .instance: Layer.instanceNorm(channels: shape[0])
    }
  }

  /// The dropout after an activation.
  @LayerBuilder var dropoutLayers: [Layer] {
    if dropout > 0 { Layer.dropout(probability: dropout) }
  }
}
