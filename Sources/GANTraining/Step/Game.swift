package import GANLearning
package import GANNetworks
package import GANTensor

/// Networks by role, and their updates: a list in which each minimises a sum of terms.
///
/// Nothing here depends on the number of networks or their purpose; `Game.adversarialPair` is the
/// game of two.
package struct Game: Sendable {
  /// The networks, in the order of files.
  package let players: [Player]
  /// The updates of a step: for each of its batches every rule of cadence `batch`, in order, then
  /// every rule of cadence `step`.
  package let updates: [UpdateRule]
  /// The data; the first set's size decides how long an epoch is.
  package let data: [GameDataSet]
  /// The initialisation of all networks' weights.
  package var initialization: Initialization
  /// The size of a pack; a batch is whole packs.
  package var packing: Int
  /// The moving average of a network, where there is one.
  package var average: Average?
  /// The network of which power-function averages are kept, where there is one.
  package var powerAveraged: Role?
  /// The items that a run previews.
  package var preview: Source

  /// A network and how it learns.
  package struct Player: Hashable, Sendable {
    package var role: Role
    package var network: NetworkDescription
    package var optimizer: AdamOptions
    /// The streams of its first weights' random numbers; nil takes those of its place in the game.
    package var weights: WeightStreams?

    package init(
      _ role: Role, _ network: NetworkDescription, optimizer: AdamOptions = AdamOptions(),
      weights: WeightStreams? = nil
    ) {
      self.role = role
      self.network = network
      self.optimizer = optimizer
      self.weights = weights
    }
  }

  /// The role whose average is kept, and the speed at which it forgets.
  package struct Average: Hashable, Sendable {
    package var role: Role
    package var options: AverageOptions
    /// Images in an update.
    package var batchSize: Int

    package init(of role: Role, _ options: AverageOptions, batchSize: Int) {
      (self.role, self.options, self.batchSize) = (role, options, batchSize)
    }
  }

  /// Collects a game's parts.
  ///
  /// Every role, every data set and every rule has a name of its own; rules, averages and previews
  /// refer to existing ones; some rule has cadence `step`.
  package init(
    players: [Player], updates: [UpdateRule], data: [GameDataSet], preview: Source,
    initialization: Initialization = .pytorch, packing: Int = 1, average: Average? = nil,
    powerAveraged: Role? = nil
  ) {
    let roles = players.map(\.role)
    precondition(Set(roles).count == roles.count, "roles must differ, got \(roles)")
    precondition(
      updates.allSatisfy { !$0.learners.isEmpty && Set(roles).isSuperset(of: $0.learners) },
      "an update teaches some of \(roles), got \(updates.map(\.learners))")
    precondition(
      Set(updates.map(\.name)).count == updates.count,
      "updates must differ in name, got \(updates.map(\.name))")
    precondition(updates.contains { $0.cadence == .step }, "no update is made once a step")
    precondition(!data.isEmpty, "a game has data")
    precondition(
      [average?.role, powerAveraged].allSatisfy { $0.map(roles.contains) ?? true },
      "an average is of no network")
    self.players = players
    self.updates = updates
    self.data = data
    self.preview = preview
    self.initialization = initialization
    self.packing = packing
    self.average = average
    self.powerAveraged = powerAveraged
  }

  /// The roles, in order.
  package var roles: [Role] { players.map(\.role) }

  /// The roles that learn, in the order in which they do.
  var learners: [Role] {
    updates.flatMap(\.learners).reduce(into: []) { learners, role in
      if !learners.contains(role) { learners.append(role) }
    }
  }

  /// The network of a role; a role the game does not have is a caller's mistake.
  package func network(of role: Role) -> NetworkDescription { player(role).network }

  func player(_ role: Role) -> Player {
    guard let player = players.first(where: { $0.role == role }) else {
      preconditionFailure("the game has \(roles), not \(role)")
    }
    return player
  }

  /// The terms that are not part of every update, in the order of the rules.
  var periodicTerms: [PeriodicTerm] {
    updates.flatMap { rule in
      rule.terms.compactMap { term in
        term.interval.map { PeriodicTerm(interval: $0, cadence: rule.cadence) }
      }
    }
  }

  /// A role that learns equally often in every step, and how often: its counter counts steps.
  var clock: (role: Role, updatesPerStep: Int) {
    let perStep = updates.filter { $0.cadence == .step }
    let perBatch = Set(updates.filter { $0.cadence == .batch }.flatMap(\.learners))
    for role in perStep.flatMap(\.learners) where !perBatch.contains(role) {
      return (role, perStep.count { $0.learners.contains(role) })
    }
    preconditionFailure("no network learns in updates of cadence step alone, so none counts steps")
  }
}

/// The streams of a network's first weights' random numbers.
package struct WeightStreams: Hashable, Sendable {
  package var purpose: RandomPurpose
  /// The offset to a parameter's position in the network; the sum is the step of its stream.
  package var firstStep: UInt64
  /// The same offset for the vectors of power iterations.
  package var firstSpectralStep: UInt64

  package init(_ purpose: RandomPurpose, firstStep: UInt64, firstSpectralStep: UInt64) {
    self.purpose = purpose
    self.firstStep = firstStep
    self.firstSpectralStep = firstSpectralStep
  }

  /// The streams of network number `index` of a game.
  init(ofPlayer index: Int) {
    let first = UInt64(index) << 40
    self.init(.generatorInitialisation, firstStep: first, firstSpectralStep: first)
  }
}
