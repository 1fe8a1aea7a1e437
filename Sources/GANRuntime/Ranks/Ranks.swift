internal import CKernels

/// The ranks that compute one run together, as one of them sees them: sums over all of them, with a
/// limit on waiting, so that none waits for ever.
///
/// Every rank makes the same calls in the same order. After a failure nothing is exchanged any more;
/// `check` throws it.
///
/// Its identity is this rank's place among them. It is not shared: whoever starts a run uses it, then
/// the engine's thread, then whoever ends the run; hence it may be sent from one to the other.
package final class Ranks: @unchecked Sendable {
  /// The place among the ranks, from 0; the first one writes files and speaks.
  package let rank: Int
  package let rankCount: Int
  /// The first failure.
  package private(set) var failure: RankError?
  /// Seconds spent in exchanges so far, waiting for other ranks included.
  package private(set) var exchangeSeconds = 0.0
  /// The longest that a rank may be silent.
  package var timeout: Duration
  private let link: any RankLink
  /// Ranks that do work of their own, for which the others wait as long as it takes.
  private var busy: Set<Int> = []
  private var isBusy = false
  /// Ranks that have said why they end.
  private var endedRanks: Set<Int> = []
  private var isLeaving = false
  private let clock = ContinuousClock()

  package init(_ link: any RankLink, timeout: Duration = .seconds(60)) {
    (self.link, self.timeout) = (link, timeout)
    (rank, rankCount) = (link.rank, link.rankCount)
  }

  /// True for the rank that writes files and speaks.
  package var isFirst: Bool { rank == 0 }

  /// - Throws: The first failure.
  package func check() throws(RankError) {
    if let failure { throw failure }
  }

  // MARK: Sums

  /// Vectors of so many bytes and more are halved as they are exchanged, so that none travels whole
  /// more than twice; shorter ones are quicker in one piece.
  private static let halvedBytes = 16_384

  /// Replaces a vector by the sum of all ranks', the same bits on each: a balanced binary tree over the
  /// ranks in their order, neighbours first. Where they are no power of two, the first ones are joined
  /// in pairs until they are.
  ///
  /// - Parameters:
  ///   - values: This rank's vector, of `count` elements.
  ///   - scratch: Room for as many.
  ///   - add: Adds so many elements of the second vector to the first.
  func allReduce<Element: BitwiseCopyable>(
    _ values: UnsafeMutablePointer<Element>, count: Int, scratch: UnsafeMutablePointer<Element>,
    add: (UnsafeMutablePointer<Element>, UnsafePointer<Element>, Int) -> Void
  ) {
    let start = clock.now
    defer { exchangeSeconds += (clock.now - start).inSeconds }
    var treeSize = 1
    while 2 * treeSize <= rankCount { treeSize *= 2 }
    let paired = 2 * (rankCount - treeSize)
    if rank < paired, !rank.isMultiple(of: 2) {
      exchange(values, 0..<count, to: rank - 1, scratch, 0..<0, from: nil)
      exchange(values, 0..<0, to: nil, values, 0..<count, from: rank - 1)
      return
    }
    if rank < paired, exchange(values, 0..<0, to: nil, scratch, 0..<count, from: rank + 1) {
      add(values, scratch, count)
    }
    let place = rank < paired ? rank / 2 : rank - paired / 2
    func member(at place: Int) -> Int { 2 * place < paired ? 2 * place : place + paired / 2 }
    let isHalved = count * MemoryLayout<Element>.stride >= Self.halvedBytes
    var halves: [(kept: Range<Int>, given: Range<Int>, partner: Int)] = []
    var range = 0..<count
    var distance = 1
    while distance < treeSize {
      let partner = member(at: place ^ distance)
      var given = range
      if isHalved {
        let middle = range.lowerBound + range.count / 2
        let (lower, upper) = (range.lowerBound..<middle, middle..<range.upperBound)
        (range, given) = place & distance == 0 ? (lower, upper) : (upper, lower)
        halves.append((range, given, partner))
      }
      if exchange(values, given, to: partner, scratch, range, from: partner) {
        add(values + range.lowerBound, scratch + range.lowerBound, range.count)
      }
      distance *= 2
    }
    for half in halves.reversed() {
      exchange(values, half.kept, to: half.partner, values, half.given, from: half.partner)
    }
    if rank < paired {
      exchange(values, 0..<count, to: rank + 1, scratch, 0..<0, from: nil)
    }
  }

  /// The sum of single-precision vectors.
  func allReduce(
    _ values: UnsafeMutablePointer<Float>, count: Int, scratch: UnsafeMutablePointer<Float>
  ) {
    allReduce(values, count: count, scratch: scratch) { ck_add_to($0, $1, $2) }
  }

  /// The sum of vectors in double precision.
  func allReduced(_ values: [Double]) -> [Double] {
    var (values, scratch) = (values, values)
    values.withUnsafeMutableBufferPointer { values in
      scratch.withUnsafeMutableBufferPointer { scratch in
        guard let start = values.baseAddress, let room = scratch.baseAddress else { return }
        allReduce(start, count: values.count, scratch: room) { sum, addends, count in
          for index in 0..<count { sum[index] += addends[index] }
        }
      }
    }
    return values
  }

  @discardableResult
  private func exchange<Element: BitwiseCopyable>(
    _ values: UnsafeMutablePointer<Element>, _ sent: Range<Int>, to receiver: Int?,
    _ room: UnsafeMutablePointer<Element>, _ received: Range<Int>, from sender: Int?
  ) -> Bool {
    exchange(
      sending: UnsafeRawBufferPointer(
        UnsafeBufferPointer(start: values + sent.lowerBound, count: sent.count)), to: receiver,
      receiving: UnsafeMutableRawBufferPointer(
        UnsafeMutableBufferPointer(start: room + received.lowerBound, count: received.count)),
      from: sender)
  }

  // MARK: Bytes

  /// The bytes of the first rank, on every rank.
  ///
  /// - Throws: The first failure.
  package func shared(_ bytes: [UInt8]) throws(RankError) -> [UInt8] {
    var count = [UInt64(bytes.count)]
    spread(&count)
    try check()
    var shared = isFirst ? bytes : [UInt8](repeating: 0, count: Int(count[0]))
    spread(&shared)
    try check()
    return shared
  }

  private func spread<Element: BitwiseCopyable>(_ values: inout [Element]) {
    values.withUnsafeMutableBytes { bytes in
      let none = UnsafeMutableRawBufferPointer(start: nil, count: 0)
      var distance = 1
      while distance < rankCount, rank & distance == 0 { distance *= 2 }
      if rank != 0 {
        exchange(
          sending: UnsafeRawBufferPointer(none), to: nil, receiving: bytes, from: rank - distance)
      }
      while distance > 1 {
        distance /= 2
        guard rank + distance < rankCount else { continue }
        exchange(
          sending: UnsafeRawBufferPointer(bytes), to: rank + distance, receiving: none, from: nil)
      }
    }
  }

  /// Every rank's number, in the order of ranks. No rank has it before all have come so far.
  ///
  /// - Throws: The first failure.
  package func gathered(_ number: UInt64) throws(RankError) -> [UInt64] {
    var numbers = [UInt64](repeating: 0, count: rankCount)
    numbers[rank] = number
    for distance in 1..<max(rankCount, 1) {
      var (own, others) = ([number], [0 as UInt64])
      let sender = (rank + rankCount - distance) % rankCount
      own.withUnsafeMutableBytes { own in
        others.withUnsafeMutableBytes { others in
          _ = exchange(
            sending: UnsafeRawBufferPointer(own), to: (rank + distance) % rankCount,
            receiving: others, from: sender)
        }
      }
      try check()
      numbers[sender] = others[0]
    }
    return numbers
  }

  // MARK: Work of one rank

  /// Tells the others that this rank does work of its own, for which they wait as long as it takes.
  package func beginWork() {
    isBusy = true
    tell(.begins)
  }

  /// Tells the others that such work has ended.
  package func endWork() {
    guard isBusy else { return }
    isBusy = false
    tell(.ends)
  }

  /// Tells the others that this rank ends with an exit code, after it has said why.
  package func tellEnd(status: Int32) {
    failure = failure ?? .ended(rank: rank, status: status)
    tell(.exits, status)
  }

  /// Waits shortly whether a rank before this one has said why all end.
  package func hearsEndBefore() -> Bool {
    let start = clock.now
    while rank > 0, clock.now - start < Self.hearing {
      hear()
      if endedRanks.contains(where: { $0 < rank }) { return true }
      ck_sleep(Self.longSleep)
    }
    return false
  }

  /// Leaves the ranks, where all do so; false where one does not, or is not heard any more.
  package func leave() -> Bool {
    switch failure {
    case nil: break
    case .ended, .differ: timeout = min(timeout, Self.parting)
    case .noMPI, .otherLauncher, .notJoined, .silent, .broken: return false
    }
    link.drop()
    (failure, isLeaving) = (nil, true)
    guard (try? gathered(0)) != nil else { return false }
    link.leave()
    return true
  }

  /// Ends every rank's process at once.
  package func abort(status: Int32) { link.abort(status: status) }

  /// The longest that a rank may take to leave once something has failed.
  private static let parting = Duration.seconds(5)
  /// The longest that a rank that ends waits for the word of another.
  private static let hearing = Duration.seconds(1)

  private enum Notice: Int64 {
    case begins = 1
    case ends, exits
  }

  private func tell(_ notice: Notice, _ status: Int32 = 0) {
    let number = notice.rawValue << 32 | Int64(UInt32(bitPattern: status))
    for other in 0..<rankCount where other != rank { link.tell(number, to: other) }
  }

  private func hear() {
    while let (rank, number) = link.hear() {
      switch Notice(rawValue: number >> 32) {
      case .begins: busy.insert(rank)
      case .ends: busy.remove(rank)
      case .exits:
        let status = Int32(truncatingIfNeeded: number)
        endedRanks.insert(rank)
        if isLeaving { break }
        failure = failure ?? .ended(rank: rank, status: status)
      case nil: break
      }
    }
  }

  // MARK: Waiting

  @discardableResult
  private func exchange(
    sending sent: UnsafeRawBufferPointer, to receiver: Int?,
    receiving received: UnsafeMutableRawBufferPointer, from sender: Int?
  ) -> Bool {
    guard failure == nil else { return false }
    let partner = sender ?? receiver ?? rank
    guard link.begin(sending: sent, to: receiver, receiving: received, from: sender) else {
      failure = .broken(rank: partner)
      return false
    }
    return wait(for: partner)
  }

  /// Looks at an exchange so often before the thread sleeps between two looks: a rank that computes
  /// the same comes at about the same time, and one that sleeps leaves its core to others.
  private static let eagerLooks = 400
  /// Looks between which the thread sleeps shortly.
  private static let soonLooks = 2_000
  private static let (shortSleep, longSleep): (UInt32, UInt32) = (20, 500)

  private func wait(for partner: Int) -> Bool {
    var start: ContinuousClock.Instant?
    var looks = 0
    while true {
      switch link.progress() {
      case .done: return true
      case .broken:
        hear()
        failure = failure ?? .broken(rank: partner)
        return false
      case .waiting: break
      }
      looks += 1
      guard looks > Self.eagerLooks else { continue }
      ck_sleep(looks < Self.soonLooks ? Self.shortSleep : Self.longSleep)
      guard looks.isMultiple(of: 16) else { continue }
      hear()
      if failure != nil { return false }
      let now = clock.now
      let since = start ?? now
      start = busy.isEmpty ? since : now
      if busy.isEmpty, now - since > timeout {
        failure = .silent(rank: partner, seconds: timeout.inSeconds)
        return false
      }
    }
  }
}
