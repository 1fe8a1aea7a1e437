internal import GANGraph
internal import GANRuntime
import GANTensor

extension TrainingSession {
  /// True if the session is to end before the next step: at once where it is alone; among ranks once
  /// all have heard of it with a step, so that they end after the same one.
  package func isToStop(_ request: StopRequest) -> Bool {
    guard device.ranks != nil else { return request.isMade }
    if let stop = RankSignal(sum: signal).stop {
      request.stop(signal: stop)
      return true
    }
    ownSignal =
      RankSignal(stop: request.isMade ? request.signal ?? 0 : nil, hasChanges: announcesChanges)
      .number
    announcesChanges = false
    return false
  }

  /// True if all ranks have heard with the last step that the first one has changes.
  var hearsChanges: Bool { RankSignal(sum: signal).hasChanges }

  /// Takes over the state of the first rank, as of its present step.
  ///
  /// - Throws: `RankError`; `RuntimeError` where the first rank plays another game.
  func shareState() throws {
    guard let ranks = device.ranks else { return }
    var tensors: [String: HostTensor] = [:]
    for (name, tensor) in try programs.state.tensors() {
      let bytes = try ranks.shared(tensor.bytes)
      tensors[name] = HostTensor(
        shape: tensor.shape, elementType: tensor.elementType, bytes: bytes)
    }
    try restore(tensors)
  }

  /// Compares the states of all ranks.
  ///
  /// - Throws: `RankError.differ` where they are not the same, to the bit.
  func compareStates() throws {
    guard let ranks = device.ranks else { return }
    var digest = FNV1a()
    for (_, tensor) in try programs.state.tensors() { digest.add(tensor.bytes) }
    let digests = try ranks.gathered(digest.value)
    let counts = Dictionary(digests.map { ($0, 1) }, uniquingKeysWith: +)
    guard counts.count > 1 else { return }
    // Most are right; among equally many, those that the first rank is of.
    let most = counts.max { a, b in
      (a.value, a.key == digests[0] ? 1 : 0) < (b.value, b.key == digests[0] ? 1 : 0)
    }
    throw RankError.differ(
      ranks: digests.indices.filter { digests[$0] != most?.key }, step: step)
  }
}

/// A digest of bytes, to compare copies of the same tensors: FNV-1a over words of eight bytes.
private struct FNV1a {
  private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

  mutating func add(_ bytes: [UInt8]) {
    bytes.withUnsafeBytes { bytes in
      var position = 0
      while position + 8 <= bytes.count {
        mix(bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self))
        position += 8
      }
      while position < bytes.count {
        mix(UInt64(bytes[position]))
        position += 1
      }
    }
  }

  private mutating func mix(_ word: UInt64) { value = (value ^ word) &* 0x0000_0100_0000_01b3 }
}

/// What ranks tell each other with a step, as the sum of a number of each.
struct RankSignal {
  /// The signal that asked for an end; 0 for an end without one, nil for none.
  let stop: Int32?
  /// True if the first rank has changes of hyperparameters, which it alone may say.
  let hasChanges: Bool

  init(stop: Int32?, hasChanges: Bool) { (self.stop, self.hasChanges) = (stop, hasChanges) }

  /// The number that a rank adds: a multiple of a half, so that sums are exact.
  var number: Float {
    (stop.map { 1 + Self.unit * Float($0) } ?? 0) + (hasChanges ? Self.half : 0)
  }

  /// What a sum says. Where ranks had several signals it is one of them, or between them.
  init(sum: Float) {
    let whole = sum.rounded(.down)
    hasChanges = sum - whole == Self.half
    guard whole >= 1 else {
      stop = nil
      return
    }
    let count = whole.truncatingRemainder(dividingBy: Self.unit)
    stop = Int32(((whole - count) / Self.unit / max(count, 1)).rounded(.up))
  }

  /// More than there are ranks.
  private static let unit: Float = 4_096
  private static let half: Float = 0.5
}
