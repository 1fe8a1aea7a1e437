import Foundation
package import GANData
import GANFormats
package import GANRuntime
import GANTensor

/// What the ranks of one machine must know of images to have them in memory once.
package struct SharedImages: Codable, Hashable, Sendable {
  private let name: String
  private let imageShape: [Int]
  private let imageCount: Int
  private let isLabelled: Bool
  private let classNames: [String]?

  /// Describes images that are in memory; nil for points, which are few, and for what is in a file that
  /// each rank maps.
  package init?(_ data: any TrainingData) {
    guard let images = data as? ImageDataset, !images.storage.isMapped else { return nil }
    (name, imageShape, imageCount) = (images.name, images.imageShape.dimensions, images.count)
    (isLabelled, classNames) = (images.labels != nil, images.classNames)
  }

  /// The images in a file that a rank of this machine has lent; nil where there is none.
  fileprivate func images(lentAt path: String) -> ImageDataset? {
    guard let file = try? ImageLoan.open(path) else { return nil }
    let byteCount = imageShape.reduce(imageCount, *)
    guard file.bytes.count == byteCount + (isLabelled ? imageCount : 0) else { return nil }
    return ImageDataset(
      name: name, imageShape: Shape(imageShape), storage: DataStorage(file, 0..<byteCount),
      labels: isLabelled ? [UInt8](file.bytes[byteCount...]) : nil, classNames: classNames)
  }
}

/// A temporary file of images, then their labels, which is removed with its value, its identity.
private final class ImageLoan {
  /// The number that the other ranks find it by, never 0.
  let number = UInt64.random(in: 1 ... .max)
  /// The same images, in the file.
  let images: ImageDataset
  private let path: String

  /// Writes the file.
  ///
  /// - Throws: `FormatError`, where there is no room.
  init(of images: ImageDataset, in folder: String) throws(FormatError) {
    let path = Self.path(of: number, in: folder)
    try AtomicFile.write(to: path) { output throws(FormatError) in
      try output.append(images.storage.array)
      if let labels = images.labels { try output.append(labels) }
    }
    self.path = path
    let file = try Self.open(path)
    self.images = images.stored(in: DataStorage(file, 0..<images.storage.bytes.count))
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  static func path(of number: UInt64, in folder: String) -> String {
    "\(folder)/gan-images-\(String(number, radix: 36))"
  }

  static func open(_ path: String) throws(FormatError) -> MappedFile {
    try InputFile(path: path).mapped()
  }
}

extension Ranks {
  /// The data of a run, in memory that the ranks of a machine share.
  ///
  /// The first rank of each machine loads them, and lends them to the others in a file that each maps and
  /// that is gone once all have. A rank loads them itself where it finds no such file: its launcher does not
  /// say who is where, or there was no room. All ranks call this together.
  ///
  /// - Parameters:
  ///   - images: The first rank's description; nil where each loads the data.
  ///   - folder: A folder for temporary files.
  ///   - find: Loads the data.
  /// - Throws: What `find` throws; `RankError`.
  package func load(
    sharing images: SharedImages?, as launch: RankLaunch, in folder: String,
    _ find: () throws -> any TrainingData
  ) throws -> any TrainingData {
    beginWork()
    let borrows = images != nil && launch.localRank ?? 0 > 0
    var data = borrows ? nil : try find()
    var loan: ImageLoan?
    if images != nil, launch.localRank == 0, launch.localCount ?? 1 > 1,
      let own = data as? ImageDataset
    {
      loan = try? ImageLoan(of: own, in: folder)
      data = loan?.images ?? own
    }
    endWork()
    let loans = try gathered(loan?.number ?? 0)
    beginWork()
    if borrows {
      data =
        loans.lazy.filter { $0 != 0 }.compactMap {
          images?.images(lentAt: ImageLoan.path(of: $0, in: folder))
        }.first
    }
    let found = try data ?? find()
    endWork()
    // Nobody looks for a file after this.
    _ = try gathered(0)
    withExtendedLifetime(loan) {}
    return found
  }
}
