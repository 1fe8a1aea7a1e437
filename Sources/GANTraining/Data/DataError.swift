package import GANFormats

/// The reasons why data cannot be had, apart from those of files and mirrors.
package enum DataError: Error, Sendable {
  /// No data set has that name.
  case unknown(name: String, among: [String])
  /// People bring the data set's files, and no folder is named.
  case folderNeeded(name: String)
  /// The data set is built in, and a folder is named.
  case builtIn(name: String, folder: String)
  /// A folder lacks the data set's files, or they are damaged; `hint` is
  /// `DatasetFiles.folderHint`.
  case unusable(folder: String, FormatError, hint: String)
  /// A folder holds none of the files by which data sets are recognised, and no pictures.
  case noData(folder: String, FormatError, datasets: [(name: String, file: String)])
  /// The data set is not on this machine.
  case absent(name: String, path: String)
  /// A file in the cache differs from the published one.
  case damaged(name: String, path: String)
  /// The user has no folder for a cache.
  case noCache
  /// A run's folder cannot have the name.
  case unfitName(String)
  /// Another data set has the name that pictures are given.
  case takenName(String)
}

extension DataError: CustomStringConvertible {
  /// One line, without `error:` and without a full stop.
  package var description: String { description(dataset: "dataset", folder: "folder") }

  /// The description with the given words for data sets and folders, such as `--dataset`; an empty
  /// one leaves the name alone.
  package func description(dataset: String, folder word: String) -> String {
    let (dataset, word) = (dataset.isEmpty ? "" : dataset + " ", word.isEmpty ? "" : word + " ")
    return switch self {
    case .unknown(let name, let names):
      "\(dataset)\(name): must be one of \(names.joined(separator: ", "))"
    case .folderNeeded(let name):
      "\(dataset)\(name): no folder to take it from"
    case .builtIn(let name, let folder):
      "\(word)\(folder): the data set \(name) is built in, in no folder"
    case .unusable(let folder, let error, _):
      "\(word)\(folder): \(error)"
    case .noData(let folder, let error, let datasets):
      "\(word)\(folder): " + Self.absence(error, datasets)
    case .absent(let name, let path):
      "\(name) is not here: no \(path)"
    case .damaged(_, let path):
      "damaged: \(path)"
    case .noCache:
      "no folder for downloads: neither XDG_CACHE_HOME nor HOME is set"
    case .unfitName(let name):
      "name \(name): must be \(DataName.requirement), at most \(DataName.byteLimit) bytes"
    case .takenName(let name):
      "name \(name): another data set is called so"
    }
  }

  private static func absence(
    _ error: FormatError, _ datasets: [(name: String, file: String)]
  ) -> String {
    guard case .noPictures(let extensions) = error.reason else { return error.description }
    return "there are neither "
      + datasets.enumerated().map { index, row in
        "\(row.name)'s\(index == 0 ? " files" : "") (\(row.file)) nor "
      }.joined()
      + "pictures (\(extensions.map { ".\($0)" }.joined(separator: ", ")))"
  }

  /// Advice; nil where it is a command's to give.
  package var help: String? {
    switch self {
    case .unknown(let name, let names):
      nearestName(to: name, among: names).map { "did you mean \($0)?" }
    case .unusable(_, _, let hint): "name the folder \(hint)"
    case .noData(_, _, let datasets):
      "name a folder with "
        + datasets.enumerated().map { "\($1.name)'s\($0 == 0 ? " files" : "")" }
        .joined(separator: ", ")
        + " or pictures, torchvision's root, or a packed file"
    case .folderNeeded, .builtIn, .absent, .damaged, .noCache, .unfitName, .takenName: nil
    }
  }
}
