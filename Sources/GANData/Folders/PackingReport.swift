import GANFormats

/// Facts on a folder's pictures, before they became images of one size.
package struct PackingReport: Hashable, Sendable, Codable {
  /// Pictures of each size, such as `640x480`, columns first, as they are seen.
  package private(set) var sizes: [String: Int] = [:]
  /// Pictures of each format and kind of colours, such as `PNG palette`.
  package private(set) var modes: [String: Int] = [:]
  /// Pictures that were stored turned or mirrored.
  package private(set) var turnedCount = 0
  /// Why some could not be read: a line for each, which names it.
  package private(set) var unreadable: [String] = []
  /// Why there are no labels, where there are none.
  package private(set) var unlabelled: String?

  /// Begins with no pictures.
  package init(unlabelled: String? = nil) { self.unlabelled = unlabelled }

  /// Counts a picture.
  mutating func count(_ summary: ImageFile.Summary) {
    sizes["\(summary.uprightWidth)x\(summary.uprightHeight)", default: 0] += 1
    modes["\(summary.kind.rawValue) \(summary.mode)", default: 0] += 1
    if summary.orientation != .upright { turnedCount += 1 }
  }

  /// Takes note of a file that could not be read.
  mutating func note(_ error: FormatError) { unreadable.append(error.description) }
}
