/// Why a graph cannot be: the first rule broken while it was built.
package struct GraphError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The op that broke the rule.
  package let op: String
  /// "rule, got values".
  package let reason: String
  /// The caller's file and line.
  package let file: String
  package let line: Int

  package var description: String { "\(file):\(line): \(op): \(reason)" }
}
