import Foundation
import GANData
import GANTensor

/// What a data set holds; its JSON is what `gan data inspect --json` prints.
struct DatasetSummary: Encodable {
  /// Where it is: a folder, or `built in`.
  let place: String
  /// What it is called in options.
  let name: String
  /// Its parts, the training set first.
  let splits: [Split]

  /// One part.
  struct Split: Encodable {
    /// `train` or `test`.
    let name: String
    let imageCount: Int
    /// `[C, H, W]`.
    let imageShape: [Int]
    /// Of samples in `[0, 1]`.
    let mean: Double
    let deviation: Double
    /// Images of each label from 0; nil where there are no labels.
    let labelCounts: [Int]?
    /// Of all pixels, in hexadecimal.
    let pixelSHA256: String
  }

  /// Measures images.
  init(place: String, _ splits: [(split: ImageDataset.Split, images: ImageDataset)]) {
    self.place = place
    name = splits.first?.images.name ?? ""
    self.splits = splits.map { split, images in
      let statistics = ImageStatistics(of: images)
      return Split(
        name: split == .train ? "train" : "test", imageCount: images.count,
        imageShape: images.imageShape.dimensions, mean: statistics.mean,
        deviation: statistics.deviation, labelCounts: statistics.labelCounts,
        pixelSHA256: images.pixelDigest())
    }
  }

  /// A few lines for people.
  var text: String {
    (["\(name), \(place)"] + splits.map(\.text)).joined(separator: "\n")
  }
}

extension DatasetSummary.Split {
  fileprivate var text: String {
    let extents = imageShape.map(String.init).joined(separator: "x")
    let moments = String(format: "mean %.4f, deviation %.4f", mean, deviation)
    let lines = [
      "\(name)  \(imageCount) images of \(extents), \(moments)", "  SHA-256 \(pixelSHA256)",
    ]
    return (lines + (labelCounts.map(Self.histogram) ?? ["  no labels"])).joined(separator: "\n")
  }

  /// A bar for each label, the longest of 40 characters.
  private static func histogram(_ counts: [Int]) -> [String] {
    let most = max(counts.max() ?? 1, 1)
    let width = String(most).count
    return counts.enumerated().map { label, count in
      let number = String(count)
      let padding = String(repeating: " ", count: width - number.count)
      let bar = String(repeating: "#", count: (40 * count + most / 2) / most)
      return "  \(label < 10 ? " " : "")\(label)  \(padding)\(number)  \(bar)"
    }
  }
}
