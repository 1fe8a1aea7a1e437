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
  /// What a folder of pictures holds.
  case surveyed(ImagePacker)
  /// A folder holds several data sets, of which one is taken.
  case several(NamedDataset, others: [NamedDataset])
  /// What a file leaves open was taken for granted.
  case assumed([String])
  /// An archive is about to be unpacked.
  case unpacking(String)
  /// Another process is unpacking the same archive; this one waits.
  case unpackingElsewhere(String)
  /// Pictures cannot be kept decoded.
  case uncached(reason: any Error)
  /// No image is of some classes, which are left out; `left` are the others.
  case emptyClasses([String], left: [String])
  /// Pictures that were packed earlier lack `count` that cannot be read.
  case lacking(count: Int, of: String)
  /// Pictures are about to be decoded.
  case packingBegan(ImagePacker)
  /// Another process is decoding the same pictures; this one waits.
  case packingElsewhere(ImagePacker)
  /// The number of pictures decoded so far.
  case packing(ImagePacker, done: Int)
  /// All pictures are decoded, into a file; nil for one that is not kept.
  case packed(ImagePacker, PackedImages, path: String?)

  /// A line for a log; nil for steps of a download and of packing.
  package var line: String? {
    switch self {
    case .unavailable(let dataset, let reason):
      "no \(dataset.properName): "
        // The mirrors were told one by one.
        + ((reason as? FetchError)?.summary ?? "\(reason)")
    case .substituted(let dataset):
      "instead of it the "
        + (dataset.files == nil ? "built-in " : "system's ") + dataset.properName
    case .damaged(let path): "damaged, to be fetched again: \(path)"
    case .lacking(let count, let folder):
      "\(count) left out as unreadable; for their names: gan data inspect \(folder.shellQuoted)"
    case .packingElsewhere(let packer):
      "another process is packing \(packer.folder.path); waiting for it"
    case .surveyed(let packer): "\(packer.name): \(packer.folder.survey)"
    case .several(let taken, let others):
      "\(taken.properName) is taken; there are also "
        + others.map { "\($0.properName) (--dataset \($0.name))" }.joined(separator: ", ")
    case .assumed(let assumptions): assumptions.joined(separator: "; ")
    case .unpacking(let archive): "unpacking \(archive)"
    case .unpackingElsewhere(let archive):
      "another process is unpacking \(archive); waiting for it"
    case .uncached(let reason): "not kept for later runs: \(reason)"
    case .emptyClasses(let names, let left):
      "no images of \(Self.list(names)), left out; the classes are \(Self.list(left))"
    case .fetching, .fetched, .packingBegan, .packing, .packed: nil
    }
  }

  /// Names of classes in words, not all of very many.
  private static func list(_ names: [String]) -> String {
    names.count <= 20
      ? names.joined(separator: ", ")
      : names.prefix(20).joined(separator: ", ") + " and \(names.count - 20) more"
  }
}
