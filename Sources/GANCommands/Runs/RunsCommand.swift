import ArgumentParser

/// `gan runs`: the root of its commands.
struct RunsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "runs",
    abstract: "List, compare, choose and remove runs.",
    discussion: """
      A run is named by its folder, or by its number in --runs-dir: gan runs show 3.
      """,
    subcommands: [
      RunsList.self, RunsShow.self, RunsCompare.self, RunsBest.self, RunsRemove.self,
    ])
}
