import Foundation

/// A folder of a test's own, with a training set in MNIST's files; removed with it.
package final class SmallMNIST: Sendable {
  /// The folder.
  package let path: String

  /// Images in the training set.
  package static let count = 250
  /// Rows and columns of an image.
  package static let side = 6

  /// Draws images and writes them.
  package init() throws {
    path = NSTemporaryDirectory() + "/gan-tests-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    try Self.write(toFolder: path)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Where something of that name in the folder is or would be.
  package func path(of name: String) -> String { "\(path)/\(name)" }

  /// Writes the same training set into any folder.
  package static func write(toFolder folder: String) throws {
    let extents = [count, side, side].flatMap { extent in
      withUnsafeBytes(of: UInt32(extent).bigEndian) { [UInt8]($0) }
    }
    var random = SplitMix(seed: 1)
    let pixels = (0..<count * side * side).map { _ in
      UInt8(truncatingIfNeeded: random.next() as UInt64)
    }
    try Data([0, 0, 8, 3] + extents + pixels)
      .write(to: URL(filePath: "\(folder)/train-images-idx3-ubyte"))
  }

  /// Writes labels for it into any folder, which it has none of otherwise.
  package static func writeLabels(
    toFolder folder: String, _ label: (_ image: Int) -> Int
  ) throws {
    let extent = withUnsafeBytes(of: UInt32(count).bigEndian) { [UInt8]($0) }
    try Data([0, 0, 8, 1] + extent + (0..<count).map { UInt8(label($0)) })
      .write(to: URL(filePath: "\(folder)/train-labels-idx1-ubyte"))
  }
}
