import GANFormats
import GANTensor

extension ImageDataset {
  /// Loads CIFAR-10 from a folder: the binary version, or Python's, which torchvision keeps.
  ///
  /// Images of 3 x 32 x 32 with their labels. The files may lie in `folder` itself or where the
  /// archives put them beneath it, `cifar-10-batches-bin` or `cifar-10-batches-py`; plain or gzip.
  /// Training images are in five files, all of which must be there.
  ///
  /// - Throws: `FormatError`: `missing` when a file is in neither place, `invalid` when one holds
  ///   no whole number of records or a label above 9.
  /// - Complexity: Memory for the images twice over: 307 MB for 50,000.
  /// - Source: Krizhevsky, "Learning Multiple Layers of Features from Tiny Images", 2009.
  public static func cifar10(in folder: String, split: Split = .train) throws -> ImageDataset {
    try requireFolder(folder)
    for version in CIFAR10Version.allCases {
      let places = version.places.map { $0.isEmpty ? folder : "\(folder)/\($0)" }
      let names = version.names(of: split)
      guard let place = places.first(where: { IDXPair.existingFile(names[0], in: $0) != nil })
      else { continue }
      var pixels: [UInt8] = []
      var labels: [UInt8] = []
      for name in names {
        guard let path = IDXPair.existingFile(name, in: place) else {
          throw FormatError(folder, .noneFound(names: [name, name + ".gz"], folders: places))
        }
        switch version {
        case .binary: try readCIFAR10Batch(path, &pixels, &labels)
        case .python: try readCIFAR10Pickle(path, &pixels, &labels)
        }
      }
      return ImageDataset(
        name: "cifar-10", imageShape: [3, 32, 32], storage: DataStorage(pixels), labels: labels,
        classNames: cifar10ClassNames)
    }
    throw FormatError(
      folder,
      .noneFound(
        names: CIFAR10Version.allCases.map { $0.names(of: split)[0] },
        folders: CIFAR10Version.allCases.flatMap(\.places).map {
          $0.isEmpty ? folder : "\(folder)/\($0)"
        }))
  }

  /// The names in `batches.meta.txt`, which is the same everywhere.
  private static let cifar10ClassNames = [
    "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck",
  ]

  /// Samples of an image.
  private static let cifar10ImageBytes = 3 * 32 * 32

  /// Appends a file's records: each a label and the samples of red, green and blue.
  private static func readCIFAR10Batch(
    _ path: String, _ pixels: inout [UInt8], _ labels: inout [UInt8]
  ) throws(FormatError) {
    let recordBytes = 1 + cifar10ImageBytes
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

  /// Appends the images of a dictionary with `data`, rows of the samples of red, green and blue, and
  /// `labels`.
  private static func readCIFAR10Pickle(
    _ path: String, _ pixels: inout [UInt8], _ labels: inout [UInt8]
  ) throws(FormatError) {
    let batch = try Pickle.dictionary(path)
    guard let data = batch["data"]?.array, let classes = batch["labels"]?.array else {
      throw FormatError(
        path, .unsupported(.cifar, what: "a pickle", value: "without arrays data and labels"))
    }
    guard data.element == .uint8, data.dimensions.count == 2,
      data.dimensions[1] == cifar10ImageBytes, data.dimensions[0] > 0
    else {
      throw FormatError(
        path, .unsupported(.cifar, what: "data of shape", value: "\(data.dimensions)"))
    }
    let read = try ArrayLabels(classes, count: data.dimensions[0], of: path, format: .cifar).labels
    if let strange = read.first(where: { Int($0) >= cifar10ClassNames.count }) {
      throw FormatError(path, .unsupported(.cifar, what: "label", value: "\(strange)"))
    }
    labels += read
    pixels += data.bytes
  }
}

/// The forms in which CIFAR-10 is published.
private enum CIFAR10Version: CaseIterable {
  case binary, python

  /// Folders of the files beneath a given one.
  var places: [String] { ["", self == .binary ? "cifar-10-batches-bin" : "cifar-10-batches-py"] }

  func names(of split: ImageDataset.Split) -> [String] {
    let ending = self == .binary ? ".bin" : ""
    return split == .train ? (1...5).map { "data_batch_\($0)\(ending)" } : ["test_batch\(ending)"]
  }
}

extension NamedDataset {
  /// CIFAR-10, in the versions that people bring.
  package static let cifar10 = NamedDataset(
    name: "cifar-10", properName: "CIFAR-10", summary: "small colour photographs",
    origin: .files(
      DatasetFiles(
        firstFile: CIFAR10Version.binary.names(of: .train)[0],
        otherFirstFiles: CIFAR10Version.python.names(of: .train).prefix(1).map(\.self),
        places: CIFAR10Version.binary.places + CIFAR10Version.python.places,
        folderHint: "that holds data_batch_1.bin to data_batch_5.bin, or torchvision's root"
      ) { try .cifar10(in: $0, split: $1) }))
}
