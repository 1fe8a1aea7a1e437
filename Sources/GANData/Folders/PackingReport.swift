import GANFormats

/// Facts on a folder's pictures, before they became images of one size.
package struct PackingReport: Hashable, Sendable {
  /// Pictures of each size, such as `480x640`, rows first, as they are seen.
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
    sizes["\(summary.uprightHeight)x\(summary.uprightWidth)", default: 0] += 1
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

extension PackingReport: Codable {
  private enum CodingKeys: String, CodingKey {
    case extents, modes, turnedCount, unreadable, foreign, unlabelled
    /// Sizes with the columns first, as version 0.1.0-dev wrote them once.
    case sizes
  }

  package init(from decoder: any Decoder) throws {
    let report = try decoder.container(keyedBy: CodingKeys.self)
    if let extents = try report.decodeIfPresent([String: Int].self, forKey: .extents) {
      sizes = extents
    } else {
      let turned = try report.decode([String: Int].self, forKey: .sizes).map { size, count in
        (size.split(separator: "x").reversed().joined(separator: "x"), count)
      }
      sizes = Dictionary(turned) { $0 + $1 }
    }
    modes = try report.decode([String: Int].self, forKey: .modes)
    turnedCount = try report.decode(Int.self, forKey: .turnedCount)
    unreadable = try report.decode([String].self, forKey: .unreadable)
    foreign = try report.decodeIfPresent([ForeignFiles].self, forKey: .foreign)
    unlabelled = try report.decodeIfPresent(String.self, forKey: .unlabelled)
  }

  package func encode(to encoder: any Encoder) throws {
    var report = encoder.container(keyedBy: CodingKeys.self)
    try report.encode(sizes, forKey: .extents)
    try report.encode(modes, forKey: .modes)
    try report.encode(turnedCount, forKey: .turnedCount)
    try report.encode(unreadable, forKey: .unreadable)
    try report.encodeIfPresent(foreign, forKey: .foreign)
    try report.encodeIfPresent(unlabelled, forKey: .unlabelled)
  }
}
