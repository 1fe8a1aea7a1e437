import ArgumentParser
import Foundation
import GANData
import GANTraining

/// `gan data list`.
struct DataList: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "Say which data sets --dataset takes, and where they are.",
    discussion: "A folder of pictures, an archive or a file of arrays needs no name: --data-dir.")

  @Flag(help: "Print one JSON document.")
  var json = false

  /// A data set, as `--json` shows it.
  private struct Row: Encodable {
    let name: String
    let what: String
    /// Bytes to download; 0 where there is nothing to.
    let downloadBytes: Int
    /// The place of all of it: a folder, or `built in`.
    let place: String?
    /// A folder in which some of its files are.
    let partlyIn: String?

    var location: String {
      place ?? partlyIn.map { "partly in \($0)" }
        ?? (downloadBytes > 0
          ? "not here: gan data fetch \(name)" : "bring its files: --data-dir folder")
    }
    var size: String { downloadBytes > 0 ? megabytes(downloadBytes) : "-" }
  }

  func run() throws {
    let rows = [Self.automatic] + NamedDataset.all.map { Self.row($0, DataCache.ofUser) }
    print(json ? try readableJSON(rows) : Self.table(rows), terminator: json ? "" : "\n")
  }

  /// The choice that is left to the program.
  private static var automatic: Row {
    let names = NamedDataset.substitutes.map(\.properName)
    return Row(
      name: DataSource.automatic,
      what: "\(NamedDataset.preferred.properName), else \(alternatives(names))", downloadBytes: 0,
      place: "what is here", partlyIn: nil)
  }

  private static func row(_ dataset: NamedDataset, _ cache: DataCache?) -> Row {
    let download = dataset.download
    let cached = download.map { cache?.folder(of: $0) } ?? nil
    let fileCount = download?.files.count ?? 0
    let absentCount = download.map { cache?.absentFiles(of: $0).count ?? fileCount } ?? 0
    let place: String? =
      if let files = dataset.files {
        fileCount > 0 && absentCount == 0 ? cached : files.systemFolder
      } else {
        "built in"
      }
    return Row(
      name: dataset.name, what: dataset.summary,
      downloadBytes: download?.files.map(\.downloadByteCount).reduce(0, +) ?? 0, place: place,
      partlyIn: absentCount == 0 || absentCount == fileCount ? nil : cached)
  }

  private static func table(_ rows: [Row]) -> String {
    let cells =
      [["name", "what", "download", "where"]]
      + rows.map { [$0.name, $0.what, $0.size, $0.location] }
    let widths = (0..<3).map { column in cells.map { $0[column].count }.max() ?? 0 }
    return cells.map { row in
      zip(row, widths).map { $0.padded(to: $1 + 2) }.joined()
        + row[3]
    }.joined(separator: "\n")
  }
}
