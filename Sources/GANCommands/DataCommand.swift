import ArgumentParser

/// `gan data`: the root of its commands.
struct DataCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "data",
    abstract: "List, fetch, pack and look at data sets, and clear the cache.",
    subcommands: [
      DataList.self, DataFetchCommand.self, DataPack.self, DataInspect.self, DataCacheCommand.self,
    ])
}
