internal import GANGraph
internal import GANLearning

extension StepGraph {
  /// Multiply-adds of the step as built, without dead code, averaged over the steps of a run: a
  /// penalty with an interval counts with the share of the updates that have it.
  func meanMultiplyAdds() throws -> Int {
    func count(_ penalties: PenaltySet) throws -> Int {
      var updates = self.updates.map { Update(batchSize: $0.batchSize, penalties: []) }
      updates[0].penalties = penalties
      return try StepGraph(
        game: game, updates: updates, itemCount: itemCount, elementType: elementType,
        joinsBatches: joinsBatches
      ).build().withoutDeadCode().multiplyAddCount
    }
    // Penalties share nothing but what the objective computes anyway, so that costs add up.
    let bare = try count([])
    let added = try game.penalties.reduce(0.0) { total, term in
      let cost = try count(PenaltySet(term.penalty)) - bare
      return total + Double(cost * updates.count) / Double(term.interval)
    }
    return bare + Int(added.rounded())
  }
}
