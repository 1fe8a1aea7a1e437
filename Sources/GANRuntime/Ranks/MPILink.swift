internal import CMPI

/// The ranks that Open MPI has joined.
package final class MPILink: RankLink {
  package let rank: Int
  package let rankCount: Int

  /// The library that there is.
  package enum Library: Hashable, Sendable {
    /// Open MPI, of a version.
    case found(version: String)
    /// Nothing that can be used; what there is instead, where there is something.
    case missing(other: String?)
  }

  /// The library, which this loads.
  package static var library: Library {
    var text = [CChar](repeating: 0, count: Int(gan_mpi_text_capacity))
    let status = gan_mpi_load(&text)
    let words = String(
      decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    switch status {
    case gan_mpi_found: return .found(version: words)
    case gan_mpi_none: return .missing(other: nil)
    default: return .missing(other: words)
    }
  }

  /// Joins the processes that a launcher started together; once in a process.
  ///
  /// - Parameter expectedCount: The number that the launcher has named.
  /// - Throws: `RankError.noMPI`, `.notJoined` or `.otherLauncher`.
  package init(joining expectedCount: Int) throws(RankError) {
    if case .missing(let other) = Self.library {
      throw .noMPI(other: other, rankCount: expectedCount)
    }
    let error = gan_mpi_join()
    guard error == 0 else { throw .notJoined(code: Int(error)) }
    (rank, rankCount) = (Int(gan_mpi_rank()), Int(gan_mpi_rank_count()))
    guard rankCount == expectedCount else {
      throw .otherLauncher(rankCount: expectedCount, joined: rankCount)
    }
  }

  package func begin(
    sending sent: UnsafeRawBufferPointer, to receiver: Int?,
    receiving received: UnsafeMutableRawBufferPointer, from sender: Int?
  ) -> Bool {
    gan_mpi_begin(
      sent.baseAddress, sent.count, Int32(receiver ?? -1), received.baseAddress, received.count,
      Int32(sender ?? -1)) == 0
  }

  package func progress() -> RankLinkProgress {
    switch gan_mpi_test() {
    case 0: .waiting
    case 1: .done
    default: .broken
    }
  }

  package func drop() { gan_mpi_drop() }

  package func tell(_ number: Int64, to rank: Int) { gan_mpi_tell(Int32(rank), number) }

  package func hear() -> (rank: Int, number: Int64)? {
    var (rank, number): (Int32, Int64) = (0, 0)
    return gan_mpi_hear(&rank, &number) == 1 ? (Int(rank), number) : nil
  }

  package func leave() { gan_mpi_leave() }

  package func abort(status: Int32) { gan_mpi_abort(status) }
}
