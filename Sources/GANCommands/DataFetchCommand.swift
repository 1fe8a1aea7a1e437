import ArgumentParser
import Foundation
import GANData
import GANTraining

/// `gan data fetch`.
struct DataFetchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fetch",
    abstract: "Download a data set into the cache.",
    discussion: """
      Prints the folder in which it is. Every file is checked against its published \
      SHA-256. What an interrupted fetch got is kept: fetching again goes on.

      The cache is swift-gan in $XDG_CACHE_HOME, else in ~/.cache (on macOS in \
      ~/Library/Caches). gan train fetches by itself what it needs.
      """)

  /// The data sets that can be downloaded.
  private static let names = NamedDataset.all.filter { $0.download != nil }.map(\.name)

  @Argument(
    help: "\(alternatives(DataFetchCommand.names)).", completion: .list(DataFetchCommand.names))
  var name: String

  @Option(
    help: ArgumentHelp(
      """
      Instead of the known mirrors, for url/mnist/train-images-idx3-ubyte.gz and so on; \
      several with spaces between them; none forbids the network. GAN_SET_DATA_MIRROR=url \
      says the same to every command.
      """, valueName: "url"))
  var mirror: String?

  @Option(
    help: ArgumentHelp(
      "Instead of the cache a folder, in which each data set has one of its name.",
      valueName: "folder"),
    completion: .directory)
  var dataDir: String?

  @Flag(help: "Say nothing but errors.")
  var quiet = false

  func run() throws {
    let dataset = NamedDataset.named(name)
    guard let download = dataset?.download else {
      switch dataset?.origin {
      case nil:
        throw CommandError(
          DataError.unknown(name: name, among: DataFetchCommand.names), naming: "fetch")
      case .files(let files):
        throw CommandError(
          .usage, "\(name) cannot be downloaded from here",
          help: "name the folder \(files.folderHint), --data-dir folder")
      case .images, .points:
        throw CommandError(.usage, "\(name) is built in: there is nothing to fetch")
      }
    }
    let console = Console(isQuiet: quiet)
    let cache = try dataDir.map { DataCache(path: $0) } ?? DataSource(cache: .ofUser).userCache
    let splits = ImageDataset.Split.allCases
    if splits.allSatisfy({ cache.firstDefect(of: download, split: $0) == nil }) {
      try console.say("data: \(name) is here already")
    } else {
      let environment = ProcessInfo.processInfo.environment
      let mirrors = MirrorList(
        mirror ?? environment[OptionAssignment.environmentName(of: "dataMirror")])
      var reporter = DataReporter(console)
      try reporter.watch {
        try DataSource.fetch(download, into: cache, from: mirrors, patience: .named, $0)
      }
    }
    print(cache.folder(of: download))
  }
}
