package import GANData

/// Something worth telling while data are found.
package enum DataNote: Sendable {
  /// A data set cannot be had, and another one is looked for.
  case unavailable(NamedDataset, reason: any Error)
  /// Another data set takes its place.
  case substituted(by: NamedDataset)
  /// A cached file differs from the published one, and is fetched again.
  case damaged(path: String)
  /// The progress of a download.
  case fetching(PublishedDataset, DataFetch.Event)
  /// A download is complete.
  case fetched(PublishedDataset, folder: String)
  /// Pictures that were packed earlier lack `count` that cannot be read.
  case lacking(count: Int, of: String)
  /// Pictures are about to be decoded.
  case packingBegan(ImagePacker)
  /// Another process is decoding the same pictures; this one waits.
  case packingElsewhere(ImagePacker)
  /// The number of pictures decoded so far.
  case packing(ImagePacker, done: Int)
  /// All pictures are decoded, into a file.
  case packed(ImagePacker, PackedImages, path: String)

  /// A line for a log; nil for steps of a download and of packing.
  package var line: String? {
    switch self {
    case .unavailable(let dataset, let reason): "no \(dataset.properName): \(reason)"
    case .substituted(let dataset):
      "instead of it the "
        + (dataset.files == nil ? "built-in " : "system's ") + dataset.properName
    case .damaged(let path): "damaged, to be fetched again: \(path)"
    case .lacking(let count, let folder):
      "\(count) left out as unreadable; gan data inspect \(folder) names them"
    case .packingElsewhere(let packer):
      "another process is packing \(packer.folder.path); waiting for it"
    case .fetching, .fetched, .packingBegan, .packing, .packed: nil
    }
  }
}
