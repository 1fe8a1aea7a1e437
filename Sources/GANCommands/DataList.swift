import ArgumentParser
import Foundation
import GANData
import GANTraining

/// `gan data list`.
struct DataList: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "Say which data sets there are, and where.")

  @Flag(help: "Print one JSON document.")
  var json = false

  /// A data set, as `--json` shows it.
  private struct Row: Encodable {
    let name: String
    let what: String
    /// Bytes to download; 0 where there is nothing to.
    let downloadBytes: Int
    /// Where all of it is: a folder, or `built in`.
    let place: String?
    /// A folder in which some of its files are.
    let partlyIn: String?

    var location: String {
      place ?? partlyIn.map { "partly in \($0)" } ?? "not here: gan data fetch \(name)"
    }
    var size: String { downloadBytes > 0 ? megabytes(downloadBytes) : "-" }
  }

  func run() throws {
    let cache = DataCache(environment: ProcessInfo.processInfo.environment)
    let rows =
      ImageDataset.MNISTFamily.allCases.map { Self.row($0.published, cache) } + [
        Row(
          name: DataSearch.builtIn, what: "made-up digits", downloadBytes: 0, place: "built in",
          partlyIn: nil)
      ]
    print(json ? try readableJSON(rows) : Self.table(rows), terminator: json ? "" : "\n")
  }

  private static func row(_ dataset: PublishedDataset, _ cache: DataCache?) -> Row {
    let folder = cache?.folder(of: dataset)
    let absentCount = cache?.absentFiles(of: dataset).count ?? dataset.files.count
    let system = dataset.family == .fashionMNIST ? ImageDataset.systemFashionMNISTFolder : nil
    return Row(
      name: dataset.name, what: dataset.title,
      downloadBytes: dataset.files.map(\.downloadByteCount).reduce(0, +),
      place: absentCount == 0 ? folder : system,
      partlyIn: absentCount == 0 || absentCount == dataset.files.count ? nil : folder)
  }

  private static func table(_ rows: [Row]) -> String {
    let cells =
      [["name", "what", "download", "where"]]
      + rows.map { [$0.name, $0.what, $0.size, $0.location] }
    let widths = (0..<3).map { column in cells.map { $0[column].count }.max() ?? 0 }
    return cells.map { row in
      zip(row, widths).map { $0.padding(toLength: $1 + 2, withPad: " ", startingAt: 0) }.joined()
        + row[3]
    }.joined(separator: "\n")
  }
}
