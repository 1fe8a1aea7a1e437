import GANFormats
import GANTensor

extension ImageDataset {
  /// Loads CIFAR-10, the binary version, from a folder.
  ///
  /// Images of 3 x 32 x 32 with their labels. The files may lie in `folder` itself or where the
  /// archive puts them beneath it, `cifar-10-batches-bin`; plain or gzip. Training images are in five
  /// files, all of which must be there.
  ///
  /// - Throws: `FormatError`: `missing` when a file is in neither place, `invalid` when one holds
  ///   no whole number of records or a label above 9.
  /// - Complexity: Memory for the images twice over: 307 MB for 50,000.
  /// - Source: Krizhevsky, "Learning Multiple Layers of Features from Tiny Images", 2009.
  public static func cifar10(in folder: String, split: Split = .train) throws -> ImageDataset {
    try requireFolder(folder)
    let places = [folder, "\(folder)/\(cifar10Folder)"]
    let names = split == .train ? (1...5).map { "data_batch_\($0).bin" } : ["test_batch.bin"]
    let place = places.first { existingFile(names[0], in: $0) != nil } ?? folder
    var pixels: [UInt8] = []
    var labels: [UInt8] = []
    for name in names {
      guard let path = existingFile(name, in: place) else {
        throw FormatError(folder, .noneFound(names: [name, name + ".gz"], folders: places))
      }
      try readCIFAR10Batch(path, &pixels, &labels)
    }
    return ImageDataset(
      name: "cifar-10", imageShape: [3, 32, 32], storage: DataStorage(pixels), labels: labels,
      classNames: cifar10ClassNames)
  }

  /// The folder of the files in the archive.
  fileprivate static let cifar10Folder = "cifar-10-batches-bin"

  /// The names in `batches.meta.txt`, which is the same everywhere.
  private static let cifar10ClassNames = [
    "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck",
  ]

  /// Appends a file's records: each a label and the samples of red, green and blue.
  private static func readCIFAR10Batch(
    _ path: String, _ pixels: inout [UInt8], _ labels: inout [UInt8]
  ) throws(FormatError) {
    let recordBytes = 1 + 3 * 32 * 32
    var reader = try ByteReader(path: path)
    var number = 0
    while true {
      let record = try reader.bytes(upTo: recordBytes)
      if record.isEmpty { break }
      number += 1
      guard record.count == recordBytes else {
        throw FormatError(
          path,
          .truncated(
            .cifar, neededBytes: number * recordBytes,
            foundBytes: (number - 1) * recordBytes + record.count))
      }
      guard Int(record[0]) < cifar10ClassNames.count else {
        throw FormatError(
          path, .unsupported(.cifar, what: "record \(number) has label", value: "\(record[0])"))
      }
      labels.append(record[0])
      pixels += record.dropFirst()
    }
    guard number > 0 else {
      throw FormatError(path, .truncated(.cifar, neededBytes: recordBytes, foundBytes: 0))
    }
  }
}

extension NamedDataset {
  /// CIFAR-10, in the binary version that people bring.
  package static let cifar10 = NamedDataset(
    name: "cifar-10", properName: "CIFAR-10", summary: "small colour photographs",
    origin: .files(
      DatasetFiles(
        firstFile: "data_batch_1.bin", places: ["", ImageDataset.cifar10Folder],
        folderHint: "that holds data_batch_1.bin to data_batch_5.bin"
      ) { try .cifar10(in: $0, split: $1) }))
}
