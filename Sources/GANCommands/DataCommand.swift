import ArgumentParser

/// `gan data`: the root of its commands.
struct DataCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "data",
    abstract: "List, fetch, pack and look at data sets.",
    subcommands: [DataList.self, DataFetchCommand.self, DataPack.self, DataInspect.self])
}
