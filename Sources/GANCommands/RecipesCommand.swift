import ArgumentParser
import Foundation
import GANTraining

/// `gan recipes`: the root of its commands.
struct RecipesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "recipes",
    abstract: "List recipes, and show what is in one.",
    subcommands: [RecipesList.self, RecipesShow.self], defaultSubcommand: RecipesList.self)
}

/// `gan recipes list`.
struct RecipesList: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "Say which recipes there are.")

  @Flag(help: "Print one JSON document.")
  var json = false

  /// A recipe, as `--json` shows it.
  private struct Row: Encodable {
    let name, summary, citation, expectedResult: String
  }

  func run() throws {
    let rows = Recipe.all.map {
      Row(
        name: $0.name, summary: $0.summary, citation: $0.citation,
        expectedResult: $0.expectedResult)
    }
    guard !json else { return print(try readableJSON(rows), terminator: "") }
    let width = rows.map(\.name.count).max() ?? 0
    for row in rows {
      print(row.name.padded(to: width + 2) + row.summary)
    }
  }
}
