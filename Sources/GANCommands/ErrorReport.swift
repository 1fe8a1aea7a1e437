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
  let status: Status

  init(_ status: Status, _ message: String, help: String? = nil) {
    self.message = message
    self.help = help
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

/// Prints the error, or the help that was asked for, and returns the exit code.
func report(_ error: any Error) -> Int32 {
  // The console has printed it.
  if let error = error as? Interrupted { return 128 + error.signal }
  // A bare exit code needs no words.
  if let code = error as? ExitCode { return code.rawValue }
  guard let known = description(of: error) else { return reportParsing(error) }
  Console.writeToStandardError("error: \(known.message.onOneLine)")
  for line in (known.help ?? "").split(separator: "\n") {
    Console.writeToStandardError("  = help: \(line)")
  }
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
    CommandError(error.kind.status, error.description)
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
  case let error as TrainingError:
    CommandError(error.status, error.description, help: error.help)
  case let error as ExportError:
    CommandError(error.status, error.description)
  case let error as FetchError:
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
  }
  Console.writeToStandardError("error: \(lines.joined(separator: "\n"))")
  return code
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
      help: error.commandHelp ?? error.help)
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
    switch self {
    case .nowhere:
      "try again, and what arrived is not fetched twice; or train on files that you have, "
        + "gan train --data-dir folder; or name another mirror, GAN_SET_DATA_MIRROR=URL"
    case .noLibrary:
      "install libcurl4, or train on files that you have, gan train --data-dir folder"
    case .forbidden:
      "unset it, or train on files that you have, gan train --data-dir folder"
    }
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
    case .foreign, .notRun: nil
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
