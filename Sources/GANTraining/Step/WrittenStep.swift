package import GANGraph
package import GANLearning

/// A step as written, before any pass.
package struct WrittenStep: Sendable {
  package let step: StepGraph
  package let graph: Graph
  /// The readings among the graph's outputs, in order.
  package let readings: [Reading]
  /// The inputs that the host must write before each run.
  package let hyperparameters: [HyperparameterInput]
  /// The packs in the batch, where the first axis of an input or of random numbers is one.
  package let packCounts: [NodeID: Int]

  /// The input that a rank writes a number to, and the output that has the sum of all ranks', `[]`.
  package static let signalName = "ranks.signal"

  /// The graph as one rank computes it, with a signal where there are several.
  package func graph(dividedBy division: BatchDivision) -> Graph {
    graph.divided(
      by: division, batches: packCounts,
      signal: division.rankCount > 1 ? Self.signalName : nil)
  }
}

extension WrittenStep {
  /// Multiply-adds of a full step with every term, without dead code, averaged over the steps of a
  /// run: a term with an interval counts with the share of the updates that have it.
  func meanMultiplyAdds() throws -> Int {
    step.game.periodicTerms.allSatisfy { $0.interval == 1 }
      ? graph.withoutDeadCode().multiplyAddCount : try step.meanMultiplyAdds()
  }
}

extension StepGraph {
  /// The same number, of graphs with and without each of the terms.
  fileprivate func meanMultiplyAdds() throws -> Int {
    func count(_ change: (inout [Update]) -> Void) throws -> Int {
      var updates = self.updates.map { Update(batchSize: $0.batchSize, terms: []) }
      change(&updates)
      return try StepGraph(game: game, updates: updates, sets: sets, joinsBatches: joinsBatches)
        .build().withoutDeadCode().multiplyAddCount
    }
    // Periodic terms share only work that the others do anyway, so costs add up.
    let bare = try count { _ in }
    let added = try game.periodicTerms.enumerated().reduce(0.0) { total, indexed in
      let (position, term) = indexed
      let isPerBatch = term.cadence == .batch
      let cost =
        try count { updates in
          updates[isPerBatch ? 0 : updates.count - 1].terms = TermSet(position)
        } - bare
      return total + Double(cost * (isPerBatch ? updates.count : 1)) / Double(term.interval)
    }
    return bare + Int(added.rounded())
  }
}
