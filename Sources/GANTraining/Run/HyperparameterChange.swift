import Foundation
import GANFormats

/// A change of a hyperparameter while a run goes on: a line of `changes.jsonl`.
package struct HyperparameterChange: Hashable, Sendable {
  /// The first step, from 1, that is made with the new value.
  package let step: Int
  /// The option's path, such as `optimizer.generator.learningRate`.
  package let name: String
  /// The value that the step would have been made with.
  package let from: Double
  /// The value from that step on; nil for what the options say again.
  package let to: Double?

  /// Describes a change.
  package init(step: Int, name: String, from: Double, to: Double?) {
    (self.step, self.name, self.from, self.to) = (step, name, from, to)
  }
}

extension HyperparameterChange: Codable {
  private enum CodingKeys: CodingKey { case step, name, from, to }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    step = try container.decode(Int.self, forKey: .step)
    name = try container.decode(String.self, forKey: .name)
    from = try container.decode(Double.self, forKey: .from)
    // Null is a value here; a line without the key is damaged.
    to = try container.decode(Double?.self, forKey: .to)
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(step, forKey: .step)
    try container.encode(name, forKey: .name)
    try container.encode(from, forKey: .from)
    try container.encode(to, forKey: .to)
  }
}

extension HyperparameterChange: CustomStringConvertible {
  /// `optimizer.generator.learningRate 0.0002 -> 0.0001 from step 301`.
  package var description: String {
    "\(name) \(from) -> \(to.map { "\($0)" } ?? "as in the options") from step \(step)"
  }
}

extension RunFolder {
  /// The changes of hyperparameters while the run went on.
  package var changes: String { "\(path)/changes.jsonl" }

  /// Reads the changes, in the order of their steps.
  ///
  /// A line that a kill cut is none: a change holds only once its line is whole.
  ///
  /// - Parameter options: The run's.
  /// - Throws: `FormatError`; `TrainingError.foreign` where a line is damaged.
  package func readChanges(of options: TrainingOptions) throws -> [HyperparameterChange] {
    let changeable = options.changeable
    var last = 1
    return try changeLines().lines.enumerated().map { number, bytes in
      func damaged(_ reason: String) -> TrainingError {
        .foreign(path: changes, reason: "line \(number + 1) \(reason)")
      }
      guard let line = try? JSONDecoder().decode(HyperparameterChange.self, from: Data(bytes))
      else { throw damaged("is not a change of a hyperparameter in JSON") }
      guard let key = changeable.first(where: { $0.path == line.name }) else {
        throw damaged("changes \(line.name), which this run does not have or cannot change")
      }
      do throws(OptionsError) {
        for value in [line.from, line.to].compactMap(\.self) {
          _ = try key.number(.number(value))
        }
      } catch {
        throw damaged("has a value that cannot be: \(error)")
      }
      guard line.step >= last else {
        throw damaged("is of step \(line.step), after \(last)")
      }
      last = line.step
      return line
    }
  }

  /// Leaves whole lines alone in the file of changes, for others to be added.
  ///
  /// - Throws: `FormatError`.
  func removeCutChange() throws {
    let (lines, isCut) = try changeLines()
    guard isCut else { return }
    try AtomicFile.write(lines.flatMap { $0 + [UInt8(ascii: "\n")] }, to: changes)
  }

  /// Adds a change, and waits until it is on the disk.
  ///
  /// - Throws: `FormatError` of kind `unwritable`.
  func append(_ change: HyperparameterChange) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let file = try LineFile(changes)
    try file.append(String(decoding: try encoder.encode(change), as: UTF8.self))
    try file.sync()
    try AtomicFile.syncFolder(of: changes, for: changes)
  }

  /// The whole lines, and whether another one was cut.
  private func changeLines() throws -> (lines: [ArraySlice<UInt8>], isCut: Bool) {
    let file: InputFile
    do throws(FormatError) {
      file = try InputFile(path: changes)
    } catch {
      guard error.reason == .notFound else { throw error }
      return ([], false)
    }
    let lines = try file.bytes(upTo: file.byteCount)
      .split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    return (Array(lines.dropLast()), lines.last?.isEmpty == false)
  }
}
