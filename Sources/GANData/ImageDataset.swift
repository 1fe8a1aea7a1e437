import GANFormats
public import GANTensor

/// Images as bytes, in memory or in a mapped file, and their labels where there are any.
public struct ImageDataset: Sendable {
  /// The data's name in options and reports, such as `mnist`.
  public let name: String

  /// The number of images.
  public let count: Int

  /// The shape of one image, `[C, H, W]`.
  public let imageShape: Shape

  /// `count * C * H * W` samples, 0 to 255, image after image, where they stay.
  package let storage: DataStorage

  /// A class for each image, where the data have classes.
  public let labels: [UInt8]?

  /// The classes' names, where they are known.
  package let classNames: [String]?

  /// What was taken for granted where a file does not say it, each in words.
  package let assumptions: [String]

  /// The gray images that these are stacked of; nil where they are not.
  package let stack: ImageStack?

  /// Wraps images already in memory.
  ///
  /// - Parameters:
  ///   - name: What the data are called in options and reports.
  ///   - imageShape: `[C, H, W]`.
  ///   - pixels: A whole number of images, at least one.
  ///   - labels: One for each image.
  public init(name: String, imageShape: Shape, pixels: [UInt8], labels: [UInt8]? = nil) {
    self.init(
      name: name, imageShape: imageShape, storage: DataStorage(pixels), labels: labels)
  }

  /// Wraps images wherever they are.
  package init(
    name: String, imageShape: Shape, storage: DataStorage, labels: [UInt8]? = nil,
    classNames: [String]? = nil, assumptions: [String] = [], stack: ImageStack? = nil
  ) {
    precondition(imageShape.rank == 3, "an image is [C, H, W]; got \(imageShape)")
    let imageBytes = imageShape.elementCount
    let byteCount = storage.bytes.count
    precondition(
      imageBytes > 0 && byteCount > 0 && byteCount.isMultiple(of: imageBytes),
      "\(byteCount) samples are no images of \(imageShape)")
    self.name = name
    self.imageShape = imageShape
    self.storage = storage
    self.labels = labels
    self.classNames = classNames
    self.assumptions = assumptions
    self.stack = stack
    count = byteCount / imageBytes
    precondition(
      labels.map { $0.count == count } ?? true,
      "\(labels?.count ?? 0) labels for \(count) images")
  }

  /// The same images under another name.
  package func renamed(_ name: String) -> ImageDataset {
    ImageDataset(
      name: name, imageShape: imageShape, storage: storage, labels: labels, classNames: classNames,
      assumptions: assumptions, stack: stack)
  }

  /// The same images in another place, which holds the same bytes.
  package func stored(in storage: DataStorage) -> ImageDataset {
    ImageDataset(
      name: name, imageShape: imageShape, storage: storage, labels: labels, classNames: classNames,
      assumptions: assumptions, stack: stack)
  }

  /// The samples as an array: free where they are in memory, else a copy of all of them there.
  public var pixels: [UInt8] { storage.array }

  /// The samples of one image, where they are.
  package func pixels(ofImage index: Int) -> UnsafeRawBufferPointer {
    let size = imageShape.elementCount
    return UnsafeRawBufferPointer(rebasing: storage.bytes[index * size..<(index + 1) * size])
  }

  /// The SHA-256 digest of `pixels`, in hexadecimal: which data these are, however they were stored.
  ///
  /// - Complexity: Reads all pixels at each call, about 35 ms for MNIST.
  public func pixelDigest() -> String { digest() }
}
