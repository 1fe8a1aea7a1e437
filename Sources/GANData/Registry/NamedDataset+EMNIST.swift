import GANFormats

extension NamedDataset {
  /// EMNIST's six parts: MNIST's relatives with letters, whose images are stored column by column.
  ///
  /// - Source: Cohen, Afshar, Tapson, van Schaik, "EMNIST: an extension of MNIST to handwritten
  ///   letters", 2017, arXiv:1702.05373.
  package static let emnist: [NamedDataset] = EMNISTPart.allCases.map { part in
    NamedDataset(
      name: part.name, properName: "EMNIST \(part.rawValue)", summary: part.summary,
      origin: .files(
        DatasetFiles(
          firstFile: part.pair(.train).images, places: part.pair(.train).places,
          folderHint: "that holds \(part.pair(.train).images), plain or gzip", isRare: true
        ) { folder, split in try part.read(in: folder, split) }))
  }

  /// QMNIST: MNIST made again, with all of its 60,000 test images.
  ///
  /// - Source: Yadav, Bottou, "Cold Case: The Lost MNIST Digits", 2019, arXiv:1905.10498.
  package static let qmnist = NamedDataset(
    name: "qmnist", properName: "QMNIST", summary: "handwritten digits, made again",
    origin: .files(
      DatasetFiles(
        firstFile: "qmnist-train-images-idx3-ubyte", places: ["", "QMNIST/raw", "raw", "QMNIST"],
        folderHint: "that holds qmnist-train-images-idx3-ubyte, plain or gzip", isRare: true
      ) { folder, split in
        let part = split == .train ? "train" : "test"
        return try IDXPair(
          images: "qmnist-\(part)-images-idx3-ubyte", labels: "qmnist-\(part)-labels-idx2-int",
          places: ["", "QMNIST/raw", "raw", "QMNIST"], takesFirstColumn: true
        ).read(in: folder, named: "qmnist")
      }))
}

/// A part of EMNIST.
private enum EMNISTPart: String, CaseIterable {
  case balanced, byclass, bymerge, digits, letters, mnist

  var name: String { "emnist-\(rawValue)" }

  var summary: String {
    switch self {
    case .balanced: "digits and letters, as many of each"
    case .byclass: "digits, capitals and small letters"
    case .bymerge: "digits and letters, like ones together"
    case .digits: "handwritten digits"
    case .letters: "letters of either case"
    case .mnist: "handwritten digits, as many as MNIST's"
    }
  }

  func pair(_ split: ImageDataset.Split) -> IDXPair {
    let part = split == .train ? "train" : "test"
    return IDXPair(
      images: "\(name)-\(part)-images-idx3-ubyte", labels: "\(name)-\(part)-labels-idx1-ubyte",
      places: ["", "EMNIST/raw", "raw", "gzip", "EMNIST/raw/gzip", "EMNIST"], isTransposed: true)
  }

  func read(in folder: String, _ split: ImageDataset.Split) throws -> ImageDataset {
    let images = try pair(split).read(in: folder, named: name)
    var labels = images.labels
    // Letters are numbered from 1.
    if self == .letters, let from1 = labels, from1.allSatisfy({ $0 > 0 }) {
      labels = from1.map { $0 - 1 }
    }
    let isKnown = labels.map { $0.allSatisfy { Int($0) < classNames.count } } ?? false
    return ImageDataset(
      name: name, imageShape: images.imageShape, storage: images.storage, labels: labels,
      classNames: isKnown ? classNames : nil, assumptions: images.assumptions)
  }

  /// The characters, as the mapping files have them.
  private var classNames: [String] {
    let (digits, capitals) = ("0123456789", "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    let all =
      switch self {
      case .digits, .mnist: digits
      case .letters: capitals
      case .byclass: digits + capitals + capitals.lowercased()
      case .bymerge, .balanced: digits + capitals + "abdefghnqrt"
      }
    return all.map(String.init)
  }
}
