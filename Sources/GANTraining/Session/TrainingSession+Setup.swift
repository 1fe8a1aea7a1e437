package import GANRuntime

extension TrainingSession {
  /// The setup of a session.
  package struct Setup: Sendable {
    package var game: Game
    package var batchSize: Int
    /// Batches in a step, for each of which every update of cadence `batch` is made.
    package var batchesPerStep: Int
    package var seed: UInt64
    package var threadCount: Int
    /// The device to compute on.
    package var device = DeviceKind.fastest
    /// What its products multiply.
    package var precision = Precision.float32
    /// Parts of a sum over a batch, that ranks share: a power of two; 1 has each rank add up its items
    /// in one go.
    package var chunks = 1
    /// True if batch normalisation takes the statistics of each such part, or of each rank's share.
    package var normalisesParts = false

    package init(
      game: Game, batchSize: Int, batchesPerStep: Int, seed: UInt64, threadCount: Int
    ) {
      self.game = game
      self.batchSize = batchSize
      self.batchesPerStep = batchesPerStep
      self.seed = seed
      self.threadCount = threadCount
    }

    /// Makes the device, for the calling thread, alone or as one of ranks.
    ///
    /// - Throws: `RuntimeError`, as `DeviceKind.makeDevice` does.
    func makeDevice(_ ranks: Ranks? = nil) throws(RuntimeError) -> any Device {
      try device.makeDevice(threadCount: threadCount, precision: precision, ranks: ranks)
    }

    /// The plan of each step, for this number of items in the data.
    func plan(itemCount: Int) -> StepPlan {
      StepPlan(
        epoch: EpochPlan(
          itemCount: itemCount, batchSize: batchSize, packing: game.packing,
          batchesPerStep: batchesPerStep),
        periodicTerms: game.periodicTerms)
    }
  }
}
