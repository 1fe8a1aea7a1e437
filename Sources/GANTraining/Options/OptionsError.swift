/// Why options cannot be used.
package enum OptionsError: Error, Hashable, Sendable {
  /// No option has that name.
  case unknown(key: String, nearest: String?, origin: OptionOrigin?)
  /// The value is of the wrong type or out of range.
  case unfit(key: String, value: String, requirement: String, origin: OptionOrigin?)
  /// A part of a list is of the wrong type, out of range or no name there is.
  case unfitElement(key: String, element: String, requirement: String, origin: OptionOrigin?)
  /// The text after `--set` is not `key.path=value`.
  case notAnAssignment(String)
  /// Values exclude each other.
  case contradiction(String)
  /// Networks cannot make images of the data's size; `side` is one near it that they can make.
  case unfitImages(String, side: Int?)
  /// No recipe has that name.
  case unknownRecipe(String, nearest: String?, among: [String], origin: OptionOrigin?)
  /// The configuration file is malformed; `line` counts from 1.
  case notConfiguration(path: String, line: Int?, reason: String)
}

extension OptionsError: CustomStringConvertible {
  /// One line, without `error:` and without a full stop.
  package var description: String {
    switch self {
    case .unknown(let key, _, let origin):
      Self.prefix(origin) + "no option is called \(key)"
    case .unfit(let key, let value, let requirement, let origin):
      Self.prefix(origin)
        + "\(key) must be \(requirement), got \(value.isEmpty ? "nothing" : value)"
    case .unfitElement(_, let element, let requirement, .flag(let flag)):
      "\(flag): must be \(requirement); got \(element.isEmpty ? "nothing" : element)"
    case .unfitElement(let key, let element, let requirement, let origin):
      Self.prefix(origin) + "each of \(key) must be \(requirement); got "
        + (element.isEmpty ? "nothing" : element)
    case .notAnAssignment(let text):
      "--set \(text): not of the form key.path=value"
    case .contradiction(let text), .unfitImages(let text, _):
      text
    case .unknownRecipe(let name, _, _, let origin):
      Self.prefix(origin) + "no recipe is called \(name)"
    case .notConfiguration(let path, let line, let reason):
      path + (line.map { ":\($0)" } ?? "") + ": \(reason)"
    }
  }

  /// Advice for the user.
  package var help: String? {
    switch self {
    case .unknown(_, let nearest, _):
      (nearest.map { "did you mean \($0)?\n" } ?? "")
        + "every option with its value: gan train --dry-run"
    case .unknownRecipe(_, let nearest, let names, _):
      (nearest.map { "did you mean \($0)? " } ?? "") + "there is " + names.joined(separator: ", ")
    case .notAnAssignment:
      "for example --set 'generator.hidden=[128,128]'"
    case .notConfiguration:
      "a configuration file holds lines such as batchSize: 50, or nested ones"
    case .unfitImages(_, let side):
      side.map { "--image-size \($0) resizes them" }
    case .unfitElement(let key, let element, _, .flag(let flag)):
      (Self.nearest(to: [element], of: key).map { $0 + "\n" } ?? "")
        + "\(flag) takes one; give it again for another"
    case .unfit(let key, let value, _, _):
      Self.nearest(to: value.split { "[,] ".contains($0) }.map(String.init), of: key)
    case .unfitElement(let key, let element, _, _): Self.nearest(to: [element], of: key)
    case .contradiction: nil
    }
  }

  /// The name that was probably meant by the first of some values that an option does not have.
  private static func nearest(to values: [String], of key: String) -> String? {
    let names = OptionSettings.names(of: key)
    return values.first { !names.contains($0) }.flatMap { nearestName(to: $0, among: names) }
      .map { "did you mean \($0)?" }
  }

  /// The place of the value at fault, if one value is at fault.
  package var origin: OptionOrigin? {
    switch self {
    case .unknown(_, _, let origin), .unfit(_, _, _, let origin),
      .unfitElement(_, _, _, let origin), .unknownRecipe(_, _, _, let origin):
      origin
    case .notAnAssignment(let text): .assignment(text)
    case .contradiction, .unfitImages, .notConfiguration: nil
    }
  }

  private static func prefix(_ origin: OptionOrigin?) -> String {
    origin.map { "\($0): " } ?? ""
  }
}
