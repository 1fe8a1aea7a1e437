import GANGraph
import GANLearning
import GANTensor

// The items of an update: data, noise, and the networks' outputs for them.
extension UpdateConstruction {
  /// The items of a source, `[B, …]`: the same ones at each call.
  package func items(of source: Source) -> Items {
    if case .data(let name) = source { return batch(of: name) }
    if let known = step.made[source] { return known }
    let items =
      switch source {
      case .data(let name): batch(of: name)
      case .noise(let noise): fresh(noise)
      case .joined(let sources): joined(sources.map(items(of:)))
      case .output(let role, let input):
        output(of: role, on: input, named: source.applicationName)
      }
    step.made[source] = items
    return items
  }

  private func output(of role: Role, on source: Source, named application: String) -> Items {
    let inputs = items(of: source)
    let pass = pass(labels: inputs.labels, for: application)
    return Items(
      tensor: step.train(role, on: inputs.tensor, pass), labels: inputs.labels)
  }

  private func joined(_ parts: [Items]) -> Items {
    guard let first = parts.first else { return Items(tensor: builder.missing("a source to join")) }
    return Items(
      tensor: first.tensor.concatenated(with: parts.dropFirst().map(\.tensor), axis: 1),
      labels: parts.lazy.compactMap(\.labels).first)
  }

  private func fresh(_ noise: Noise) -> Items {
    let shape = Shape([batchSize] + noise.shape.dimensions)
    let values: Tensor
    switch noise.distribution {
    case .normal: values = drawn(.normal, rule.streams.noise, shape, for: noise.name)
    case .uniform:
      values = drawn(.uniform, rule.streams.noise, shape, for: noise.name) * 2 - 1
    case .oneHot:
      let uniform = drawn(.uniform, rule.streams.noise, [batchSize], for: noise.name)
      let chosen = (uniform * Double(noise.shape.elementCount)).converted(to: .int32)
      values = ClassLogits.oneHot(chosen, classCount: noise.shape.elementCount)
    }
    trace(values, as: noise.name)
    var items = Items(tensor: values)
    if let source = noise.labelsSource, let labels = batch(of: source).labels {
      trace(labels.converted(to: .int64), as: noise.labelsName)
      items.labels = labels
    } else if let classCount = noise.classCount {
      let uniform = drawn(.uniform, .latentLabels, [batchSize], for: noise.labelsName)
      let labels = (uniform * Double(classCount)).converted(to: .int32)
      trace(labels.converted(to: .int64), as: noise.labelsName)
      items.labels = labels
    }
    return items
  }

  /// The present batch of a data set; an update that sees it after another did records it as it is,
  /// mirrored.
  private func batch(of name: String) -> Items {
    if let drawn = drawnBatches[name] { return drawn }
    if !rule.drawsData, let known = step.batches[name] {
      if recordedData.insert(name).inserted { trace(known.tensor, as: name) }
      return known
    }
    guard let source = step.step.game.data.first(where: { $0.name == name }),
      let resident = step.step.sets[name]
    else {
      return Items(tensor: builder.missing("a data set named \(name)"))
    }
    let items = gathered(source, resident)
    if rule.drawsData { drawnBatches[name] = items } else { step.batches[name] = items }
    recordedData.insert(name)
    return items
  }

  /// Items and their classes: points as they are, images in [-1, 1], `(x / 255 - 0.5) / 0.5` as the
  /// tutorial has it, to the bit.
  private func gathered(_ source: GameDataSet, _ resident: StepGraph.ResidentSet) -> Items {
    let name = source.name
    let indices =
      rule.drawsData
      ? (drawn(.uniform, .freshItems, [batchSize], for: "\(name).items")
        * Double(resident.itemCount)).converted(to: .int32)
      : builder.input(StepGraph.indicesInput(batch, of: name), [batchSize], .int32)
    step.packCounts[indices.id] = packCount
    let data = builder.data(
      StepGraph.residentItems(of: name), [resident.itemCount, source.itemShape.elementCount],
      resident.elementType)
    let rows = data.gatheredRows(indices)
    let flat =
      resident.elementType == .uint8 ? (rows.converted(to: .float32) / 255 - 0.5) * 2 : rows
    var items = Items(
      tensor: source.itemShape.rank > 1
        ? flat.reshaped(to: Shape([batchSize] + source.itemShape.dimensions)) : flat)
    trace(items.tensor, as: name)
    if source.isLabelled {
      let labels = builder.data(
        StepGraph.residentLabels(of: name), [resident.itemCount], .uint8
      ).gatheredRows(indices)
      items.labels = labels.converted(to: .int32)
      trace(labels.converted(to: .int64), as: "\(name)Labels")
    }
    if let imageShape = source.flippedShape {
      let isFirst = step.step.game.data.first?.name == name
      let draw = isFirst ? "horizontalFlip" : "\(name).horizontalFlip"
      let uniform = drawn(.uniform, .horizontalFlip, [batchSize], for: draw)
      trace(uniform, as: draw)
      let images = items.tensor.reshaped(to: Shape([batchSize] + imageShape.dimensions))
        .horizontallyFlipped(where: uniform)
      items.tensor = images.reshaped(to: items.tensor.shape)
    }
    return items
  }
}
