import GANData
import GANTensor

/// Looks for generated images that are copies of training images, pixel by pixel.
///
/// Only of data so small that the search takes a small part of an epoch: of many images a generator
/// copies none within a run.
struct CopySearch {
  private let data: DataStorage
  private let count: Int
  private let size: Int
  /// The median distance of a training image from the nearest other one.
  private let usual: Double

  /// Images that are looked for.
  static let lookedFor = 16
  /// Differences of pixels that a search may take.
  static let budget = 200_000_000
  /// Elements of an image whose greatest squared distance 32 bits hold.
  private static let mostElements = 65_000

  /// Prepares a search; nil for points and for many images.
  ///
  /// - Parameter real: Training images `[N, C, H, W]`, whose own neighbours are the measure.
  init?(in dataset: any TrainingData, like real: HostTensor) {
    (count, size) = (dataset.count, dataset.itemShape.elementCount)
    guard dataset.elementType == .uint8, dataset.itemShape.rank == 3,
      real.shape[0] >= SampleMeasures.leastCount,
      size <= Self.mostElements, count <= Self.budget / Self.lookedFor / size
    else { return nil }
    data = dataset.storage
    let distances = Self.distances(
      of: real, in: dataset.storage, count: count, leavingOutEqual: true)
    guard let median = Self.median(distances), median > 0 else { return nil }
    usual = median
  }

  /// The median distance from the nearest training image over the usual one.
  func closeness(of generated: HostTensor) -> Double? {
    let distances = Self.distances(
      of: generated, in: data, count: count, leavingOutEqual: false)
    return SampleMeasures.ratio(Self.median(distances), usual)
  }

  /// The distance of each of the first images from the nearest in the data, in gray levels.
  private static func distances(
    of images: HostTensor, in data: DataStorage, count: Int, leavingOutEqual: Bool
  ) -> [Double] {
    let size = images.shape.elementCount / images.shape[0]
    let levels = images.floats.prefix(lookedFor * size).map { value in
      value > -1 ? UInt8(min(value, 1) * 127.5 + 128) : 0
    }
    return (0..<levels.count / size).map { image in
      var least = Int.max
      levels.withUnsafeBufferPointer { levels in
        for other in 0..<count {
          var sum: UInt32 = 0
          for place in 0..<size {
            let difference =
              Int32(levels[image * size + place]) - Int32(data.bytes[other * size + place])
            sum &+= UInt32(bitPattern: difference &* difference)
          }
          if sum > 0 || !leavingOutEqual { least = min(least, Int(sum)) }
        }
      }
      return least == .max ? .nan : Double(least).squareRoot()
    }
  }

  private static func median(_ values: [Double]) -> Double? {
    let sorted = values.filter(\.isFinite).sorted()
    return sorted.isEmpty ? nil : sorted[sorted.count / 2]
  }
}
