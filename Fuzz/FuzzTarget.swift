import Foundation
import GANData
import GANFormats
import GANTraining

/// A reader of bytes, as libFuzzer feeds it.
///
/// It may take an input or refuse it with an error of ours that blames the contents; anything else
/// ends the process, and libFuzzer keeps the input.
struct FuzzTarget: Sendable {
  /// Its name on the command line.
  let name: String
  /// Words that valid inputs have, for libFuzzer's dictionary.
  let words: [String]
  /// Valid inputs.
  let seeds: @Sendable () throws -> [[UInt8]]
  /// Reads an input.
  let read: @Sendable ([UInt8], FuzzFolder) throws -> Void

  init(
    _ name: String, words: [String] = [], seeds: @escaping @Sendable () throws -> [[UInt8]],
    read: @escaping @Sendable ([UInt8], FuzzFolder) throws -> Void
  ) {
    (self.name, self.words, self.seeds, self.read) = (name, words, seeds, read)
  }

  /// Every target, in the order of `gan-fuzz list`.
  static let all = tensorFiles + arrays + pictures + collections + runs + texts + serving

  /// Reads an input, and makes sure that a refusal is one.
  func judge(_ input: [UInt8]) {
    do {
      try read(input, FuzzFolder.shared)
    } catch let error as FormatError {
      precondition(error.kind != .unwritable, "\(error)")
    } catch let error where Self.isRefusal(error) {
      // Its text is made of the contents, too.
      precondition(!"\(error)".isEmpty)
    } catch {
      fatalError("\(name) throws \(type(of: error)): \(error)")
    }
  }

  private static func isRefusal(_ error: any Error) -> Bool {
    error is TrainingError || error is OptionsError || error is MixtureError
  }

  /// Writes each seed into a file of a folder, which is made.
  func writeSeeds(to folder: String) throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for (number, seed) in try seeds().enumerated() {
      try Data(seed).write(to: URL(filePath: "\(folder)/seed-\(number)"))
    }
  }

  /// A line of a dictionary.
  static func quoted(_ word: String) -> String {
    let escaped = word.utf8.map { byte -> String in
      let isPlain = (0x20..<0x7f).contains(byte) && byte != 0x22 && byte != 0x5c
      return isPlain
        ? String(UnicodeScalar(byte)) : "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }
    return "\"\(escaped.joined())\""
  }
}

/// A folder in memory for inputs whose readers want files.
///
/// `Scripts/fuzz` makes it, names it in `TMPDIR`, and removes it.
struct FuzzFolder: Sendable {
  /// The folder.
  let path: String

  /// The one of this process.
  static let shared = FuzzFolder(
    path: ProcessInfo.processInfo.environment["TMPDIR"] ?? NSTemporaryDirectory())

  /// Writes a file, and gives its path.
  func file(_ name: String, _ bytes: some Collection<UInt8>) -> String {
    let place = "\(path)/\(name)"
    let descriptor = open(place, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    let contents = [UInt8](bytes)
    let written = write(descriptor, contents, contents.count)
    precondition(written == contents.count, "cannot write \(place): error \(errno)")
    close(descriptor)
    return place
  }

  /// Makes an empty folder, and gives its path.
  func emptyFolder(_ name: String) throws -> String {
    let place = "\(path)/\(name)"
    if FileManager.default.fileExists(atPath: place) {
      try FileManager.default.removeItem(atPath: place)
    }
    try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
    return place
  }
}
