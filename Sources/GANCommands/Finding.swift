import Foundation

/// A finding of `gan doctor` about one thing.
package struct Finding: Codable, Equatable, Sendable {
  /// The consequence.
  package enum Verdict: String, Codable, Sendable {
    /// Nothing to do.
    case ok
    /// Worth knowing; everything works.
    case note
    /// Something will not work.
    case bad
  }

  /// The subject.
  package let name: String
  package let verdict: Verdict
  /// The finding, in words.
  package let text: String
  /// Advice for the user.
  package let help: String?

  /// Creates a finding: all is well, unless there is advice.
  ///
  /// - Parameters:
  ///   - isBad: True if something will not work until the advice is followed.
  ///   - help: The advice; nil if all is well.
  package init(_ name: String, _ text: String, isBad: Bool = false, help: String? = nil) {
    self.name = name
    self.text = text
    self.help = help
    verdict = isBad ? .bad : help == nil ? .ok : .note
  }

  /// The findings in columns, and the advice below each.
  package static func table(_ findings: [Finding]) -> String {
    let width = findings.map(\.name.count).max() ?? 0
    return findings.map { finding in
      let name = finding.name.padded(to: width)
      let verdict = finding.verdict.rawValue.padded(to: 4)
      let line = "\(verdict)  \(name)  \(finding.text)"
      return finding.help.map { line + "\n      = help: \($0)" } ?? line
    }.joined(separator: "\n")
  }
}
