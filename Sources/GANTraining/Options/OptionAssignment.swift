/// A value for an option: the option's path, the value's text, and its origin.
package struct OptionAssignment: Hashable, Sendable {
  /// The option's path, such as `optimizer.generator.learningRate`.
  package let path: String
  /// The value: a text, as it is written, or a list of texts.
  package let value: OptionValue
  /// Its origin.
  package let origin: OptionOrigin

  /// Creates an assignment.
  package init(_ path: String, _ value: OptionValue, _ origin: OptionOrigin) {
    (self.path, self.value, self.origin) = (path, value, origin)
  }

  /// Creates an assignment whose value is a text.
  package init(_ path: String, _ text: String, _ origin: OptionOrigin) {
    self.init(path, .text(text), origin)
  }

  /// Creates an assignment whose value is a list of texts.
  package init(_ path: String, _ texts: [String], _ origin: OptionOrigin) {
    self.init(path, .list(texts.map(OptionValue.text)), origin)
  }

  /// The value as `--set` would take it.
  package var text: String { value.description }

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

  /// The prefix of environment variables that set options.
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
