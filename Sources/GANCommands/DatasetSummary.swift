import Foundation
import GANData
import GANTensor

/// The contents of a data set; its JSON is the output of `gan data inspect --json`.
struct DatasetSummary: Encodable {
  /// Its place: a folder, or `built in`.
  let place: String
  /// Its name in options.
  let name: String
  /// Its parts, the training set first.
  let splits: [Split]
  /// The pictures that the images were made of, if they were.
  let pictures: PackingReport?
  /// The colour behind transparent pictures: `white`, `black` or hexadecimal digits.
  let background: String?

  /// A part of the data.
  struct Split: Encodable {
    /// `train` or `test`.
    let name: String
    let imageCount: Int
    /// `[C, H, W]`.
    let imageShape: [Int]
    /// The mean of samples in `[0, 1]`.
    let mean: Double
    let deviation: Double
    /// The moments of each channel.
    let channels: [ImageStatistics.Moments]
    /// The meaning of each label, if known.
    let classNames: [String]?
    /// Images of each label from 0; nil where there are no labels.
    let labelCounts: [Int]?
    /// Classes without images, which training leaves out.
    let emptyClasses: [String]
    /// The hash of all pixels, in hexadecimal.
    let pixelSHA256: String
  }

  /// Measures images.
  init(
    place: String, _ splits: [(split: ImageDataset.Split, images: ImageDataset)],
    packed: PackedImages?
  ) {
    self.place = place
    pictures = packed?.report
    background = packed?.background?.name
    name = splits.first?.images.name ?? ""
    self.splits = splits.map { split, images in
      let statistics = ImageStatistics(of: images)
      return Split(
        name: split == .train ? "train" : "test", imageCount: images.count,
        imageShape: images.imageShape.dimensions, mean: statistics.all.mean,
        deviation: statistics.all.deviation, channels: statistics.channels,
        classNames: images.classNames, labelCounts: statistics.labelCounts,
        emptyClasses: images.emptyClasses,
        pixelSHA256: images.pixelDigest())
    }
  }

  /// A few lines for people.
  var text: String {
    let images = splits.map { $0.text(unlabelled: pictures?.unlabelled) }
    let made = pictures.map { [$0.text(on: background)] } ?? []
    return (["\(name), \(place.onOneLine)"] + images + made).joined(separator: "\n")
  }
}

extension DatasetSummary.Split {
  fileprivate func text(unlabelled reason: String?) -> String {
    let extents = Shape(imageShape).extents
    let lines = [
      "\(name)  \(imageCount) images of \(extents), \(Self.words(mean, deviation))",
      "  SHA-256 \(pixelSHA256)",
    ]
    let names = ["red", "green", "blue"]
    let moments =
      channels.count == names.count
      ? zip(names, channels).map {
        "  \($0.padded(to: 5))  "
          + Self.words($1.mean, $1.deviation)
      } : []
    let noLabels = "  no labels" + (reason.map { ": \($0)" } ?? "")
    let empty =
      emptyClasses.isEmpty
      ? []
      : [
        "  no images of \(emptyClasses.map(\.onOneLine).joined(separator: ", ")); "
          + "training leaves these out"
      ]
    return (lines + moments + (labelCounts.map(histogram) ?? [noLabels]) + empty)
      .joined(separator: "\n")
  }

  private static func words(_ mean: Double, _ deviation: Double) -> String {
    String(format: "mean %.4f, deviation %.4f", mean, deviation)
  }

  /// A bar for each label, the longest of 40 characters.
  private func histogram(_ counts: [Int]) -> [String] {
    let most = max(counts.max() ?? 1, 1)
    let width = String(most).count
    let labelWidth = max(2, String(counts.count - 1).count)
    let names = classNames?.map(\.onOneLine)
    let nameWidth = names?.map(\.columnCount).max() ?? 0
    return counts.enumerated().map { label, count in
      let number = String(count)
      let padding = String(repeating: " ", count: width - number.count)
      let bar = String(repeating: "#", count: (40 * count + most / 2) / most)
      let name = names.map { "  " + (label < $0.count ? $0[label] : "").padded(to: nameWidth) }
      let digits = String(label)
      let place = String(repeating: " ", count: labelWidth - digits.count) + digits
      return "  \(place)\(name ?? "")  \(padding)\(number)  \(bar)"
    }
  }
}

extension PackingReport {
  /// The number of sizes and modes that are listed, the most frequent first.
  private static let listedCount = 8

  fileprivate func text(on background: String?) -> String {
    let count = sizes.values.reduce(0, +)
    let turned = turnedCount > 0 ? ", \(turnedCount) turned upright" : ""
    let lines = [
      "pictures  \(count) read\(turned), \(leftOutCount) unreadable",
      "  sizes  " + Self.list(sizes) + " (rows x columns)", "  kinds  " + Self.list(modes),
    ]
    let laid = background.map { ["  transparent pixels on \($0)"] } ?? []
    let foreign = (foreign ?? []).map { "  not read: \($0.description.onOneLine)" }
    return (lines + laid + foreign + unreadable.map { "  unreadable: \($0.onOneLine)" })
      .joined(separator: "\n")
  }

  private static func list(_ counts: [String: Int]) -> String {
    let ordered = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    let rest = ordered.dropFirst(listedCount)
    let others = rest.isEmpty ? [] : ["\(rest.reduce(0) { $0 + $1.value }) of \(rest.count) others"]
    return (ordered.prefix(listedCount).map { "\($0.value) \($0.key)" } + others)
      .joined(separator: ", ")
  }
}
