import Foundation
import GANFormats

/// What two runs with the same options have in common: the contract's files, bytes for bytes, and
/// the statistics but for what a clock decides.
struct RunContents: Equatable {
  private var files: [String: Data] = [:]
  private var statistics: [String] = []

  /// Files of a run that say when and where it ran.
  private static let incidental: Set = ["environment.json", "log.txt", "stats.jsonl"]

  /// Reads a run's folder, what a kill left in it included.
  init(of run: String) throws {
    let names = FileManager.default.enumerator(atPath: run)?.allObjects as? [String] ?? []
    for name in names where !Self.incidental.contains(name) {
      let path = "\(run)/\(name)"
      if !isFolder(path) { files[name] = try Data(contentsOf: URL(filePath: path)) }
    }
    statistics = try String(contentsOfFile: "\(run)/stats.jsonl", encoding: .utf8)
      .split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(Self.timeless)
  }

  /// A line of statistics without what a clock decides, its keys in order.
  static func timeless(_ line: Substring) throws -> String {
    let value = try JSONSerialization.jsonObject(with: Data(line.utf8))
    let object = value as? [String: Any] ?? [:]
    let timeless = object.filter {
      !$0.key.hasSuffix("Seconds") && !$0.key.hasSuffix("PerSecond")
    }
    return String(
      decoding: try JSONSerialization.data(withJSONObject: timeless, options: .sortedKeys),
      as: UTF8.self)
  }

  /// The names of what is not the same in two runs.
  func differences(from other: RunContents) -> [String] {
    let names = Set(files.keys).union(other.files.keys).sorted()
    return names.filter { files[$0] != other.files[$0] }
      + (statistics == other.statistics ? [] : ["stats.jsonl"])
  }

  /// The names of the files.
  var names: [String] { files.keys.sorted() }
}
