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

  @Argument(
    help: "mnist, fashion-mnist or kmnist.",
    completion: .list(ImageDataset.MNISTFamily.allCases.map(\.rawValue)))
  var name: String

  @Option(
    help: ArgumentHelp(
      """
      Instead of the known mirrors, for url/mnist/train-images-idx3-ubyte.gz and so on; \
      several with spaces between them; none forbids the network. GAN_SET_DATA_MIRROR=url \
      says the same to every command.
      """, valueName: "url"))
  var mirror: String?

  @Flag(help: "Say nothing but errors.")
  var quiet = false

  func run() throws {
    guard name != DataSearch.builtIn else {
      throw CommandError(.usage, "\(name) is built in: there is nothing to fetch")
    }
    let names = ImageDataset.MNISTFamily.allCases.map(\.rawValue)
    let dataset = try DataSearch.family(name, among: names, saidBy: "fetch").published
    let console = Console(isQuiet: quiet)
    let environment = ProcessInfo.processInfo.environment
    let cache = try DataCache.ofUser(environment)
    if ImageDataset.Split.allCases.allSatisfy({ cache.firstDefect(of: dataset, split: $0) == nil })
    {
      try console.say("data: \(name) is here already")
    } else {
      let mirrors = MirrorList(
        mirror ?? environment[OptionAssignment.environmentName(of: "dataMirror")])
      try DataSearch(console, mirrors: mirrors).fetch(dataset, into: cache, patience: .named)
    }
    print(cache.folder(of: dataset))
  }
}
