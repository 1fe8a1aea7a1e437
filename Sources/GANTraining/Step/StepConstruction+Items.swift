import GANGraph
import GANLearning
import GANNetworks
import GANTensor

// What goes into a step: real items, latents, and everything else that is drawn.
extension StepConstruction {
  /// Real items and their classes: points as they are, images in [-1, 1],
  /// `(x / 255 - 0.5) / 0.5` as the tutorial has it, to the bit.
  func realItems(_ index: Int, of update: UpdateName) -> Items {
    let game = plan.game
    let size = game.discriminator.inputShape.elementCount / game.packing
    let indices = builder.input(
      StepGraph.indicesInput(index), [plan.updates[index].batchSize], .int32)
    let data = builder.data(StepGraph.residentData, [plan.itemCount, size], plan.elementType)
    let rows = data.gatheredRows(indices)
    let flat =
      plan.elementType == .uint8 ? (rows.converted(to: .float32) / 255 - 0.5) * 2 : rows
    var items = Items(tensor: shapedAsMade(flat))
    trace(items.tensor, as: "\(update.name).real")
    if game.classCount != nil {
      let labels = builder.data(StepGraph.residentLabels, [plan.itemCount], .uint8)
        .gatheredRows(indices)
      items.labels = labels.converted(to: .int32)
      trace(labels.converted(to: .int64), as: "\(update.name).realLabels")
    }
    if game.flipsImages {
      let uniform = builder.random(
        .uniform, .horizontalFlip, [flat.shape[0]], seed: seed, step: update.number)
      trace(uniform, as: "\(update.name).horizontalFlip")
      let images = asImages(items.tensor).horizontallyFlipped(where: uniform)
      items.tensor = images.reshaped(to: items.tensor.shape)
    }
    return items
  }

  /// Items of fresh latents, in training.
  mutating func generatedItems(
    count: Int, of update: UpdateName, _ application: Application
  ) -> Items {
    let game = plan.game
    let purpose: RandomPurpose =
      application == .generatorForItself ? .generatorLatents : .discriminatorLatents
    let latents = builder.random(
      .normal, purpose, Shape([count] + game.generator.inputShape.dimensions), seed: seed,
      step: update.number)
    trace(latents, as: "\(update.name).latents")
    let labels = game.classCount.map { classCount in
      let judged: Application =
        application == .generatorForItself ? .generatedForGenerator : .generated
      let uniform = random(.latentLabels, [count], of: update, judged)
      return (uniform * Double(classCount)).converted(to: .int32)
    }
    if let labels { trace(labels.converted(to: .int64), as: "\(update.name).latentLabels") }
    return Items(
      tensor: generate(latents, labels: labels, of: update, application), labels: labels)
  }

  /// What happens to images before the discriminator sees them.
  func augmented(_ items: Tensor, of update: UpdateName, _ application: Application) -> Tensor {
    guard !plan.game.augmentations.isEmpty else { return items }
    let images = asImages(items)
    return plan.game.augmentations.applied(to: images) { role in
      let uniform = random(role.purpose, [items.shape[0]], of: update, application)
      trace(uniform, as: "\(update.name).\(role.rawValue).\(application.role)")
      return uniform
    }.reshaped(to: items.shape)
  }

  /// How a network is applied to batches in training; to each with the same numbers.
  func pass(labels: Tensor?, of update: UpdateName, _ application: Application) -> NetworkPass {
    var drawn: [String: Tensor] = [:]
    let (builder, seed, isTraced) = (builder, seed, plan.isTraced)
    return .training(labels: labels) { layer, shape in
      if let known = drawn[layer] { return known }
      let step = Self.step(of: update, application, layer: drawn.count)
      let uniform = builder.random(.uniform, .dropout, shape, seed: seed, step: step)
      if isTraced {
        builder.output(uniform, as: "\(update.name).dropout.\(application.role).\(layer)")
      }
      drawn[layer] = uniform
      return uniform
    }
  }

  /// Uniforms on [0, 1) of one application in an update.
  private func random(
    _ purpose: RandomPurpose, _ shape: Shape, of update: UpdateName, _ application: Application
  ) -> Tensor {
    builder.random(
      .uniform, purpose, shape, seed: seed, step: Self.step(of: update, application, layer: 0))
  }

  /// The upper bits of a stream's step tell applications and layers apart.
  private static func step(
    of update: UpdateName, _ application: Application, layer: Int
  ) -> Tensor {
    let upper = application.rawValue + 8 * layer
    return upper == 0 ? update.number : update.number + Double(upper << 40)
  }

  // MARK: Shapes

  /// Flat items in the shape in which the generator makes them.
  private func shapedAsMade(_ items: Tensor) -> Tensor {
    guard plan.game.discriminator.inputShape.rank > 1 else { return items }
    let dimensions = plan.game.discriminator.inputShape.dimensions
    return items.reshaped(
      to: Shape([items.shape[0], dimensions[0] / plan.game.packing] + dimensions.dropFirst()))
  }

  private func asImages(_ items: Tensor) -> Tensor {
    guard let imageShape = plan.game.imageShape else { return items }
    return items.reshaped(to: Shape([items.shape[0]] + imageShape.dimensions))
  }

  /// Neighbours in the batch side by side, as the discriminator judges them: `[B, …]` to `[B / m, …]`.
  func packed(_ items: Tensor) -> Tensor {
    let packs = items.shape[0] / plan.game.packing
    return items.reshaped(to: Shape([packs] + plan.game.discriminator.inputShape.dimensions))
  }
}
