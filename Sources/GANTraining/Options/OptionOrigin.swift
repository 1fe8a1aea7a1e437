import GANRuntime

/// The origin of an option's value.
package enum OptionOrigin: Hashable, Sendable {
  /// The recipe's value.
  case recipe(String)
  /// The program's default for options that no recipe decides.
  case program
  /// The processors that this process has, and their time.
  case machine
  /// It fits the data.
  case data
  /// The run that is resumed was started so; its folder.
  case run(String)
  /// A line of a configuration file, from 1.
  case file(String, line: Int)
  /// An environment variable.
  case environment(String)
  /// A flag of the command line, such as `--batch-size`.
  case flag(String)
  /// The text after a `--set`.
  case assignment(String)

  /// The user's means to set options; a later one of these replaces an earlier one.
  enum Layer: Hashable, Sendable {
    case file, environment, commandLine
  }

  /// The user's means to set the value; nil if the user did not.
  var layer: Layer? {
    switch self {
    case .recipe, .program, .machine, .data, .run: nil
    case .file: .file
    case .environment: .environment
    case .flag, .assignment: .commandLine
    }
  }
}

extension OptionOrigin: CustomStringConvertible {
  /// A few words: `recipe tutorial`, `gan.yaml:3`, `--batch-size`, `--set batchSize=50`.
  package var description: String {
    switch self {
    case .recipe(let name): "recipe \(name)"
    case .program: "default"
    case .machine: "this machine, \(DefaultThreads.ofProcess)"
    case .data: "fits the data"
    case .run(let path): "run \(path)"
    case .file(let path, let line): "\(path):\(line)"
    case .environment(let name): "environment \(name)"
    case .flag(let name): name
    case .assignment(let text): "--set \(text)"
    }
  }
}
