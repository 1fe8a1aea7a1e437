import Foundation
import GANGraph
import GANNetworks
import GANTensor

// How many of a run's files are kept. The rules follow from the options and the newest file alone,
// so that a run ends with the same files however often it was killed or made longer.

/// The files of a size that there is room for: at least one.
func roomForKept(of bytes: Double, _ options: TrainingOptions) -> Int {
  guard options.keptMegabytes > 0 else { return .max }
  return max(1, Int(min(Double(options.keptMegabytes) * 1e6 / max(bytes, 1), 1e9)))
}

/// The interval whose multiples are kept: the given one, doubled until those up to `last` find room;
/// nil where there is none.
///
/// Multiples of twice an interval are multiples of it: what goes is never wanted again.
func thinnedInterval(_ interval: Int, upTo last: Int, room: Int) -> Int? {
  guard room > 0 else { return nil }
  var interval = interval
  while last / interval > room { interval *= 2 }
  return interval
}

extension TrainingOptions {
  /// Bytes of a checkpoint's tensors: of both networks with their moments, and of the average.
  var checkpointBytes: Double {
    networksByRole.reduce(0) { total, entry in
      let parameters = Double(entry.value.parameterCount)
      let buffers = entry.value.buffers.reduce(0.0) {
        $0 + Double($1.type.shape.elementCount * $1.type.elementType.byteCount)
      }
      let isAveraged = average.isOn && entry.key == .generator
      return total + 4 * parameters * (isAveraged ? 4 : 3) + buffers * (isAveraged ? 2 : 1)
    }
  }
}

/// The rule for the pictures, or points, of rounds' ends to keep: all, as far as there is room; where
/// it is short, every second, every fourth and so on, and the newest.
struct PreviewRetention: Hashable, Sendable {
  let epochsPerRound: Int
  /// The pictures there is room for, at least one.
  let room: Int

  init(_ options: TrainingOptions) {
    epochsPerRound = options.epochsPerRound
    let bytes = options.makesImages ? 1 : ElementType.float32.byteCount
    room = roomForKept(
      of: Double(options.previewCount) * Double(options.itemShape.elementCount * bytes), options)
  }

  /// The epochs among `epochs` whose pictures may go.
  func superfluous(among epochs: [Int]) -> [Int] {
    guard let newest = epochs.max() else { return [] }
    let interval = thinnedInterval(epochsPerRound, upTo: newest, room: room) ?? newest
    return epochs.filter { $0 != newest && !$0.isMultiple(of: interval) }.sorted()
  }
}

extension RunFolder {
  /// Removes the pictures, or points, of rounds' ends that are no longer kept.
  func removePreviews(areImages: Bool, beyond retention: PreviewRetention) {
    let epochs = previewEpochs(areImages: areImages)
    for epoch in retention.superfluous(among: epochs) {
      unlink(fakeItems(epoch: epoch, areImages: areImages))
    }
  }

  /// The epochs with a picture, or points, in order.
  package func previewEpochs(areImages: Bool) -> [Int] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: samples)) ?? []
    return names.compactMap { Self.epoch(ofPreview: $0, areImages: areImages) }.sorted()
  }

  /// The epoch in a preview's name; nil for any other name.
  private static func epoch(ofPreview name: String, areImages: Bool) -> Int? {
    let parts = name.split(whereSeparator: { $0 == "-" || $0 == "." })
    guard parts.count == 3, let epoch = Int(parts[1]) else { return nil }
    let folder = RunFolder(path: "")
    return folder.fakeItems(epoch: epoch, areImages: areImages) == "\(folder.samples)/\(name)"
      ? epoch : nil
  }
}
