/// A value somebody gives an option: the option's path, the text, and where it stands.
package struct OptionAssignment: Hashable, Sendable {
  /// Such as `optimizer.generator.learningRate`.
  package let path: String
  /// The value, as it is written.
  package let text: String
  /// Where it stands.
  package let origin: OptionOrigin

  /// Names the parts.
  package init(_ path: String, _ text: String, _ origin: OptionOrigin) {
    (self.path, self.text, self.origin) = (path, text, origin)
  }

  /// Reads the `key.path=value` of a `--set`.
  ///
  /// - Throws: `OptionsError.notAnAssignment`.
  package init(assignment text: String) throws(OptionsError) {
    guard let equals = text.firstIndex(of: "="), equals != text.startIndex else {
      throw .notAnAssignment(text)
    }
    self.init(
      String(text[..<equals]), String(text[text.index(after: equals)...]), .assignment(text))
  }

  /// What starts the names of environment variables that give options.
  package static let environmentPrefix = "GAN_SET_"

  /// The environment variable that gives an option: `GAN_SET_OPTIMIZER_GENERATOR_BETA1`.
  package static func environmentName(of path: String) -> String {
    environmentPrefix
      + path.reduce(into: "") { name, letter in
        if letter.isUppercase { name += "_" }
        name += letter == "." || letter == "-" ? "_" : letter.uppercased()
      }
  }

  /// The assignments that an environment makes, in the order of the variables' names.
  ///
  /// - Throws: `OptionsError.unknown` where a variable with the prefix names no option.
  package static func all(
    in environment: [String: String]
  ) throws(OptionsError) -> [OptionAssignment] {
    let paths = OptionSettings.settablePaths
    let names = paths.map { environmentName(of: $0) }
    var assignments: [OptionAssignment] = []
    for (name, text) in environment.sorted(by: { $0.key < $1.key })
    where name.hasPrefix(environmentPrefix) {
      guard let index = names.firstIndex(of: name) else {
        throw .unknown(
          key: name, nearest: nearestName(to: name, among: names), origin: .environment(name))
      }
      assignments.append(OptionAssignment(paths[index], text, .environment(name)))
    }
    return assignments
  }
}
