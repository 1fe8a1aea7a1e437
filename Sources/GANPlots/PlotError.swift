/// Why a plot could not be drawn as pixels.
package enum PlotError: Error, Hashable, Sendable, CustomStringConvertible {
  /// None of these files, the fonts that plots are drawn with, is there.
  case noFont(lookedFor: [String])
  /// FreeType refused; `code` is its own.
  case freeType(operation: String, code: Int)

  /// One line, without `error:` and without a full stop.
  package var description: String {
    switch self {
    case .noFont(let lookedFor):
      "cannot draw text: found no font (looked for \(lookedFor.joined(separator: ", "))); "
        + "on Debian install fonts-dejavu-core"
    case .freeType(let operation, let code):
      "cannot draw: FreeType failed to \(operation) (code \(code))"
    }
  }
}
