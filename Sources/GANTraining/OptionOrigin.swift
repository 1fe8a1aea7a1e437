/// Where an option's value comes from.
package enum OptionOrigin: Hashable, Sendable {
  /// The recipe says so.
  case recipe(String)
  /// The machine is made that way.
  case machine
  /// A flag of the command line, such as `--batch-size`.
  case flag(String)
  /// The text after a `--set`.
  case assignment(String)

  /// Whether the user asked for the value.
  var isExplicit: Bool {
    switch self {
    case .recipe, .machine: false
    case .flag, .assignment: true
    }
  }
}

extension OptionOrigin: CustomStringConvertible {
  /// A few words: `recipe tutorial`, `--batch-size`, `--set batchSize=50`.
  package var description: String {
    switch self {
    case .recipe(let name): "recipe \(name)"
    case .machine: "this machine"
    case .flag(let name): name
    case .assignment(let text): "--set \(text)"
    }
  }
}
