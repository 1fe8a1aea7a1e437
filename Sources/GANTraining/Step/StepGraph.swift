package import GANGraph
internal import GANLearning
package import GANTensor

/// One training step as a graph: every update of the game that is made for a batch, batch after
/// batch, then those that are made once.
///
/// Nothing here is arranged by hand to save work. Parameter gradients of a network that does not
/// learn reach no output and disappear as dead code.
package struct StepGraph: Sendable {
  package let game: Game
  /// The step's batches, in order.
  package let updates: [Update]
  /// The resident data, by the names of the game's data sets.
  package let sets: [String: ResidentSet]
  /// The values that become readable.
  package var detail = Detail.plain
  /// True if real and generated items pass a judge as one batch where they may.
  package var joinsBatches = true
  /// True if hyperparameters are scalars that the host writes before each run; else they keep their
  /// values of a run's start.
  package var writesHyperparameters = false

  /// Parts of a batch that batch normalisation normalises by their own statistics.
  package var statisticsParts = 1

  /// The extent of a step's readings.
  package enum Detail: Hashable, Sendable {
    /// Losses, scores and terms.
    case plain
    /// Also gradient norms and the spread of logits, which cost a few passes over gradients.
    case measured
    /// Everything a replay needs.
    case traced
  }

  /// A batch and the terms due with it.
  package struct Update: Hashable, Sendable {
    /// Items of each data set: a whole number of packs, at least one.
    package var batchSize: Int
    /// The game's periodic terms that are part of the updates on it.
    package var terms: TermSet

    package init(batchSize: Int, terms: TermSet) {
      (self.batchSize, self.terms) = (batchSize, terms)
    }
  }

  /// A data set that stays where programs expect it.
  package struct ResidentSet: Hashable, Sendable {
    package var itemCount: Int
    /// The type of an element: `uint8` of images, `float32` of points.
    package var elementType: ElementType

    package init(itemCount: Int, elementType: ElementType) {
      (self.itemCount, self.elementType) = (itemCount, elementType)
    }
  }

  /// A step on the batches of `updates`.
  package init(
    game: Game, updates: [Update], sets: [String: ResidentSet], detail: Detail = .plain,
    joinsBatches: Bool = true
  ) {
    precondition(!updates.isEmpty, "a step has at least one batch")
    precondition(
      updates.allSatisfy { $0.batchSize.isMultiple(of: game.packing) && $0.batchSize > 0 },
      "\(updates.map(\.batchSize)) are no whole packs of \(game.packing)")
    self.game = game
    self.updates = updates
    self.sets = sets
    self.detail = detail
    self.joinsBatches = joinsBatches
  }

  /// A step of a game with one data set, with every term that is due at a run's start.
  package init(
    game: Game, batchSizes: [Int], itemCount: Int, elementType: ElementType = .uint8,
    detail: Detail = .plain, joinsBatches: Bool = true
  ) {
    let updates = batchSizes.enumerated().map { number, batchSize in
      Update(
        batchSize: batchSize,
        terms: game.periodicTerms.due(
          atUpdate: number, ofStep: 0, isLast: number == batchSizes.count - 1))
    }
    self.init(
      game: game, updates: updates,
      sets: [game.data[0].name: ResidentSet(itemCount: itemCount, elementType: elementType)],
      detail: detail, joinsBatches: joinsBatches)
  }

  /// The state that updates share by name, apart from parameters and moments.
  package enum StateName {
    /// The run's seed as a bit pattern, `int64 []`.
    package static let seed = "seed"

    /// Updates a network has made, `int64 []`.
    package static func updates(of role: Role) -> String { "optimizer.\(role).updates" }
  }

  /// The input that names the items of a data set in batch `index`, `int32 [B]`.
  package static func indicesInput(_ index: Int, of set: String) -> String {
    "\(set).\(index).indices"
  }

  /// A resident data set, flat items row after row: `uint8 [N, C·H·W]` or `float32 [N, D]`.
  package static func residentItems(of set: String) -> String { "\(set).items" }

  /// Its classes, `uint8 [N]`, where some network looks at classes.
  package static func residentLabels(of set: String) -> String { "\(set).labels" }

  /// Builds the graph, as written and before any pass.
  ///
  /// Its outputs are the readings, all `[]`; traced, also the inputs, the gradients and every
  /// random number, as `docs/trace.md` has them.
  ///
  /// - Throws: `GraphError` if the networks do not fit each other or the data.
  package func build() throws(GraphError) -> Graph { try written().graph }

  /// The same graph with what its host must know of it.
  ///
  /// - Throws: As `build` does.
  package func written() throws(GraphError) -> WrittenStep {
    let construction = StepConstruction(self)
    construction.writeUpdates()
    construction.recordUpdates()
    return WrittenStep(
      step: self, graph: try construction.builder.finish(), readings: construction.readings,
      hyperparameters: construction.hyperparameters.inputs, packCounts: construction.packCounts)
  }

  /// The terms of a rule that are part of its update on a batch.
  func dueTerms(ofRule index: Int, batch: Int) -> [any LossTerm] {
    var position = game.updates[..<index].reduce(0) { $0 + $1.terms.count { $0.interval != nil } }
    return game.updates[index].terms.filter { term in
      guard term.interval != nil else { return true }
      defer { position += 1 }
      return updates[batch].terms.contains(TermSet(position))
    }
  }
}
