import Foundation
package import GANFormats

/// A new folder that gets the next free number of those in another: `00007-…`.
///
/// Until it is `finished` it has a temporary name, which reserves the number: another process that
/// makes one at the same time, here or on a machine that shares the disk, gets another number. A
/// kill can leave it so; the next one made a day later removes it.
package struct NumberedFolder: Hashable, Sendable {
  /// Its path until it is finished.
  package let path: String

  private let parent: String
  private let number: Int

  /// Makes an empty folder.
  ///
  /// - Parameter parent: The folder it lies in, made if it is missing.
  /// - Throws: `FormatError` of kind `unwritable`.
  package init(in parent: String) throws(FormatError) {
    try makeFolder(parent)
    try Self.removeLeftovers(in: parent)
    self.parent = parent
    (number, path) = try Self.takeNumber(in: parent)
  }

  /// Gives it its name: its number and `suffix`.
  ///
  /// - Returns: Its path from now on.
  /// - Throws: `FormatError` of kind `unwritable`.
  package func finish(as suffix: String) throws(FormatError) -> String {
    let named = "\(parent)/\(Self.padded(number))-\(suffix)"
    guard rename(path, named) == 0 else { throw FormatError(named, .unwritable(code: errno)) }
    try AtomicFile.syncFolder(of: named, for: named)
    return named
  }

  /// Removes it with its contents.
  package func discard() { try? FileManager.default.removeItem(atPath: path) }

  private static func takeNumber(
    in parent: String
  ) throws(FormatError) -> (number: Int, path: String) {
    while true {
      let taken = try numbers(in: parent) + heldNumbers(in: parent)
      let number = (taken.max() ?? -1) + 1
      let path = "\(parent)/\(AtomicFile.temporaryPrefix)\(padded(number))"
      if mkdir(path, 0o777) != 0 {
        // Another process took the number since the names were read.
        guard errno == EEXIST else { throw FormatError(path, .unwritable(code: errno)) }
      } else if try numbers(in: parent).contains(number) {
        // Another process took it and has finished.
        rmdir(path)
      } else {
        return (number, path)
      }
    }
  }

  /// The numbers of finished folders; a longer one, such as a date with a time, is not ours.
  private static func numbers(in parent: String) throws(FormatError) -> [Int] {
    try names(in: parent).filter { $0.contains("-") }.compactMap { name in
      Int32(name.prefix { $0.isASCII && $0.isNumber }).map(Int.init)
    }
  }

  /// The numbers of folders being made.
  private static func heldNumbers(in parent: String) throws(FormatError) -> [Int] {
    try unfinishedNames(in: parent).compactMap {
      Int($0.dropFirst(AtomicFile.temporaryPrefix.count))
    }
  }

  /// Removes leftovers of kills, a day old: to make a folder takes moments.
  private static func removeLeftovers(in parent: String) throws(FormatError) {
    for name in try unfinishedNames(in: parent) {
      let path = "\(parent)/\(name)"
      let attributes = try? FileManager.default.attributesOfItem(atPath: path)
      guard attributes?[.type] as? FileAttributeType == .typeDirectory,
        let modified = attributes?[.modificationDate] as? Date,
        modified < Date(timeIntervalSinceNow: -24 * 60 * 60)
      else { continue }
      try? FileManager.default.removeItem(atPath: path)
    }
  }

  private static func unfinishedNames(in parent: String) throws(FormatError) -> [String] {
    try names(in: parent).filter { $0.hasPrefix(AtomicFile.temporaryPrefix) }
  }

  private static func names(in parent: String) throws(FormatError) -> [String] {
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: parent) else {
      // The folder exists, so the right to read it is missing.
      throw FormatError(parent, .unwritable(code: EACCES))
    }
    return names
  }

  private static func padded(_ number: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, 5 - digits.count)) + digits
  }
}
