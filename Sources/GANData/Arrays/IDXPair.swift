import GANFormats
import GANTensor

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The two IDX files of a data set's split: images, and their classes where these are there.
struct IDXPair {
  /// The images' file as its publisher calls it, such as `train-images-idx3-ubyte`.
  let images: String
  /// The labels' file.
  let labels: String
  /// Folders beneath a given one in which they may lie, the most likely first.
  let places: [String]
  /// True where rows and columns of the images are exchanged.
  var isTransposed = false
  /// True where a label is the first of several numbers.
  var takesFirstColumn = false

  /// Reads the images and their labels.
  ///
  /// - Throws: `FormatError`: `missing` when there are no images in any of the places, `invalid` when
  ///   a file is damaged, the files contradict each other, or they are no images or classes.
  func read(in folder: String, named name: String) throws(FormatError) -> ImageDataset {
    try requireFolder(folder)
    let folders = places.map { $0.isEmpty ? folder : "\(folder)/\($0)" }
    guard
      let (place, path) = folders.lazy.compactMap({ place in
        Self.existingFile(images, in: place).map { (place, $0) }
      }).first
    else {
      throw FormatError(folder, .noneFound(names: [images, images + ".gz"], folders: folders))
    }
    let array = try IDX.read(path)
    let upright = isTransposed && array.dimensions.count == 3 ? array.transposed([0, 2, 1]) : array
    let found = try ArrayImages(upright, of: path, format: .idx)
    let count = found.pixels.count / found.imageShape.elementCount
    var classes: [UInt8]?
    if let path = Self.existingFile(labels, in: place) {
      classes = try ArrayLabels(
        IDX.read(path), count: count, takesFirstColumn: takesFirstColumn, of: path, format: .idx
      ).labels
    }
    return ImageDataset(
      name: name, imageShape: found.imageShape, storage: DataStorage(found.pixels),
      labels: classes, assumptions: found.assumptions)
  }

  /// The path of a file in a folder that may be absent: under its name or with a dot before `idx`,
  /// plain or compressed, in the folder or in one of its own name there.
  static func existingFile(_ name: String, in folder: String) -> String? {
    let spellings = [name, name.replacing("-idx", with: ".idx")]
    let names = spellings.flatMap { [$0, $0 + ".gz"] }
    let nested = spellings.flatMap { outer in names.map { "\(outer)/\($0)" } }
    return (names + nested).map { "\(folder)/\($0)" }
      .first { access($0, F_OK) == 0 && !isFolder($0) }
  }
}
