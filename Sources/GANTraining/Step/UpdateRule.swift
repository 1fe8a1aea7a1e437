package import GANTensor

/// One kind of update: its learners, its terms, and its cadence.
package struct UpdateRule: Sendable {
  /// The prefix of its outputs' names: the learner's role, if it alone learns.
  package var name: String
  /// The networks that take an optimiser's step; all others are held constant.
  package var learners: [Role]
  /// The terms of the loss, in order; periodic ones last.
  package var terms: [any LossTerm]
  package var cadence: Cadence
  /// Bound of every parameter of the learners after the update; nil leaves them free.
  package var clip: Double?
  /// True if it sees the networks' outputs of the update before, unless these have learnt since,
  /// and that update's noise.
  package var reusesItems: Bool
  /// True if it draws items of the data sets for itself, with replacement, and does not see the
  /// batch's.
  package var drawsData: Bool
  package var streams: UpdateStreams

  /// The timing of an update.
  package enum Cadence: Hashable, Sendable {
    /// For each batch of a step; its outputs are named `<name>.<batch>`.
    case batch
    /// Once a step, with the step's last batch.
    case step
  }

  package init(
    _ name: String, learners: [Role], cadence: Cadence, clip: Double? = nil,
    reusesItems: Bool = false, drawsData: Bool = false, streams: UpdateStreams = UpdateStreams(),
    terms: [any LossTerm]
  ) {
    self.name = name
    self.learners = learners
    self.terms = terms
    self.cadence = cadence
    self.clip = clip
    self.reusesItems = reusesItems
    self.drawsData = drawsData
    self.streams = streams
  }
}

/// The random numbers of an update, by purpose; `docs/randomness.md` states them.
package struct UpdateStreams: Hashable, Sendable {
  /// The purpose of its noise.
  package var noise: RandomPurpose
  /// Numbers of its purposes, by name, 0 to 7; other names get numbers as they come.
  package var numbers: [String: Int]

  package init(noise: RandomPurpose = .noise, numbers: [String: Int] = [:]) {
    precondition(
      numbers.values.allSatisfy { (0..<Self.namedCount).contains($0) },
      "numbers go from 0 to \(Self.namedCount - 1), got \(numbers)")
    self.noise = noise
    self.numbers = numbers
  }

  /// Numbers that a rule may give to names itself.
  static let namedCount = 8
  /// The number of further names that an update can draw for.
  static let limit = 32
  /// The greatest number of rules whose draws fit the upper bits of a stream's step.
  static let ruleLimit = 30
}
