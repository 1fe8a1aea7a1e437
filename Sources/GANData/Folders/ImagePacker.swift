import Foundation
package import GANFormats
import GANTensor

/// Makes a packed file of a folder of pictures.
package struct ImagePacker: Sendable {
  /// The most classes that labels, which are bytes, can tell apart.
  package static let classLimit = 256

  /// The pictures.
  package let folder: ImageFolder
  /// The images' name in options and reports.
  package let name: String
  /// The way each becomes an image.
  package let framing: ImageFraming
  /// True where an unreadable picture stops it all, instead of being left out.
  package let refusesUnreadable: Bool
  /// Why the images get no labels; nil where they get them.
  private let unlabelled: String?

  /// Prepares to pack.
  package init(
    _ folder: ImageFolder, named name: String, framing: ImageFraming,
    refusesUnreadable: Bool = false
  ) {
    (self.folder, self.name, self.framing) = (folder, name, framing)
    self.refusesUnreadable = refusesUnreadable
    unlabelled = folder.obstacleToLabels
  }

  /// Decodes every picture and writes the images, whole or not at all.
  ///
  /// The same folder, name and framing give the same bytes.
  ///
  /// - Parameters:
  ///   - path: Where to.
  ///   - progress: Hears how many files are done.
  /// - Throws: `FormatError`: `unwritable`; for the first picture that cannot be read, where that
  ///   is refused; `noneReadable`, which names them all.
  /// - Complexity: Memory for one picture, as `ImageFile.read` says, and 4 MiB.
  package func pack(into path: String, progress: (Int) -> Void = { _ in }) throws(FormatError) {
    if refusesUnreadable, let first = folder.unreadable.first { throw first }
    let bounds = descriptions(imageCount: folder.files.count, reportByteCount: 1 << 40)
    try SafetensorsFile.write(to: path, metadata: metadata, atMost: bounds) {
      output throws(FormatError) in
      var report = PackingReport(unlabelled: unlabelled)
      for error in folder.unreadable { report.note(error) }
      let labels = try append(to: output, &report, progress)
      guard !labels.isEmpty else {
        throw FormatError(
          folder.path, .noneReadable(report.leftOut, count: report.leftOutCount))
      }
      if hasLabels { try output.append(labels) }
      let json = report.json
      try output.append(json)
      return descriptions(imageCount: labels.count, reportByteCount: json.count)
    }
  }

  /// True where images have classes that can be numbered.
  private var hasLabels: Bool { unlabelled == nil }

  private var metadata: [String: String] {
    var strings = [
      PackedImages.Key.kind: PackedImages.kind, PackedImages.Key.name: name,
      PackedImages.Key.source: folder.digest,
      PackedImages.Key.background: framing.background.hexadecimal,
    ]
    if hasLabels, let names = folder.classNames, let json = try? JSONEncoder().encode(names) {
      strings[PackedImages.Key.classes] = String(decoding: json, as: UTF8.self)
    }
    return strings
  }

  private func descriptions(
    imageCount: Int, reportByteCount: Int
  ) -> [SafetensorsFile.Description] {
    let images = Shape([imageCount] + framing.imageShape.dimensions)
    let labels: [SafetensorsFile.Description] =
      hasLabels ? [(PackedImages.TensorName.labels, .uint8, [imageCount])] : []
    return [(PackedImages.TensorName.images, .uint8, images)] + labels
      + [(PackedImages.TensorName.report, .uint8, [reportByteCount])]
  }

  /// Appends the images, and returns a label for each, 0 where there are no classes.
  private func append(
    to output: borrowing OutputFile, _ report: inout PackingReport, _ progress: (Int) -> Void
  ) throws(FormatError) -> [UInt8] {
    var labels: [UInt8] = []
    var images: [UInt8] = []
    for (index, file) in folder.files.enumerated() {
      do throws(FormatError) {
        let (summary, picture) = try ImageFile.read(folder.path(of: file))
        images += framing.image(of: picture)
        report.count(summary)
        labels.append(hasLabels ? UInt8(file.label ?? 0) : 0)
      } catch {
        guard !refusesUnreadable else { throw error }
        report.note(FormatError(file.path, error.reason))
      }
      if images.count >= Self.pieceByteCount {
        try output.append(images)
        images.removeAll(keepingCapacity: true)
      }
      progress(index + 1)
    }
    try output.append(images)
    return labels
  }

  /// Images are written so many bytes at once.
  private static let pieceByteCount = 1 << 20
}

extension ImageFolder {
  /// Why its pictures cannot have labels, where they cannot.
  fileprivate var obstacleToLabels: String? {
    guard let classNames else {
      return "\(strays.count) of \(files.count) pictures outside of class folders, the first "
        + (strays.first?.path ?? "")
    }
    guard classNames.count > ImagePacker.classLimit else { return nil }
    return "\(classNames.count) class folders are more than \(ImagePacker.classLimit)"
  }
}

extension PackingReport {
  /// One line with its keys in order.
  fileprivate var json: [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // Strings and whole numbers always have a form in JSON.
    return (try? encoder.encode(self)).map { [UInt8]($0) } ?? []
  }
}
