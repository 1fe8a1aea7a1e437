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
    /// keeps them beneath its root, in `raw`, or in a folder of the data set's name.
    var places: [String] {
      ["", "\(torchvisionName)/raw", "raw", torchvisionName, rawValue]
    }

    private var torchvisionName: String {
      switch self {
      case .mnist: "MNIST"
      case .fashionMNIST: "FashionMNIST"
      case .kmnist: "KMNIST"
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
  /// The files may lie in `folder` itself, where torchvision puts this family's beneath it, in
  /// `raw` or in a folder called as the data; plain or gzip, plain first; with a dot before `idx`,
  /// and each in a folder of its own name. Labels are taken where they lie beside the images.
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
    try IDXPair(
      images: "\(split.rawValue)-images-idx3-ubyte", labels: "\(split.rawValue)-labels-idx1-ubyte",
      places: family.places
    ).read(in: folder, named: family.rawValue)
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
