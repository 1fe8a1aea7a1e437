/// The periodic terms of an update; comparing two sets allocates nothing.
package struct TermSet: OptionSet, Hashable, Sendable {
  package let rawValue: UInt64

  package init(rawValue: UInt64) { self.rawValue = rawValue }

  /// The set of the periodic term at a place among those of all rules, in order; 0 to 63.
  package init(_ position: Int) {
    precondition((0..<64).contains(position), "a game has at most 64 periodic terms")
    self.init(rawValue: 1 << UInt64(position))
  }
}

/// The timing of a term that is not part of every update.
package struct PeriodicTerm: Hashable, Sendable {
  /// Updates from one that has it to the next.
  package var interval: Int
  /// The events that are counted: batches of the run, or its steps.
  package var cadence: UpdateRule.Cadence

  package init(interval: Int, cadence: UpdateRule.Cadence) {
    precondition(interval >= 1, "a term is due every so many updates; got \(interval)")
    (self.interval, self.cadence) = (interval, cadence)
  }
}

extension [PeriodicTerm] {
  /// The terms that are due; allocates nothing.
  ///
  /// - Parameters:
  ///   - number: The batch, counted from 0 over the whole run.
  ///   - step: The step, likewise.
  ///   - isLast: True if the batch is its step's last, with which updates are made once a step.
  func due(atUpdate number: Int, ofStep step: Int, isLast: Bool) -> TermSet {
    var due: TermSet = []
    for position in indices {
      let isDue =
        switch self[position].cadence {
        case .batch: number.isMultiple(of: self[position].interval)
        case .step: isLast && step.isMultiple(of: self[position].interval)
        }
      if isDue { due.insert(TermSet(position)) }
    }
    return due
  }
}
