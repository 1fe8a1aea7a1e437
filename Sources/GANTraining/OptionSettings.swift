/// Options on their way to being resolved: each value with where it came from.
package struct OptionSettings: Sendable {
  /// The values so far.
  package private(set) var options: TrainingOptions

  private var origins: [String: OptionOrigin] = ["threads": .machine]
  private let recipe: OptionOrigin

  /// Starts with what a recipe says.
  package init(_ recipe: Recipe) {
    options = recipe.options
    self.recipe = .recipe(recipe.name)
  }

  /// Sets an option by its path; a later value replaces an earlier one.
  ///
  /// - Throws: `OptionsError`.
  package mutating func set(
    _ path: String, to text: String, from origin: OptionOrigin
  ) throws(OptionsError) {
    let key = try OptionKey.named(path, from: origin)
    try key.set(in: &options, to: text, from: origin)
    origins[path] = origin
    // A length the user gives replaces the recipe's; two of the user's contradict each other.
    for (one, other) in [("epochs", "steps"), ("steps", "epochs")] where path == one {
      if let earlier = origins[other], earlier.isExplicit {
        throw .contradiction("\(earlier) and \(origin) both give the length of the run")
      }
    }
  }

  /// Sets the option that the `key.path=value` of a `--set` names.
  ///
  /// - Throws: `OptionsError`.
  package mutating func set(assignment text: String) throws(OptionsError) {
    guard let equals = text.firstIndex(of: "="), equals != text.startIndex else {
      throw .notAnAssignment(text)
    }
    try set(
      String(text[..<equals]), to: String(text[text.index(after: equals)...]),
      from: .assignment(text))
  }

  /// Where an option's value came from.
  package func origin(of path: String) -> OptionOrigin { origins[path] ?? recipe }

  /// Every option as `path = value`, and where the value came from, in columns.
  package var table: String {
    let keys = OptionKey.all
    let width = keys.map(\.path.count).max() ?? 0
    let values = keys.map { $0.text(of: options) }
    let valueWidth = values.map(\.count).max() ?? 0
    return zip(keys, values).map { key, value in
      let name = key.path + String(repeating: " ", count: width - key.path.count)
      let column = value + String(repeating: " ", count: valueWidth - value.count)
      return "\(name) = \(column)  \(origin(of: key.path))"
    }.joined(separator: "\n")
  }
}
