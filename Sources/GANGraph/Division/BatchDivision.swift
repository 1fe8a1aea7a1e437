/// The division of every batch into parts, and the parts that one rank computes.
///
/// Part `k` of `parts` takes units `⌊k · units / parts⌋` to `⌊(k + 1) · units / parts⌋` of a batch, in
/// order, so that parts differ by one unit at most; a unit is an item, or a pack of them. Ranks have
/// equally many neighbouring parts.
package struct BatchDivision: Hashable, Sendable {
  /// The place among the ranks, from 0.
  package let rank: Int
  package let rankCount: Int
  /// Parts of a whole batch, over all ranks.
  package let partCount: Int
  /// True if a sum has the same terms in the same order for every number of ranks that divides
  /// `partCount`.
  package let isFixed: Bool

  /// The division among ranks.
  ///
  /// - Parameter chunks: Parts of a sum over a batch, a power of two and a multiple of `rankCount`; 1
  ///   has each rank add up its items in one go.
  package init(rank: Int = 0, of rankCount: Int = 1, chunks: Int = 1) {
    precondition((0..<rankCount).contains(rank), "rank \(rank) of \(rankCount)")
    isFixed = chunks > 1
    partCount = isFixed ? chunks : rankCount
    precondition(
      partCount.isMultiple(of: rankCount), "\(rankCount) ranks share \(chunks) chunks")
    (self.rank, self.rankCount) = (rank, rankCount)
  }

  /// True if a graph is left as it is.
  package var isTrivial: Bool { partCount == 1 }

  /// The parts of this rank.
  package var ownParts: Range<Int> {
    let count = partCount / rankCount
    return rank * count..<(rank + 1) * count
  }

  /// The units of a part.
  package func units(ofPart part: Int, of unitCount: Int) -> Range<Int> {
    unitCount * part / partCount..<unitCount * (part + 1) / partCount
  }

  /// The units of this rank.
  package func ownUnits(of unitCount: Int) -> Range<Int> {
    units(ofPart: ownParts.lowerBound, of: unitCount)
      .lowerBound..<units(
        ofPart: ownParts.upperBound - 1, of: unitCount
      ).upperBound
  }
}
