/// Why ranks cannot compute together, or no longer.
package enum RankError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The launcher started several processes, and there is no Open MPI to join them.
  case noMPI(other: String?, rankCount: Int)
  /// The launcher started several processes, and Open MPI knows of another number.
  case otherLauncher(rankCount: Int, joined: Int)
  /// MPI failed to join the processes.
  case notJoined(code: Int)
  /// A rank did not answer for so long.
  case silent(rank: Int, seconds: Double)
  /// The connection to a rank broke.
  case broken(rank: Int)
  /// A rank has ended with an exit code, and has said why.
  case ended(rank: Int, status: Int32)
  /// The ranks' states, which are always the same, are not.
  case differ(ranks: [Int], step: Int)

  package var description: String {
    switch self {
    case .noMPI(let other, let rankCount):
      "\(rankCount) processes were started together, but there is no Open MPI to join them"
        + (other.map { ", only \($0)" } ?? "")
    case .otherLauncher(let rankCount, let joined):
      "\(rankCount) processes were started together, but Open MPI joins \(joined): "
        + "the launcher is another MPI's"
    case .notJoined(let code): "MPI could not join the processes: error \(code)"
    case .silent(let rank, let seconds):
      "rank \(rank) has not answered for \(Int(seconds)) s (mpi.timeout)"
    case .broken(let rank): "the connection to rank \(rank) broke"
    case .ended(let rank, let status): "rank \(rank) ended with exit code \(status)"
    case .differ(let ranks, let step):
      "after step \(step) the state of rank \(ranks.map(String.init).joined(separator: ", ")) is not "
        + "that of the others"
    }
  }
}
