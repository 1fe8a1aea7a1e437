internal import GANData
internal import GANNetworks
package import GANTensor

extension TrainingSession {
  /// The first items of the first batch of the first data set, `[count] + itemShape`: images in
  /// [-1, 1], points as they are.
  package func firstRealItems(count: Int) -> HostTensor { firstItems(ofSet: 0, count: count) }

  private func firstItems(ofSet set: Int, count: Int) -> HostTensor {
    let order = EpochOrder(
      count: datasets[set].count, seed: setup.seed, epoch: UInt64(set) << 40)
    return datasets[set].items(order.indices.prefix(min(count, setup.batchSize)))
  }

  /// The game's preview: items of the run's fixed latents or of the first items of its data,
  /// `[count] + itemShape`.
  package func previewItems(count: Int) throws -> HostTensor {
    try items(count: count, purpose: .previewLatents)
  }

  /// The present items of the preview's network, or of its moving average if there is one, from
  /// latents that follow from the seed, `[count] + itemShape`: each class as often, one after
  /// another. A network that maps data gets the first batch's first items.
  package func items(count: Int, purpose: RandomPurpose) throws -> HostTensor {
    guard case .output(let role, let source) = setup.game.preview else {
      preconditionFailure("a preview is what a network makes, not \(setup.game.preview)")
    }
    let sampler =
      try previewSampler ?? makeSampler(of: role, batchSize: count, countsDeadUnits: true)
    previewSampler = sampler
    if case .data(let name) = source,
      let set = setup.game.data.firstIndex(where: { $0.name == name })
    {
      return try sampler.outputs(of: firstItems(ofSet: set, count: count))
    }
    return try sampler.items(
      count: count, of: source.noises,
      labels: source.noises.lazy.compactMap(\.classCount).first
        .map { .each($0) }, seed: setup.seed, purpose: purpose)
  }

  /// The part of the units of a ReLU of the preview's network that were 0 for all items of the last
  /// preview, of the ReLU with the most; nil before, and where it has none.
  package var deadUnits: Double? { previewSampler?.deadUnits }

  /// The present state of what the preview shows, for sampling as `gan sample` does of a file: a
  /// hundred items at a time, each class in turn.
  package func makeSampler() throws -> ItemSampler {
    guard case .output(let role, _) = setup.game.preview else {
      preconditionFailure("a preview is what a network makes, not \(setup.game.preview)")
    }
    return try makeSampler(of: role, batchSize: 100)
  }

  /// A network's present outputs for items, in inference mode.
  ///
  /// - Parameter items: `[N] + inputShape`, or as many elements an item.
  /// - Returns: `[N] + outputShape`; of images the data's shape.
  package func outputs(of role: Role, on items: HostTensor) throws -> HostTensor {
    let sampler = try samplers[role] ?? makeSampler(of: role, batchSize: 100)
    samplers[role] = sampler
    return try sampler.outputs(of: items)
  }

  private func makeSampler(
    of role: Role, batchSize: Int, countsDeadUnits: Bool = false
  ) throws -> ItemSampler {
    let network = setup.game.network(of: role)
    let output = try network.outputShape()
    let itemShape = datasets[0].itemShape
    return try ItemSampler(
      network, batchSize: batchSize,
      itemShape: itemShape.elementCount == output.elementCount ? itemShape : output, on: device,
      state: programs.state, inMemoryOf: programs.prepared.first?.executable,
      prefix: setup.game.shownPrefix(of: role), countsDeadUnits: countsDeadUnits)
  }
}
