package import GANTensor

/// One kind of update: who learns, from what, and how often.
package struct UpdateRule: Sendable {
  /// What the names of its outputs start with: the learner's role, where it alone learns.
  package var name: String
  /// The networks that take an optimiser's step; all others are held constant.
  package var learners: [Role]
  /// What the loss is the sum of, in order; periodic terms last.
  package var terms: [any LossTerm]
  package var cadence: Cadence
  /// Bound of every parameter of the learners after the update; nil leaves them free.
  package var clip: Double?
  /// Whether it sees what networks made in the update before, where these have not learnt since,
  /// and the noise of then.
  package var reusesItems: Bool
  package var streams: UpdateStreams

  /// When an update is made.
  package enum Cadence: Hashable, Sendable {
    /// For each batch of a step; its outputs are named `<name>.<batch>`.
    case batch
    /// Once a step, with the step's last batch.
    case step
  }

  package init(
    _ name: String, learners: [Role], cadence: Cadence, clip: Double? = nil,
    reusesItems: Bool = false, streams: UpdateStreams = UpdateStreams(), terms: [any LossTerm]
  ) {
    self.name = name
    self.learners = learners
    self.terms = terms
    self.cadence = cadence
    self.clip = clip
    self.reusesItems = reusesItems
    self.streams = streams
  }
}

/// Which random numbers an update takes for what; `docs/randomness.md` states it.
package struct UpdateStreams: Hashable, Sendable {
  /// What its noise is for.
  package var noise: RandomPurpose
  /// Numbers of what it draws for, by name, 0 to 7; other names get numbers as they come.
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
  /// Names that an update can draw for beside those.
  static let limit = 32
  /// Rules whose draws have room in the upper bits of a stream's step.
  static let ruleLimit = 30
}
