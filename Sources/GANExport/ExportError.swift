/// A reason why a network cannot be written for another tool.
package enum ExportError: Error, Hashable, Sendable {
  /// The form cannot say what the network computes; `reason` is a clause.
  case inexpressible(form: String, reason: String)
  /// What was asked for does not go together.
  case contradiction(String)
  /// A file of the form has a limit.
  case tooLarge(form: String, byteCount: Int, limit: Int)
}

extension ExportError: CustomStringConvertible {
  /// One line, without `error:` and without a full stop.
  package var description: String {
    switch self {
    case .inexpressible(let form, let reason):
      "cannot be written as \(form): \(reason)"
    case .contradiction(let text):
      text
    case .tooLarge(let form, let byteCount, let limit):
      "would be \(byteCount) bytes as \(form), which holds at most \(limit)"
    }
  }
}
