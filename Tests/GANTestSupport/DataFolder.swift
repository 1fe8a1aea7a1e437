import Foundation

/// A folder of a test's own with data files in it, removed with it.
package final class DataFolder: Sendable {
  /// The folder.
  package let path: String

  /// Makes an empty one.
  package init() throws {
    path = NSTemporaryDirectory() + "/gan-tests-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes an IDX file of bytes, all of them `value`.
  package func writeIDX(_ name: String, dimensions: [Int], value: UInt8) throws {
    let elements = [UInt8](repeating: value, count: dimensions.reduce(1, *))
    try writeIDX(name, dimensions: dimensions, elements)
  }

  /// Writes an IDX file of bytes, row-major.
  package func writeIDX(_ name: String, dimensions: [Int], _ elements: [UInt8]) throws {
    let extents = dimensions.flatMap { extent in
      withUnsafeBytes(of: UInt32(extent).bigEndian) { [UInt8]($0) }
    }
    try write(name, [0, 0, 8, UInt8(dimensions.count)] + extents + elements)
  }

  /// Writes a file, and the folders that it is in.
  package func write(_ name: String, _ bytes: [UInt8]) throws {
    let url = URL(fileURLWithPath: "\(path)/\(name)")
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: url)
  }
}
