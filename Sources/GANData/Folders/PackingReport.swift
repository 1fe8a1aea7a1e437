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
  /// Pictures of formats that are known and not read; nil where there are none.
  package private(set) var foreign: [ForeignFiles]?
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
  mutating func note(_ error: FormatError) {
    guard case .foreignPicture(let format) = error.reason else {
      unreadable.append(error.description)
      return
    }
    var all = foreign ?? []
    if let known = all.firstIndex(where: { $0.format == format.rawValue }) {
      all[known].count += 1
    } else {
      all.append(ForeignFiles(format: format.rawValue, count: 1, first: error.path))
    }
    foreign = all
  }

  /// Files of one format that is not read.
  package struct ForeignFiles: Hashable, Sendable, Codable {
    /// Its name, such as `HEIC`.
    package let format: String
    /// How many they are.
    package fileprivate(set) var count: Int
    /// The first of them.
    package let first: String

    /// The count, the first file, and a way to make them readable.
    package var description: String {
      let conversion = ForeignPicture(rawValue: format).map {
        "; to convert them: \($0.conversion)"
      }
      let noun = count == 1 ? "picture, \(first)" : "pictures, the first \(first)"
      return "\(count) \(format) \(noun)\(conversion ?? "")"
    }
  }

  /// Files that are not among the images.
  package var leftOutCount: Int {
    unreadable.count + (foreign ?? []).reduce(0) { $0 + $1.count }
  }

  /// Why they are not: a line for each that could not be read, one for each format that is not read.
  package var leftOut: [String] { unreadable + (foreign ?? []).map(\.description) }
}
