import Foundation

extension String {
  /// The word as bash and zsh take it for itself: in quotes where they would see more in it.
  package var shellQuoted: String {
    let safe = CharacterSet.alphanumerics.union(CharacterSet(charactersIn: "-_./,=:+@%"))
    let isPlain = !isEmpty && !hasPrefix("=") && unicodeScalars.allSatisfy(safe.contains)
    return isPlain ? self : "'\(replacing("'", with: "'\\''"))'"
  }
}

extension [String] {
  /// The words as one line for a shell.
  package var shellLine: String { map(\.shellQuoted).joined(separator: " ") }
}
