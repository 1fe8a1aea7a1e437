import Foundation
package import GANRuntime
import Synchronization

/// Ranks that are threads of this process, for tests of what ranks compute.
package final class ThreadRanks: Sendable {
  private struct Message: Sendable {
    let sender: Int
    let bytes: [UInt8]
  }

  private struct Mail: Sendable {
    var exchanged: [Message] = []
    var told: [(rank: Int, number: Int64)] = []
  }

  private let mail: Mutex<[Mail]>
  package let count: Int

  package init(count: Int) {
    self.count = count
    mail = Mutex(Array(repeating: Mail(), count: count))
  }

  /// Runs a closure on a thread for each rank, and gives their results in order.
  ///
  /// - Throws: The first rank's error that has one.
  package static func run<Result: Sendable>(
    _ count: Int, _ body: @escaping @Sendable (Ranks) throws -> Result
  ) throws -> [Result] {
    let ranks = ThreadRanks(count: count)
    let results = Mutex([Swift.Result<Result, any Error>?](repeating: nil, count: count))
    let done = DispatchSemaphore(value: 0)
    for rank in 0..<count {
      let thread = Thread {
        let result = Swift.Result { try body(Ranks(ranks.link(of: rank))) }
        results.withLock { $0[rank] = result }
        done.signal()
      }
      thread.stackSize = 8 << 20
      thread.start()
    }
    for _ in 0..<count { done.wait() }
    return try results.withLock { $0 }.compactMap(\.self).map { try $0.get() }
  }

  /// The place of one rank.
  package func link(of rank: Int) -> any RankLink { Link(rank, self) }

  private final class Link: RankLink {
    let rank: Int
    let rankCount: Int
    private let ranks: ThreadRanks
    private var room: (bytes: UnsafeMutableRawBufferPointer, sender: Int)?

    init(_ rank: Int, _ ranks: ThreadRanks) {
      (self.rank, self.ranks, rankCount) = (rank, ranks, ranks.count)
    }

    func begin(
      sending sent: UnsafeRawBufferPointer, to receiver: Int?,
      receiving received: UnsafeMutableRawBufferPointer, from sender: Int?
    ) -> Bool {
      if let receiver, !sent.isEmpty {
        let message = Message(sender: rank, bytes: Array(sent))
        ranks.mail.withLock { $0[receiver].exchanged.append(message) }
      }
      room = received.isEmpty ? nil : sender.map { (received, $0) }
      return true
    }

    func progress() -> RankLinkProgress {
      guard let (bytes, sender) = room else { return .done }
      let message: Message? = ranks.mail.withLock { mail in
        guard let index = mail[rank].exchanged.firstIndex(where: { $0.sender == sender }) else {
          return nil
        }
        return mail[rank].exchanged.remove(at: index)
      }
      guard let message else { return .waiting }
      bytes.copyBytes(from: message.bytes)
      room = nil
      return .done
    }

    func drop() { room = nil }

    func tell(_ number: Int64, to rank: Int) {
      let own = self.rank
      ranks.mail.withLock { $0[rank].told.append((own, number)) }
    }

    func hear() -> (rank: Int, number: Int64)? {
      ranks.mail.withLock { $0[rank].told.isEmpty ? nil : $0[rank].told.removeFirst() }
    }

    func leave() {}
    func abort(status: Int32) {}
  }
}
