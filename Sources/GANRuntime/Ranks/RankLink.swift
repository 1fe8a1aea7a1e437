/// A way for the ranks of a run to send each other bytes.
///
/// Its identity is this rank's place among them. One thread at a time uses it.
package protocol RankLink: AnyObject {
  /// The place among the ranks, from 0.
  var rank: Int { get }
  var rankCount: Int { get }

  /// Begins to send bytes to a rank, and to receive as many as there is room for from another; one
  /// exchange at a time, whose memory stays until it has ended.
  ///
  /// - Returns: False where that is impossible.
  func begin(
    sending sent: UnsafeRawBufferPointer, to receiver: Int?,
    receiving received: UnsafeMutableRawBufferPointer, from sender: Int?
  ) -> Bool

  /// How far the exchange is.
  func progress() -> RankLinkProgress

  /// Gives up an exchange that has not ended, which is not taken for a later one.
  func drop()

  /// Sends a number beside all exchanges, which nobody waits for.
  func tell(_ number: Int64, to rank: Int)

  /// The next number that came so, and its sender.
  func hear() -> (rank: Int, number: Int64)?

  /// Leaves the ranks, which all must do.
  func leave()

  /// Ends every rank's process at once.
  func abort(status: Int32)
}

/// The progress of an exchange.
package enum RankLinkProgress: Hashable, Sendable {
  case waiting, done, broken
}
