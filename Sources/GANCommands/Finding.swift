import Foundation

/// What `gan doctor` found about one thing.
package struct Finding: Codable, Equatable, Sendable {
  /// What follows from it.
  package enum Verdict: String, Codable, Sendable {
    /// Nothing to do.
    case ok
    /// Worth knowing; everything works.
    case note
    /// Something will not work.
    case bad
  }

  /// What was looked at.
  package let name: String
  package let verdict: Verdict
  /// What there is.
  package let text: String
  /// What to do about it.
  package let help: String?

  /// Everything is well, unless there is something to do.
  ///
  /// - Parameters:
  ///   - isBad: Whether something will not work until that is done.
  ///   - help: What to do; nil where all is well.
  package init(_ name: String, _ text: String, isBad: Bool = false, help: String? = nil) {
    self.name = name
    self.text = text
    self.help = help
    verdict = isBad ? .bad : help == nil ? .ok : .note
  }

  /// The findings in columns, and what to do below each.
  package static func table(_ findings: [Finding]) -> String {
    let width = findings.map(\.name.count).max() ?? 0
    return findings.map { finding in
      let name = finding.name.padding(toLength: width, withPad: " ", startingAt: 0)
      let verdict = finding.verdict.rawValue.padding(toLength: 4, withPad: " ", startingAt: 0)
      let line = "\(verdict)  \(name)  \(finding.text)"
      return finding.help.map { line + "\n      = help: \($0)" } ?? line
    }.joined(separator: "\n")
  }
}
