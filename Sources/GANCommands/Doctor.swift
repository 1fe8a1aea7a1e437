import ArgumentParser
import Foundation
import GANRuntime
import GANTraining

/// `gan doctor`.
struct Doctor: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Look for what keeps this machine from training, or from training fast.",
    discussion: """
      Prints a line for each thing it looks at, and what to do; then the environment \
      variables that gan hears. Exits with 69 where something needed is missing.
      """)

  @Option(
    help: ArgumentHelp("Where runs would get their folders.", valueName: "folder"),
    completion: .directory)
  var runsDir = "runs"

  @Flag(help: "Print one JSON document.")
  var json = false

  /// The printed report.
  private struct Report: Encodable {
    let version = Version.current
    let findings: [Finding]
    /// Values of the variables that are set.
    let environment: [String: String]
  }

  /// Every variable that is read, `GAN_SET_*` for a family of them, and its purpose.
  static let variables = [
    ("GAN_SET_*", "options, between the configuration file and the flags"),
    ("GAN_EXPLAIN", "1 shows how a step was compiled"),
    (InstructionSet.limitVariable, "the most of the processor that kernels use, such as avx2"),
    ("XDG_CACHE_HOME", "where downloads are kept"),
    ("NO_COLOR", "no colours"),
    ("CLICOLOR_FORCE", "colours in files and pipes, too"),
    ("COLORTERM", "truecolor is 24-bit colours"),
    ("TERM", "dumb is plain lines"),
    ("COLUMNS", "the width of help screens and of what is no terminal"),
    ("LC_ALL", "the characters; then LC_CTYPE, LANG"),
  ]

  func run() throws {
    let environment = ProcessInfo.processInfo.environment
    let findings = DoctorFindings(environment: environment, runsDir: runsDir).all
    let heard = environment.filter { name, _ in
      name.hasPrefix(OptionAssignment.environmentPrefix)
        || Self.variables.contains { $0.0 == name } || ["LC_CTYPE", "LANG"].contains(name)
    }
    if json {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      let report = Report(findings: findings, environment: heard)
      print(String(decoding: try encoder.encode(report), as: UTF8.self))
    } else {
      print(Finding.table(findings) + "\n\n" + Self.table(heard))
    }
    // The findings are printed already.
    if findings.contains(where: { $0.verdict == .bad }) {
      throw ExitCode(Status.unavailable.rawValue)
    }
  }

  /// Every variable with its value, or its purpose.
  private static func table(_ values: [String: String]) -> String {
    let known = Set(variables.map(\.0))
    let rows =
      variables.map { name, purpose in (name, values[name].map { "= \($0)" } ?? purpose) }
      + values.filter { !known.contains($0.key) }.sorted { $0.key < $1.key }.map {
        ($0.key, "= \($0.value)")
      }
    let width = rows.map(\.0.count).max() ?? 0
    return rows.map { name, text in
      name.padded(to: width) + "  " + text
    }.joined(separator: "\n")
  }
}
