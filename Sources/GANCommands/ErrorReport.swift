import ArgumentParser
import Foundation
import GANData
import GANEvaluation
import GANExport
import GANFormats
import GANLab
import GANPlots
import GANRuntime
import GANStatistics
import GANTraining

/// Flags or arguments that a command cannot use, or a file or name it cannot find.
struct CommandError: Error {
  let message: String
  /// Advice, line by line; a command in it ends its line, and can be run as it is.
  let help: String?
  /// What else was seen, for whoever looks closer: printed last.
  let notes: [String]
  let status: Status

  init(_ status: Status, _ message: String, help: String? = nil, notes: [String] = []) {
    self.message = message
    self.help = help
    self.notes = notes
    self.status = status
  }
}

/// Exit codes, after BSD's `sysexits.h`; a signal's is 128 more than its number.
enum Status: Int32 {
  case failed = 1
  case usage = 64
  case badFile = 65
  case missing = 66
  case unavailable = 69
  case bug = 70
  case cannotWrite = 73
  case diverged = 75
  case badOptions = 78
}

/// The exit code that `report` returns for an error.
func exitStatus(of error: any Error) -> Int32 {
  if let error = error as? Interrupted { return 128 + error.signal }
  if let error = error as? ExitCode { return error.rawValue }
  return description(of: error)?.status.rawValue ?? GAN.exitCode(for: error).rawValue
}

/// Prints the error, or the help that was asked for, and returns the exit code.
func report(_ error: any Error) -> Int32 {
  // The console has printed an interruption, and a bare exit code needs no words.
  if error is Interrupted || error is ExitCode { return exitStatus(of: error) }
  guard let known = description(of: error) else { return reportParsing(error) }
  Console.writeToStandardError("error: \(known.message.onOneLine)")
  for line in (known.help ?? "").split(separator: "\n") {
    Console.writeToStandardError("  = help: \(line)")
  }
  for note in known.notes { Console.writeToStandardError("  = note: \(note.onOneLine)") }
  return known.status.rawValue
}

/// The meaning of each kind of error to the user: the one place that chooses exit codes.
func description(of error: any Error) -> CommandError? {
  switch error {
  case let error as CommandError:
    error
  case let error as OptionsError:
    CommandError(error.status, error.description, help: error.familiarHelp ?? error.help)
  case let error as FormatError:
    CommandError(
      error.kind.status, error.description,
      help: error.reason == .notFound ? adviceOnAbsent(error.path) : nil)
  case let error as DataError:
    CommandError(error)
  case let error as MixtureError:
    CommandError(error.status, error.description)
  case let error as SpecificationError:
    CommandError(error.isOfFile ? .badFile : .usage, error.description)
  case let error as EvaluationError:
    CommandError(.usage, error.description)
  case let error as FeatureError:
    CommandError(error.status, error.description)
  case let error as PlotError:
    CommandError(.unavailable, error.description)
  case TrainingError.notRun(let path, _) where !FileManager.default.fileExists(atPath: path):
    description(of: FormatError(path, .notFound))
  case let error as AverageError:
    CommandError(.missing, error.description, help: error.help)
  case let error as TrainingError:
    CommandError(error.status, error.description, help: error.help)
  case let error as ExportError:
    CommandError(error.status, error.description)
  case let error as FetchError:
    CommandError(error.status, error.summary, help: error.help, notes: error.details)
  case let error as RankError:
    CommandError(error.status, error.description, help: error.help)
  case let error as RuntimeError:
    CommandError(error.status, error.description, help: error.help)
  case is CancellationError:
    CommandError(.failed, "cancelled")
  default:
    nil
  }
}

/// Errors of the argument parser, whose "errors" include `--help` and `--version`; and the rest.
private func reportParsing(_ error: any Error) -> Int32 {
  let message = GAN.fullMessage(for: error)
  let code = GAN.exitCode(for: error).rawValue
  guard code != 0 else {
    print(message)
    return code
  }
  let prefix = "Error: "
  let text = message.hasPrefix(prefix) ? String(message.dropFirst(prefix.count)) : message
  var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  if let first = lines.first, let help = familiarName(in: first, text) {
    // The parser's own guess is by letters alone.
    lines[0] = first.replacing(/\. Did you mean .*$/, with: "")
    lines.insert("  = help: \(help)", at: 1)
  } else if let (help, place) = nearestValue(in: lines) {
    lines.insert("  = help: \(help)", at: place)
  }
  Console.writeToStandardError("error: \(lines.joined(separator: "\n"))")
  return code
}

/// The value that was probably meant in place of one that a flag does not have, and the line after those
/// that say which there are.
private func nearestValue(in lines: [String]) -> (help: String, place: Int)? {
  guard
    let match = lines.first?.firstMatch(
      of: /The value '([^']*)' is invalid for .*Please provide one of (.*)$/)
  else { return nil }
  let bullets = lines.dropFirst().prefix { $0.hasPrefix("  - ") }.map { String($0.dropFirst(4)) }
  let names =
    bullets.isEmpty ? match.2.matches(of: /'([^']*)'/).map { String($0.1) } : bullets
  let wanted = match.1.split(separator: ",").map(String.init)
  guard let value = wanted.first(where: { !names.contains($0) }),
    let meant = FamiliarNames.values[FamiliarNames.plain(value)]
      ?? nearestName(to: value, among: names),
    names.contains(meant)
  else { return nil }
  return ("did you mean \(meant)?", 1 + bullets.count)
}

/// What to write in place of a flag or a command that other programs have.
private func familiarName(in line: String, _ message: String) -> String? {
  if let match = line.firstMatch(of: /Unknown option '(-[^']*)'/) {
    return FamiliarNames.flags[FamiliarNames.plain(String(match.1))].map { "did you mean \($0)?" }
  }
  guard let parent = message.firstMatch(of: /Usage: gan (?:([a-z]+) )?<subcommand>/),
    let match = line.firstMatch(of: /nexpected arguments?: '([^']*)'|nexpected argument '([^']*)'/),
    let name = match.1 ?? match.2
  else { return nil }
  if parent.1 == nil, let familiar = FamiliarNames.commands[FamiliarNames.plain(String(name))] {
    return familiar
  }
  let commands = GAN.configuration.subcommands
  let group = parent.1.flatMap { word in commands.first { $0._commandName == word } }
  let names = (group?.configuration.subcommands ?? commands).map { $0._commandName } + ["help"]
  let path = ["gan", parent.1.map(String.init)].compactMap(\.self).joined(separator: " ")
  return nearestName(to: String(name), among: names).map { "did you mean \(path) \($0)?" }
}

extension OptionsError {
  /// Advice where other programs call an option so.
  fileprivate var familiarHelp: String? {
    if case .unfit("objective", let value, _, _) = self {
      return FamiliarNames.values[FamiliarNames.plain(value)].map { "did you mean \($0)?" }
    }
    guard case .unknown(let key, let nearest, let origin) = self else { return nil }
    var (name, isVariable) = (key, false)
    if case .environment? = origin {
      // Short names are near to many others there.
      (name, isVariable) = (String(key.trimmingPrefix("GAN_SET_")), true)
    } else if nearest != nil {
      return nil
    }
    return FamiliarNames.options[FamiliarNames.plain(name)].map {
      let familiar = isVariable ? OptionAssignment.environmentName(of: $0) : $0
      return "did you mean \(familiar)? gan train --dry-run prints every option"
    }
  }

  fileprivate var status: Status {
    switch self {
    case .contradiction, .unfitImages, .notConfiguration: .badOptions
    case .unknown, .unfit, .unfitElement, .notAnAssignment, .unknownRecipe:
      // An error outside the command line is a wrong configuration.
      switch origin {
      case .file, .environment: .badOptions
      default: .usage
      }
    }
  }
}

extension FormatError.Kind {
  /// The exit code of a command that cannot go on.
  var status: Status {
    switch self {
    case .missing: .missing
    case .invalid: .badFile
    case .unwritable: .cannotWrite
    }
  }
}

extension CommandError {
  /// Describes an error of data in the words of a command line.
  ///
  /// - Parameters:
  ///   - dataset: The words for the data set.
  ///   - folder: The words for the folder.
  init(_ error: DataError, naming dataset: String = "--dataset", folder: String = "--data-dir") {
    self.init(
      error.status, error.description(dataset: dataset, folder: folder),
      help: error.nearestFolder.map { "did you mean \($0.shellQuoted)?" } ?? error.commandHelp
        ?? error.help)
  }
}

extension DataError {
  fileprivate var status: Status {
    switch self {
    case .unknown, .unfitName, .takenName: .usage
    case .builtIn: .badOptions
    case .folderNeeded, .absent: .missing
    case .unusable(_, let error, _), .noData(_, let error, _): error.kind.status
    case .damaged: .badFile
    case .noCache: .cannotWrite
    }
  }

  /// The folder that was probably meant, where there is none of that name.
  fileprivate var nearestFolder: String? {
    switch self {
    case .unusable(let folder, let error, _), .noData(let folder, let error, _):
      error.reason == .notFound ? nearestPath(to: folder) : nil
    case .unknown, .folderNeeded, .builtIn, .absent, .damaged, .noCache, .unfitName, .takenName:
      nil
    }
  }

  fileprivate var commandHelp: String? {
    switch self {
    case .folderNeeded: "name the folder with its files, --data-dir folder"
    case .absent(let name, _), .damaged(let name, _): "gan data fetch \(name)"
    case .noCache: "set one, or name a folder with the data, --data-dir folder"
    case .unknown, .builtIn, .unusable, .noData, .unfitName, .takenName: nil
    }
  }
}

extension MixtureError {
  fileprivate var status: Status {
    switch reason {
    case .parameter: .usage
    case .noComponents, .notFinite, .negativeWeight, .weightSum, .extent, .dimension, .syntax,
      .wrongValue, .unknownKey:
      .badFile
    }
  }
}

extension FetchError {
  fileprivate var status: Status { isForeign ? .badFile : .unavailable }

  fileprivate var help: String {
    let lines =
      switch self {
      case .nowhere:
        Self.withoutNetwork + [
          "try again later, and what arrived is not fetched twice; or name another mirror, "
            + "GAN_SET_DATA_MIRROR=URL"
        ]
      case .noLibrary: ["install libcurl4"] + Self.withoutNetwork
      case .forbidden: ["unset it"] + Self.withoutNetwork
      }
    return lines.joined(separator: "\n")
  }

  /// What can be trained on without a network, the nearest to MNIST first.
  private static var withoutNetwork: [String] {
    let fashion = NamedDataset.fashionMNIST
    let isInstalled = fashion.files?.systemFolder != nil
    return [
      isInstalled
        ? "\(fashion.properName) is on this machine: gan train --dataset \(fashion.name)"
        : "\(fashion.properName) from Debian's package dataset-fashion-mnist: "
          + "Scripts/install-dependencies --fashion-mnist, then gan train --dataset \(fashion.name)",
      "digits that need no files: gan train --dataset \(NamedDataset.strokes.name)",
      "files that you have, gan train --data-dir folder",
    ]
  }
}

extension ExportError {
  fileprivate var status: Status {
    switch self {
    case .inexpressible, .contradiction: .badOptions
    case .tooLarge: .cannotWrite
    }
  }
}

extension FeatureError {
  fileprivate var status: Status {
    switch self {
    case .shape, .images, .sides, .points: .badOptions
    case .tooFew: .missing
    }
  }
}

extension TrainingError {
  fileprivate var status: Status {
    switch self {
    case .diverged: .diverged
    case .foreign, .newer: .badFile
    case .notRun: .missing
    case .differs: .badOptions
    case .busy: .cannotWrite
    }
  }

  fileprivate var help: String? {
    switch self {
    case .diverged: "lower --learning-rate"
    case .differs(_, _, let help): help
    case .busy: "wait for it, or stop it; its lock ends with it"
    case .newer(_, let version, _):
      "use gan \(version ?? "of the version that wrote it"), or a later one"
    case .notRun(let path, _): adviceOnRuns(in: path)
    case .foreign: nil
    }
  }
}

extension RankError {
  fileprivate var status: Status {
    switch self {
    case .noMPI, .otherLauncher, .notJoined: .unavailable
    case .silent, .broken, .ended, .differ: .failed
    }
  }

  fileprivate var help: String? {
    switch self {
    case .noMPI: "install Open MPI, such as Debian's openmpi-bin, and start with its mpirun"
    case .otherLauncher: "start with Open MPI's mpirun, or with srun --mpi=pmix"
    case .silent:
      "what it last computed is in the last checkpoint; a slow network takes a longer mpi.timeout"
    case .notJoined, .broken, .ended, .differ: nil
    }
  }
}

extension RuntimeError {
  fileprivate var status: Status {
    switch self {
    case .threads, .files, .tooLarge, .noPrecision: .unavailable
    case .noInstructionSet: .badOptions
    case .mismatch, .unknown: .badFile
    }
  }

  fileprivate var help: String? {
    switch self {
    case .threads(_, let computing, _):
      "raise the limit" + (computing > 1 ? ", or compute with fewer, --threads 1" : "")
    case .files: "raise the limit"
    case .noInstructionSet: "unset the variable for the best of them"
    case .noPrecision: "--precision float32 works everywhere"
    case .tooLarge: "smaller networks, batches or counts take less"
    case .mismatch, .unknown: nil
    }
  }
}
