import Foundation
import GANPlots
import GANRuntime
package import GANTraining

/// The results of an experiment and how they were obtained: the contents of `report.json`.
package struct LabReport<Subject: Experiment>: Encodable, Sendable {
  /// The experiment's name.
  package let experiment: String
  /// The shape of this document; another shape has another number.
  package let formatVersion = 1
  /// The package's version.
  package let version: String
  /// The command that repeats it, as a shell takes it.
  package let command: String
  /// The processor's name.
  package let processor: String
  /// Processors this process may use.
  package let processorCount: Int
  /// Its duration by the wall clock.
  package let elapsedSeconds: Double
  /// Everything that decides the results.
  package let settings: Subject
  /// The measurements.
  package let results: Subject.Results

  private enum CodingKeys: String, CodingKey {
    case experiment, formatVersion, version, command, processor, processorCount, elapsedSeconds
    case settings, results
  }

  /// Runs an experiment.
  ///
  /// - Parameters:
  ///   - experiment: What to measure.
  ///   - command: What repeats it, as a shell takes it.
  package init(
    running experiment: Subject, command: String, on engine: Engine,
    progress: @escaping @Sendable (String) -> Void
  ) async throws {
    let clock = ContinuousClock()
    let start = clock.now
    results = try await experiment.run(on: engine, progress: progress)
    elapsedSeconds = (clock.now - start).inSeconds
    self.experiment = Subject.name
    version = Version.current
    self.command = command
    processor = Processor.name
    processorCount = CPUDevice.processorCount
    settings = experiment
  }

  /// Indented, with its keys in order.
  package var json: String {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
    }
  }

  /// The README, in Markdown.
  package var readme: String {
    let account = settings.account(of: results)
    let pictures =
      account.pictures.map { picture in
        let titles = [picture.figure.title] + picture.figure.plots.map(\.title) + [picture.name]
        return "![\(titles.first { !$0.isEmpty } ?? "")](\(picture.name).png)"
      } + account.grids.map { "\($0.title):\n\n![\($0.title)](\($0.name).png)" }
    return """
      # \(account.title)

      \(account.text)

      \(pictures.joined(separator: "\n\n"))

      ## To repeat it

      ```
      \(command)
      ```

      `report.json` has every setting and every number. This took \(fixed(elapsedSeconds, 1)) s on \
      \(processorCount) processors (\(processor)) with version \(version); the plots are there \
      as `.svg` and in dark, `-dark.png`, too.

      """
  }
}
