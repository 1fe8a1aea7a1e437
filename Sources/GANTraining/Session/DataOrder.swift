internal import GANData

/// The order in which a session sees a data set; a pure function of its arguments and the position.
struct DataOrder {
  /// The set's place in its game.
  let set: Int
  let itemCount: Int
  let seed: UInt64
  private var known: EpochOrder?
  private var knownEpoch = -1

  init(set: Int, itemCount: Int, seed: UInt64) {
    self.set = set
    self.itemCount = itemCount
    self.seed = seed
  }

  /// The order of an epoch: of set `s` the shuffle with step `epoch + 2⁴⁰ s`.
  mutating func order(ofEpoch epoch: Int) -> EpochOrder {
    if let known, knownEpoch == epoch { return known }
    let next = EpochOrder(
      count: itemCount, seed: seed, epoch: UInt64(epoch) + UInt64(set) << 40)
    (known, knownEpoch) = (next, epoch)
    return next
  }

  /// Writes the items from a position on, epochs one after another without a gap.
  mutating func write(from position: Int, to rows: inout [Int32]) {
    var next = position
    for row in rows.indices {
      let (epoch, index) = next.quotientAndRemainder(dividingBy: itemCount)
      if knownEpoch != epoch { _ = order(ofEpoch: epoch) }
      if let known { rows[row] = known.indices[index] }
      next += 1
    }
  }
}
