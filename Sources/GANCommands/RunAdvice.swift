import Foundation
import GANFormats
import GANLearning
import GANTraining

// Commands that are advised: each can be run as it is printed.

/// The run in a folder that a flag names, or what to do about anything else.
///
/// - Throws: `CommandError`, which names the commands that take what is there.
func startedRun(at path: String, from flag: String) throws -> RunFolder {
  let run = RunFolder(path: path)
  guard !run.isRun, FileManager.default.fileExists(atPath: path) else { return run }
  func error(_ what: String, help: String?) -> CommandError {
    CommandError(.missing, "\(flag) \(path): \(what), not a run's folder", help: help)
  }
  if let around = RunFolder(around: path) {
    let advice = "to go on with its run: \(around.resumption)"
    throw error(
      isCheckpoint(path) ? "a checkpoint" : "in a run",
      help: isCheckpoint(path) ? "\(advice)\n\(startAdvice(path))" : advice)
  }
  guard isFolder(path) else {
    throw error(
      isCheckpoint(path) ? "a checkpoint" : "a file",
      help: isCheckpoint(path) ? startAdvice(path) : nil)
  }
  guard let newest = newestRun(in: path) else { return run }
  throw error(
    "a folder of runs",
    help: "for the newest in it: " + ["gan", "train", flag, newest].shellLine)
}

private func isCheckpoint(_ path: String) -> Bool {
  (try? RunFile(contentsOf: path).kind) == .checkpoint
}

private func startAdvice(_ checkpoint: String) -> String {
  "to start a new run from there: " + ["gan", "train", "--from", checkpoint].shellLine
}

/// The run with the greatest number in a folder.
func newestRun(in folder: String) -> String? {
  let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
  return names.filter { !$0.hasPrefix(".") }.sorted()
    .last { RunFolder(path: "\(folder)/\($0)").isRun }
    .map { folder == "." ? $0 : URL(filePath: folder).appending(path: $0).relativePath }
}

extension RunFolder {
  /// The command that goes on with the run.
  var resumption: String { ["gan", "train", "--resume", path].shellLine }

  /// The command that says what looks wrong with the run.
  var examinationCommand: String { ["gan", "diagnose", path].shellLine }

  /// The command that starts a run like this one with other options.
  ///
  /// - Parameter flags: Of `gan train`.
  func restart(with flags: [String]) -> String {
    (["gan", "train", "--config", options] + flags + placeFlags).shellLine
  }

  /// The flags by which a new run gets its folder beside this one.
  private var placeFlags: [String] {
    let parent = URL(filePath: path).deletingLastPathComponent().relativePath
    return parent == RunChoices().runsDir ? [] : ["--runs-dir", parent]
  }

  /// The command for a run that may do better than this one; nil where none is known, or going on may
  /// help.
  func restart(after verdict: RunExamination.Verdict, of options: TrainingOptions) -> String? {
    guard verdict.until == nil else { return nil }
    guard verdict.kind != .divergence else { return restartAfterDivergence(of: options).command }
    return verdict.advice.map { restart(with: $0) }
  }

  /// What to do where the run has diverged: to begin again with a smaller step, from its newest
  /// checkpoint if it has one.
  func adviceAfterDivergence(of options: TrainingOptions) -> String {
    let (isFromCheckpoint, command) = restartAfterDivergence(of: options)
    return
      (isFromCheckpoint
      ? "to start a new run from its last checkpoint, with smaller steps: "
      : "to start again with smaller steps: ") + command
  }

  private func restartAfterDivergence(
    of options: TrainingOptions
  ) -> (isFromCheckpoint: Bool, command: String) {
    let isFromCheckpoint = ((try? latestCheckpoint()) ?? nil) != nil
    let source = isFromCheckpoint ? ["--from", path] : ["--config", self.options]
    let changed = options.changed(by: (try? readChanges(of: options)) ?? [])
    let command = ["gan", "train"] + source + Self.smallerSteps(changed) + placeFlags
    return (isFromCheckpoint, command.shellLine)
  }

  /// Flags for a tenth of the learning rates, or the recipe's if those are smaller still.
  private static func smallerSteps(_ options: TrainingOptions) -> [String] {
    let usual = (try? Recipe.named(options.recipe))?.options.optimizer
    func smaller(_ rate: ScheduledValue, _ usual: ScheduledValue?) -> Double {
      let tenth = rate.start / 10
      // As few digits as tell it from others.
      let short = Double(String(format: "%.3g", tenth)) ?? tenth
      return usual.map { $0.start < rate.start ? min($0.start, short) : short } ?? short
    }
    let rates = (
      smaller(options.optimizer.generator.learningRate, usual?.generator.learningRate),
      smaller(options.optimizer.discriminator.learningRate, usual?.discriminator.learningRate)
    )
    guard rates.0 != rates.1 else { return ["--learning-rate", "\(rates.0)"] }
    return [
      "--set", "optimizer.generator.learningRate=\(rates.0)",
      "--set", "optimizer.discriminator.learningRate=\(rates.1)",
    ]
  }
}

extension RunSummary {
  /// The command for another run, where this is one that looks wrong and more steps would not help.
  var restart: String? {
    get throws {
      guard kind == "run", progress != nil else { return nil }
      let folder = RunFolder(path: path)
      return try RunExamination(of: folder).verdicts.first.flatMap {
        folder.restart(after: $0, of: options)
      }
    }
  }
}

extension StartedRun {
  /// The command that starts a new run from this one with what was asked for; nil where no run of
  /// its recipe could.
  func startOfAnother(_ settings: OptionSettings) -> String? {
    guard checkpoint != nil, settings.choices.recipe == options.recipe else { return nil }
    var flags: [String] = []
    for (path, flag) in [
      ("dataset", "--dataset"), ("dataDir", "--data-dir"), ("imageSize", "--image-size"),
      ("device", "--device"), ("runsDir", "--runs-dir"),
    ] where settings.isExplicit(path) {
      flags += [flag, settings.rows.first { $0.path == path }?.value ?? ""]
    }
    for key in OptionKey.all where settings.isExplicit(key.path) {
      let value = key.text(of: settings.options)
      if value != key.text(of: options) { flags += ["--set", "\(key.path)=\(value)"] }
    }
    return (["gan", "train", "--from", folder.path] + flags).shellLine
  }
}
