package import GANFormats
import GANTensor

/// Images or points of one's own in a file of numbers: `.npy`, `.npz`, a safetensors file, or a table
/// (`.csv`, `.tsv`, `.txt`).
///
/// Which array is which, and which convention its values follow, is told by names and extents; what
/// was taken for granted is among the data's `assumptions`.
package struct ArrayFile: Sendable {
  /// The file.
  package let path: String
  private let form: Form

  private enum Form: Sendable {
    case npy, npz, safetensors, table
  }

  /// Recognises a file; nil for a folder and what holds no arrays.
  ///
  /// Archives and safetensors are known by their bytes, tables by their names.
  package init?(_ path: String) {
    guard let file = try? InputFile(path: path), let start = try? file.bytes(upTo: 9) else {
      return nil
    }
    let name = path.lowercased()
    if start.starts(with: [0x93] + [UInt8]("NUMPY".utf8)) {
      form = .npy
    } else if start.starts(with: [0x50, 0x4b]), name.hasSuffix(".npz") {
      form = .npz
    } else if PackedImages.areLikely(at: path) {
      form = .safetensors
    } else if [".csv", ".tsv", ".txt", ".data"].contains(where: {
      name.hasSuffix($0) || name.hasSuffix($0 + ".gz")
    }) {
      form = .table
    } else {
      return nil
    }
    self.path = path
  }

  /// Reads the items of a split: images, or points where the arrays are no images.
  ///
  /// - Throws: `FormatError`: `missing`; `noneFound` where a split has no arrays; `invalid`.
  package func read(
    _ split: ImageDataset.Split, named name: String
  ) throws(FormatError) -> any TrainingData {
    switch form {
    case .table:
      guard split == .train else { throw noTestSplit }
      let table = try NumberTable(path)
      return try data(table.items, table.labels, named: name, table.assumptions)
    case .npy:
      guard split == .train else { throw noTestSplit }
      let array = try Npy.read(path)
      guard let (place, labels) = try siblingLabels() else {
        return try data(array, nil, named: name, [])
      }
      return try data(array, labels, named: name, ["classes are those of \(place)"])
    case .npz:
      return try data(of: split, try Archive.arrays(in: path), named: name)
    case .safetensors:
      return try data(of: split, try SafetensorsFile(contentsOf: path).arrays, named: name)
    }
  }

  private var format: FormatError.Format {
    switch form {
    case .npy, .npz: .npy
    case .safetensors: .safetensors
    case .table: .csv
    }
  }

  // MARK: Which array is which

  private typealias Named = (name: String, array: NumericArray)

  /// Names of images and of classes, the most telling first.
  private static let imageNames = ["images", "x", "data", "samples", "features", "points", "arr_0"]
  private static let labelNames = ["labels", "label", "y", "targets", "target", "classes", "arr_1"]
  private static let splitWords: [(split: ImageDataset.Split?, words: Set<String>)] = [
    (.train, ["train", "training"]), (.test, ["test", "testing", "t10k"]),
    (nil, ["val", "valid", "validation"]),
  ]

  /// The items among named arrays, and their classes.
  private func data(
    of split: ImageDataset.Split, _ arrays: [Named], named name: String
  ) throws(FormatError) -> any TrainingData {
    let fitting = arrays.filter { Self.split(of: $0.name) == split }
    let many = fitting.filter { $0.array.dimensions.count > 1 }
    guard
      let items = Self.first(of: Self.imageNames, among: fitting)
        ?? (split == .train && many.count == 1 ? many[0] : nil)
    else {
      guard split == .train else { throw noTestSplit }
      let list = arrays.map { "\($0.name) \($0.array.dimensions)" }.joined(separator: ", ")
      throw FormatError(
        path,
        .unsupported(format, what: "arrays", value: "\(list); images are called images or x_train"))
    }
    let labels = Self.first(
      of: Self.labelNames,
      among: fitting.filter {
        $0.name != items.name && $0.array.dimensions.first == items.array.dimensions.first
          && $0.array.dimensions.count < 3
      })
    guard arrays.count > 1 else { return try data(items.array, nil, named: name, []) }
    let rest = arrays.map(\.name).filter { $0 != items.name && $0 != labels?.name }
    let taken = "images are the array \(items.name)" + (labels.map { ", classes \($0.name)" } ?? "")
    return try data(
      items.array, labels?.array, named: name,
      [taken] + (rest.isEmpty ? [] : ["passed over: the arrays " + rest.joined(separator: ", ")]))
  }

  /// The split that an array's name tells; without a word of it, the training one.
  private static func split(of name: String) -> ImageDataset.Split? {
    let words = words(in: name)
    for (split, known) in splitWords where words.contains(where: known.contains) { return split }
    return .train
  }

  /// The first array that is called by one of some names, and perhaps by its split.
  private static func first(of names: [String], among arrays: [Named]) -> Named? {
    for wanted in names {
      let found = arrays.first { entry in
        let words = words(in: entry.name)
          .filter { word in !splitWords.contains { $0.words.contains(word) } }
        return words.joined(separator: "_") == wanted
      }
      if let found { return found }
    }
    return nil
  }

  private static func words(in name: String) -> [String] {
    name.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
  }

  private var noTestSplit: FormatError {
    FormatError(path, .noneFound(names: ["arrays to test with"], folders: [path]))
  }

  /// The classes in a file beside `x.npy`, where one is called as it is with another word.
  private func siblingLabels() throws(FormatError) -> (path: String, array: NumericArray)? {
    let start = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
    let (folder, name) = (path[..<start], String(path[start...]))
    for (word, other) in [
      ("images", "labels"), ("imgs", "labels"), ("image", "label"), ("data", "labels"), ("x", "y"),
      ("X", "y"), ("X", "Y"),
    ] {
      let parts = name.split(omittingEmptySubsequences: false) { !$0.isLetter && !$0.isNumber }
      guard let part = parts.first(where: { $0 == word }) else { continue }
      let place =
        folder + name[..<part.startIndex] + other + name[part.endIndex...]
      if let file = try? InputFile(path: String(place)) {
        _ = consume file
        return (String(place), try Npy.read(String(place)))
      }
    }
    return nil
  }

  // MARK: Items

  private func data(
    _ items: NumericArray, _ classes: NumericArray?, named name: String, _ assumptions: [String]
  ) throws(FormatError) -> any TrainingData {
    guard items.dimensions.count > 2 || ArrayImages.areLikely(items.dimensions) else {
      return try points(items, named: name, assumptions)
    }
    let images = try ArrayImages(items, of: path, format: format)
    let count = images.pixels.count / images.imageShape.elementCount
    var labels: [UInt8]?
    if let classes {
      labels = try ArrayLabels(classes, count: count, of: path, format: format).labels
    }
    return ImageDataset(
      name: name, imageShape: images.imageShape, storage: DataStorage(images.pixels),
      labels: labels,
      assumptions: assumptions + images.assumptions)
  }

  /// Points of the line, the plane or a space: `[N]` or `[N, D]`, as they are.
  private func points(
    _ items: NumericArray, named name: String, _ assumptions: [String]
  ) throws(FormatError) -> any TrainingData {
    let dimensions = items.dimensions
    guard (1...2).contains(dimensions.count), items.count > 0 else {
      throw FormatError(
        path, .unsupported(format, what: "items of shape", value: "\(dimensions)"))
    }
    let values = items.floats
    guard values.allSatisfy(\.isFinite) else {
      throw FormatError(path, .unsupported(format, what: "points", value: "not all finite"))
    }
    let dimension = dimensions.count == 1 ? 1 : dimensions[1]
    return PointDataset(
      name: name, dimension: dimension, values: values,
      assumptions: assumptions + ["rows of \(dimension) are taken as points, as they are"])
  }
}

extension SafetensorsFile {
  /// Its tensors as arrays.
  fileprivate var arrays: [(name: String, array: NumericArray)] {
    entries.map { entry in
      let element: NumericArray.Element =
        switch entry.tensor.elementType {
        case .float32: .float32
        case .int64: .int64
        case .int32: .int32
        case .uint8: .uint8
        case .boolean: .boolean
        }
      return (
        entry.name,
        NumericArray(
          dimensions: entry.tensor.shape.dimensions, element: element, bytes: entry.tensor.bytes)
      )
    }
  }
}
