import ArgumentParser
import Foundation
import GANData
import GANTraining

/// `gan recipes show`.
struct RecipesShow: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show a recipe's paper, expected result, networks, cost and options.",
    discussion: """
      Multiply-adds of a layer are those of one item on its way forward, kB the memory of what it \
      makes of the item; a step has every update, forward and backward. Trains nothing, and needs no data.
      """)

  @Argument(
    help: "The recipe: \(Recipe.all.map(\.name).joined(separator: ", ")).",
    completion: .list(Recipe.all.map(\.name)))
  var name: String

  @Option(
    help: ArgumentHelp(
      "What images are resized to: 32, 48x32 (rows, columns), or 1x32x32 (gray).",
      valueName: "size"))
  var imageSize: String?

  @Option(
    help: ArgumentHelp(
      "Any option by its path, as gan train takes it. Repeatable.", valueName: "key.path=value"))
  var set: [String] = []

  @Flag(help: "Print one JSON document.")
  var json = false

  func run() async throws {
    let size = imageSize.map { OptionAssignment("imageSize", $0, .flag("--image-size")) }
    let settings = try OptionSettings(
      OptionAssignment.all(in: ProcessInfo.processInfo.environment)
        + [OptionAssignment("recipe", name, .flag("gan recipes show"))] + (size.map { [$0] } ?? [])
        + set.map { try OptionAssignment(assignment: $0) })
    try settings.validate()
    let contents = RecipeContents(
      settings, try Recipe.named(settings.choices.recipe),
      step: try await Engine().cost(of: settings.options))
    print(
      json ? try readableJSON(contents) : try contents.text(columns: Terminal.output.size.columns),
      terminator: json ? "" : "\n")
  }
}

/// A recipe and all that follows from it; its JSON is the output of `gan recipes show --json`.
struct RecipeContents: Encodable {
  let name, summary, citation, expectedResult: String
  /// The values of `--dataset` and `--image-size`.
  let dataset, imageSize: String
  /// The networks' summaries, by player.
  let networks: [String: NetworkSummary]
  let step: StepCost
  let options: TrainingOptions

  private let settings: OptionSettings

  private enum CodingKeys: String, CodingKey {
    case name, summary, citation, expectedResult, dataset, imageSize, networks, step, options
  }

  init(_ settings: OptionSettings, _ recipe: Recipe, step: StepCost) {
    (name, summary) = (recipe.name, recipe.summary)
    (citation, expectedResult) = (recipe.citation, recipe.expectedResult)
    dataset = settings.choices.dataset
    imageSize = settings.choices.imageSize
    options = settings.options
    networks = Dictionary(
      uniqueKeysWithValues: Role.pair.map { [options] in
        ($0.rawValue, NetworkSummary(options.network(of: $0)))
      })
    self.step = step
    self.settings = settings
  }

  /// The contents as text for people.
  func text(columns: Int) throws -> String {
    let items = options.makesImages ? "images of \(options.itemShape.extents)" : "points"
    let head = [
      "\(name): \(summary)", "paper: \(citation)", "expect: \(expectedResult)",
      "run: gan train --recipe \(name)",
    ].flatMap { $0.broken(atMost: columns) }
    let tables = Role.pair.compactMap { player in
      networks[player.rawValue].map { "\n" + $0.table(titled: player.rawValue, columns: columns) }
    }
    let updates =
      options.discriminatorSteps == 1
      ? "" : ", \(options.discriminatorSteps) discriminator updates"
    let costs = [
      "",
      "step: \(step.multiplyAdds.grouped) multiply-adds, batches of \(options.batchSize) \(items)"
        + updates,
      "memory: \(megabytes(step.stateBytes)) of state, \(megabytes(step.arenaBytes)) of arena, "
        + "beside the data",
    ]
    let (different, same) = settings.tables(comparedWith: try OptionSettings([]))
    let rows =
      different.isEmpty
      ? ["options:", same]
      : ["not as in the tutorial:", different, "", "as in the tutorial:", same]
    return (head + tables + costs + [""] + rows).joined(separator: "\n")
  }
}
