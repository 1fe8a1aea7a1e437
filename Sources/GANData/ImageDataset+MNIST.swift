import GANFormats
import GANTensor

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

extension ImageDataset {
  /// Data sets stored in files of the same names and format; only the folder tells them apart.
  public enum MNISTFamily: String, Sendable, CaseIterable {
    /// Handwritten digits.
    case mnist
    /// Clothes.
    case fashionMNIST = "fashion-mnist"
    /// Handwritten hiragana.
    case kmnist

    /// Places of the files beneath a folder, the most likely first: in it, where torchvision
    /// keeps them beneath its root, or in `raw`.
    var places: [String] { ["", torchvisionFolder, "raw"] }

    private var torchvisionFolder: String {
      switch self {
      case .mnist: "MNIST/raw"
      case .fashionMNIST: "FashionMNIST/raw"
      case .kmnist: "KMNIST/raw"
      }
    }
  }

  /// A part of a data set.
  public enum Split: String, Sendable, CaseIterable {
    /// Images to train on.
    case train
    /// Images held back to judge with.
    case test = "t10k"
  }

  /// Loads MNIST or a data set in its files from a folder.
  ///
  /// The files may lie in `folder` itself, where torchvision puts this family's beneath it, or in
  /// `raw`; plain or gzip, plain first. Labels are taken where they lie beside the images.
  ///
  /// - Parameters:
  ///   - folder: The data's folder, or torchvision's root.
  ///   - family: Whose files to look for beneath `folder`; also the data's name.
  ///   - split: Which images.
  /// - Throws: `FormatError`: `missing` when there are no images in any of those places, `invalid`
  ///   when a file is damaged or the files contradict each other.
  /// - Complexity: Memory for the images plus 128 KiB; about 0.17 s for compressed MNIST, zlib's.
  /// - Source: LeCun, Cortes, Burges, "The MNIST database of handwritten digits".
  public static func mnist(
    in folder: String, family: MNISTFamily = .mnist, split: Split = .train
  ) throws -> ImageDataset {
    try requireFolder(folder)
    let places = family.places.map { $0.isEmpty ? folder : "\(folder)/\($0)" }
    let imagesName = "\(split.rawValue)-images-idx3-ubyte"
    let found = places.lazy.compactMap { place in
      existingFile(imagesName, in: place).map { (place, $0) }
    }.first
    guard let (place, imagesPath) = found else {
      let names = [imagesName, imagesName + ".gz"]
      throw FormatError(folder, .noneFound(names: names, folders: places))
    }
    let images = try IDX.read(imagesPath)
    guard images.shape.rank == 3, images.shape.elementCount > 0 else {
      throw wrongShape(images, of: imagesPath, expected: "images, rows, columns")
    }
    return ImageDataset(
      name: family.rawValue,
      imageShape: [1, images.shape[1], images.shape[2]],
      pixels: images.bytes,
      labels: try existingFile("\(split.rawValue)-labels-idx1-ubyte", in: place)
        .map { try labels(in: $0, imageCount: images.shape[0]) })
  }

  /// Loads Fashion-MNIST's training images from the system's package `dataset-fashion-mnist`.
  ///
  /// - Throws: `FormatError` as `mnist(in:family:split:)`; `missing` when it is not installed.
  public static func systemFashionMNIST() throws -> ImageDataset {
    let folder = systemFashionMNISTFolder ?? systemFashionMNISTFolders[0]
    return try mnist(in: folder, family: .fashionMNIST)
  }

  /// Folders in which systems install `dataset-fashion-mnist`, the most likely first.
  public static let systemFashionMNISTFolders = [
    "/usr/share/datasets/fashion-mnist", "/usr/local/share/datasets/fashion-mnist",
  ]

  /// The folder of `dataset-fashion-mnist`; nil where it is not installed.
  package static var systemFashionMNISTFolder: String? {
    systemFashionMNISTFolders.first { isFolder($0) }
  }

  private static func labels(in path: String, imageCount: Int) throws(FormatError) -> [UInt8] {
    let labels = try IDX.read(path)
    guard labels.shape.rank == 1 else {
      throw wrongShape(labels, of: path, expected: "labels")
    }
    guard labels.shape[0] == imageCount else {
      throw FormatError(
        path, .corrupt(.idx, .labelCount(images: imageCount, labels: labels.shape[0])))
    }
    return labels.bytes
  }

  private static func wrongShape(
    _ tensor: HostTensor, of path: String, expected: String
  ) -> FormatError {
    let dimensions = tensor.shape.dimensions
    return FormatError(
      path, .corrupt(.idx, .wrongShape(dimensions: dimensions, expected: "[\(expected)]")))
  }

  /// The path of `name`, plain or compressed, in a folder that may be absent.
  static func existingFile(_ name: String, in folder: String) -> String? {
    ["\(folder)/\(name)", "\(folder)/\(name).gz"].first { access($0, F_OK) == 0 }
  }
}

/// Checks that a folder is at a path.
///
/// - Throws: `FormatError` of kind `missing`.
func requireFolder(_ folder: String) throws(FormatError) {
  guard access(folder, F_OK) == 0 else {
    throw FormatError(folder, errno == EACCES ? .unreadable(code: EACCES) : .notFound)
  }
  guard isFolder(folder) else { throw FormatError(folder, .notFolder) }
}
