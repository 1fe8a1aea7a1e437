import Foundation
import GANFormats

extension Checkpoint {
  /// Writes the power-function averages in it as a snapshot of a file of its own.
  ///
  /// - Throws: `FormatError` of kind `unwritable`.
  func writeAverages(to folder: RunFolder) throws {
    let prefixes = PowerAverage.keptLengths.map { "\(PowerAverage.prefix(ofLength: $0))." }
    try RunFile.write(
      .averages, tensors.filter { tensor in prefixes.contains { tensor.name.hasPrefix($0) } },
      networks: [.generator: options.network(of: .generator)], options: options, step: step,
      to: folder.averages(step: step))
  }
}

extension RunFolder {
  /// The steps of all snapshots of averages, in order.
  func averageSteps() -> [Int] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: averages)) ?? []
    return names.compactMap(Checkpoint.step(ofFileName:)).sorted()
  }

  /// Removes the snapshots of later steps than the one to resume from.
  func removeAverages(after step: Int) {
    for later in averageSteps() where later > step { unlink(averages(step: later)) }
  }

  /// Removes the snapshots that are no longer kept.
  func removeAverages(beyond retention: EvenRetention) {
    for step in retention.superfluous(among: averageSteps()) { unlink(averages(step: step)) }
  }
}
