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
  /// Bytes of a checkpoint's tensors: of both networks with their moments, and of the averages.
  var checkpointBytes: Double {
    let networks = networksByRole.values.reduce(0) {
      $0 + bytes($1) + 8 * Double($1.parameterCount)
    }
    let averages = (average.isOn ? 1 : 0) + (average.postHoc ? PowerAverage.keptLengths.count : 0)
    return networks + Double(averages) * averageBytes
  }

  /// Bytes of an average of the generator.
  var averageBytes: Double { bytes(network(of: .generator)) }

  private func bytes(_ network: NetworkDescription) -> Double {
    network.buffers.reduce(4 * Double(network.parameterCount)) {
      $0 + Double($1.type.shape.elementCount * $1.type.elementType.byteCount)
    }
  }
}

/// The rule for files that tell of the whole run: all are kept, as far as there is room; where it is
/// short, every second, every fourth and so on, and the newest.
struct EvenRetention: Hashable, Sendable {
  /// Epochs, or steps, from one file to the next.
  let interval: Int
  /// The files there is room for, at least one.
  let room: Int

  /// The rule for the pictures, or points, of rounds' ends, by their epochs.
  init(picturesOf options: TrainingOptions) {
    interval = options.epochsPerRound
    let bytes = options.makesImages ? 1 : ElementType.float32.byteCount
    room = roomForKept(
      of: Double(options.previewCount) * Double(options.itemShape.elementCount * bytes), options)
  }

  /// The rule for snapshots of averages, by their steps.
  init(averagesOf options: TrainingOptions) {
    interval = options.checkpointInterval * options.epochsPerRound * options.stepsPerEpoch
    let bytes = options.averageBytes * Double(PowerAverage.keptLengths.count)
    room = min(roomForKept(of: bytes, options), Self.mostSnapshots)
  }

  /// Snapshots at most: of half as many averages of 0.01 to 0.25 are made with an error of 6 %.
  static let mostSnapshots = 128

  /// The places among `places`, epochs or steps, whose files may go.
  func superfluous(among places: [Int]) -> [Int] {
    guard let newest = places.max() else { return [] }
    let interval = thinnedInterval(interval, upTo: newest, room: room) ?? newest
    return places.filter { $0 != newest && !$0.isMultiple(of: interval) }.sorted()
  }
}

extension RunFolder {
  /// Removes the pictures, or points, of rounds' ends that are no longer kept.
  func removePreviews(areImages: Bool, beyond retention: EvenRetention) {
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
