package import GANGraph
package import GANLearning
package import GANTensor

/// One training step as a graph: every discriminator update on its own real batch, then the
/// generator's.
///
/// Nothing here is arranged by hand to save work. The generator's backward pass while the
/// discriminator learns, and the discriminator's weight gradients while the generator learns, reach
/// no output and disappear as dead code.
package struct StepGraph: Hashable, Sendable {
  package let game: Game
  /// The discriminator's updates, in order; the generator's draws as many items as the last.
  package let updates: [Update]
  /// Items in the resident data.
  package let itemCount: Int
  /// What an element of them is: `uint8` of images, `float32` of points.
  package var elementType = ElementType.uint8
  /// Whether everything a replay needs becomes an output.
  package var isTraced = false
  /// Whether real and generated items pass the discriminator as one batch where they may.
  package var joinsBatches = true

  /// A discriminator update.
  package struct Update: Hashable, Sendable {
    /// Real items: a whole number of packs, at least one.
    package var batchSize: Int
    /// The game's penalties that are part of it.
    package var penalties: PenaltySet

    package init(batchSize: Int, penalties: PenaltySet) {
      (self.batchSize, self.penalties) = (batchSize, penalties)
    }
  }

  package init(
    game: Game, updates: [Update], itemCount: Int, elementType: ElementType = .uint8,
    isTraced: Bool = false, joinsBatches: Bool = true
  ) {
    precondition(!updates.isEmpty, "a step has at least one discriminator update")
    precondition(
      updates.allSatisfy { $0.batchSize.isMultiple(of: game.packing) && $0.batchSize > 0 },
      "\(updates.map(\.batchSize)) are no whole packs of \(game.packing)")
    self.game = game
    self.updates = updates
    self.itemCount = itemCount
    self.elementType = elementType
    self.isTraced = isTraced
    self.joinsBatches = joinsBatches
  }

  /// The step with every penalty that is due at a run's start.
  package init(
    game: Game, batchSizes: [Int], itemCount: Int, isTraced: Bool = false,
    joinsBatches: Bool = true
  ) {
    let updates = batchSizes.enumerated().map { number, batchSize in
      Update(batchSize: batchSize, penalties: game.penalties.due(atUpdate: number))
    }
    self.init(
      game: game, updates: updates, itemCount: itemCount, isTraced: isTraced,
      joinsBatches: joinsBatches)
  }

  /// The state that both updates share by name, apart from parameters and moments.
  package enum StateName {
    /// The run's seed as a bit pattern, `int64 []`.
    package static let seed = "seed"

    /// Updates a player has made, `int64 []`.
    package static func updates(of player: Player) -> String { "optimizer.\(player).updates" }
  }

  /// The input that names the real items of discriminator update `index`, `int32 [B]`.
  package static func indicesInput(_ index: Int) -> String { "discriminator.\(index).indices" }

  /// The resident data, flat items row after row: `uint8 [N, C·H·W]` or `float32 [N, D]`.
  package static let residentData = "items"

  /// Their classes, `uint8 [N]`, where a player looks at classes.
  package static let residentLabels = "labels"

  /// Builds the graph, as written and before any pass.
  ///
  /// Outputs are `discriminator.<i>.loss`, `.realScore`, `.fakeScore`, `generator.loss` and
  /// `generator.fakeScore`, all `[]`; traced, also what went in, the gradients, the terms of the
  /// losses and every random number, as `docs/trace.md` has them.
  ///
  /// - Throws: `GraphError` where the networks do not fit each other or the data.
  package func build() throws(GraphError) -> Graph {
    var construction = StepConstruction(self)
    for index in updates.indices { construction.updateDiscriminator(index) }
    construction.updateGenerator()
    construction.recordUpdates()
    return try construction.builder.finish()
  }
}
