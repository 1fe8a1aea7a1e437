import Foundation
import GANData
import GANEvaluation
import GANFormats
import GANServing
import GANTensor
import GANTraining
import Synchronization

/// An image of a generator beside the training images nearest to it.
struct ImageNeighbours: Encodable, Sendable {
  /// Both, in a row, as a PNG in base64.
  let picture: String
  /// The training images' indices, the nearest first.
  let indices: [Int]
  /// Their distances: roots of the mean squared difference of pixels in [-1, 1].
  let distances: [Double]
  /// Training images that were searched.
  let searched: Int
  /// What is usual.
  let usual: UsualDistances
}

/// How far images that no generator made are from their nearest training image: nearer ones are copies.
struct UsualDistances: Encodable, Sendable {
  /// True for test images; false, where there are none, for training images and their nearest other one.
  let areTestImages: Bool
  /// Images that were looked at.
  let count: Int
  let median, least: Double
}

/// Searches the training images of runs for those that are nearest to a generated one.
///
/// Its identity is what it remembers: how far other images are. The images themselves are read for every
/// search and searched some at a time, on the asker's thread, one search after another; nothing of them
/// stays in memory.
final class TrainingNeighbours: Sendable {
  /// Nearest images that are shown.
  private static let shown = 8
  /// Images whose distances say what is usual.
  private static let usualCount = 200
  /// Pixels above which a search is left to `gan neighbours`.
  private static let pixelLimit = 1_000_000_000

  /// By the digests of training images.
  private let known = Mutex<[String: UsualDistances]>([:])

  /// An image of a run's generator with its neighbours.
  ///
  /// - Parameter image: `[1, C, H, W]` in [-1, 1].
  /// - Throws: `Refusal` 404 where the training images are not to be had, 413 where they are too many.
  func neighbours(of image: HostTensor, _ record: RunRecord) throws -> ImageNeighbours {
    try known.withLock { known in
      let (source, found, digest) = try Self.find(record)
      let data = found.data
      let search = PixelSearch(data, threads: 1)
      let matches = try search.nearest(to: image, count: min(Self.shown, data.count))[0]
      let usual =
        try known[digest] ?? Self.usual(source.testImages(besides: found), data, search)
      known[digest] = usual
      let near = data.items(matches.map { Int32($0.index) })
      let shape = Shape([1 + matches.count] + data.itemShape.dimensions)
      let row = HostTensor(shape: shape, image.floats + near.floats)
      let picture = ImageGrid(perRow: 1 + matches.count).picture(of: row)
      return ImageNeighbours(
        picture: Data(try PNG.encodedOverview(picture)).base64EncodedString(),
        indices: matches.map(\.index), distances: matches.map(\.distance), searched: data.count,
        usual: usual)
    }
  }

  /// The images that the run was trained on, as they are on this machine, with their digest.
  private static func find(
    _ record: RunRecord
  ) throws -> (source: DataSource, found: FoundData, digest: String) {
    do {
      let environment = try record.folder.readEnvironment()
      let source = try OptionSettings(
        resuming: record.folder, startedWith: record.options(), dataDir: environment.dataDir, []
      ).dataSource(cache: DataCache.ofUser, usesNetwork: false)
      let found = try source.find()
      guard found.data.count > 1, found.data.digest() == environment.dataSHA256 else {
        throw Refusal(404, "\(found) are not the images that this run was trained on.")
      }
      let (count, size) = (found.data.count, found.data.itemShape.elementCount)
      guard count <= Self.pixelLimit / size else {
        throw Refusal(
          413,
          "\(count) images are too many for a page: gan neighbours \(record.name) searches them.")
      }
      return (source, found, environment.dataSHA256)
    } catch let error as DataError {
      throw Refusal(404, "The training images are not to be had: \(error).")
    } catch let error as FormatError {
      throw Refusal(404, "The training images are not to be had: \(error).")
    }
  }

  private static func usual(
    _ test: ImageDataset?, _ data: any TrainingData, _ search: PixelSearch
  ) throws -> UsualDistances {
    let test = test.flatMap { $0.count > 0 ? $0 : nil }
    let items = NearestImages.floorItems(of: test?.count ?? data.count, atMost: usualCount)
    let sorted =
      if let test {
        try search.nearest(to: test.items(items.map { Int32($0) }), count: 1)
          .map { $0[0].distance }.sorted()
      } else {
        try search.distancesToOthers(of: items).sorted()
      }
    return UsualDistances(
      areTestImages: test != nil, count: sorted.count,
      median: sorted[sorted.count / 2], least: sorted[0])
  }
}
