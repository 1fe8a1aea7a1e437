import Foundation

/// What the program of commit 4ddcba4 left behind, made by `Tests/Fixtures/make-fixtures`: a folder
/// with data, two finished runs of 2 epochs of 3 steps, a generator, a trace, and `networks.json`.
package enum OldFiles {
  /// Their folder, not to be changed.
  package static let folder =
    URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Fixtures/4ddcba4").path()

  /// The runs' names.
  package static let runs = ["00000-mnist-tutorial-seed0", "00001-mnist-dcgan-28-seed1"]

  /// The instruction set of the processor that computed them, which they do not say.
  package static var instructionSet: String {
    get throws {
      try String(contentsOfFile: "\(folder)/instruction-set", encoding: .utf8)
        .trimmingCharacters(in: .whitespacesAndNewlines)
    }
  }
}
