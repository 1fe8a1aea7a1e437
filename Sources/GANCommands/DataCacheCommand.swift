import ArgumentParser
import GANData
import GANTraining

/// `gan data cache`.
struct DataCacheCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cache",
    abstract: "List what is kept for later runs, or remove it.",
    discussion: """
      Downloads, folders of pictures decoded once, and archives unpacked once. All of it is made \
      again when it is needed; a run in progress goes on with what it has open.
      """)

  @Argument(help: "Only these, by the names in the list.")
  var names: [String] = []

  @Flag(help: "Remove them; without names everything.")
  var clear = false

  @Flag(help: "Print one JSON document.")
  var json = false

  func run() throws {
    let cache = try DataSource(cache: .ofUser).userCache
    let all = cache.entries
    for name in names where !all.contains(where: { $0.name == name }) {
      throw CommandError(
        .missing, "nothing in the cache is called \(name)",
        help: nearestName(to: name, among: all.map(\.name)).map { "did you mean \($0)?" })
    }
    let entries = names.isEmpty ? all : all.filter { names.contains($0.name) }
    if clear { for entry in entries { try cache.remove(entry) } }
    guard !json else { return print(try readableJSON(entries), terminator: "") }
    let total = entries.reduce(0) { $0 + $1.byteCount }
    let width = entries.map(\.name.columnCount).max() ?? 0
    for entry in entries {
      let cells = [
        entry.kind.rawValue.padded(to: 8), entry.name.padded(to: width),
        megabytes(entry.byteCount).padded(to: 10),
      ]
      print((cells + [entry.path]).joined(separator: "  "))
    }
    print("\(megabytes(total)) \(clear ? "removed from" : "in") \(cache.path)")
  }
}
