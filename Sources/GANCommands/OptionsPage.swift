import ArgumentParser
import GANTraining

/// `gan options-page`: writes `docs/options.md` from the rows of the options.
struct OptionsPage: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print docs/options.md.", shouldDisplay: false)

  func run() { print(Self.text, terminator: "") }

  /// The page.
  static var text: String {
    """
    # Options

    Everything that decides how a run goes. Each option is set by its path: `--set path=value`, a line in a file that \
    `--config` names, or a variable (`GAN_SET_` and the path in capitals: `GAN_SET_BATCH_SIZE`); some have flags, too. What \
    is said later holds: recipe, file, variables, flags, `--set`. `gan train --dry-run` prints every value with where it \
    comes from.

    The defaults are those of the recipe `tutorial`; `gan recipes show NAME` says what another recipe changes. Lists are \
    written `[256,256]`. Shells want brackets and spaces in quotes: `--set 'generator.hidden=[512,256]'`, \
    `--set 'optimizer.generator.learningRate=2e-4 to 5e-5 over 2000000 cosine'`. A file of an older version, without an option that did not exist then, means the default here, \
    unless the table says otherwise ([compatibility.md](compatibility.md)). `gan options-page` prints this page from the \
    table that the program itself reads.

    A configuration file has the same paths, nested or not:

    ```yaml
    recipe: dcgan-28            # as --recipe
    epochs: 10
    penalties: [r1]
    penalty.r1.weight: 1
    generator:
      hidden: [128, 64]
    optimizer:
      generator:
        learningRate: 2e-4 to 5e-5 over 2000000 cosine
        beta1: 0.5
    ```

    Then `gan train --config that.yaml --seed 1`; the flag wins.

    ## What a run is made of

    | option | value | default | what it is |
    |---|---|---|---|
    \(OptionKey.choices.map(choiceRow).joined(separator: "\n"))

    ## Options that a run records

    | option | value | default | since | what it is |
    |---|---|---|---|---|
    \(OptionKey.all.map(row).joined(separator: "\n"))

    ## Two at once

    | option | value | what it is |
    |---|---|---|
    \(OptionSettings.Shorthand.allCases.map(shorthandRow).joined(separator: "\n"))

    """
  }

  private static func choiceRow(_ key: OptionKey) -> String {
    "| `\(key.path)` | \(key.requirement) | \(key.defaultValue) | \(key.help) |"
  }

  private static func row(_ key: OptionKey) -> String {
    // Keys that every file has are the machine's decisions.
    let isMachines = key.absence == .damage
    var help = key.help
    if let condition = key.appliesWhen { help += "; applies only \(condition.words)" }
    if case .value(let value) = key.absence { help += "; \(value) in a file without it" }
    let value = isMachines ? "the machine's" : "\(key.defaultValue)"
    return "| `\(key.path)` | \(key.requirement) | \(value) | \(key.since) | \(help) |"
  }

  private static func shorthandRow(_ shorthand: OptionSettings.Shorthand) -> String {
    "| `\(shorthand.rawValue)` | \(shorthand.type.requirement) | \(shorthand.help) |"
  }
}
