import GANFormats
public import GANTensor

/// Images resident in memory as bytes, and their labels where there are any.
public struct ImageDataset: Sendable {
  /// What the data are called in options and reports, such as `mnist`.
  public let name: String

  /// The number of images.
  public let count: Int

  /// The shape of one image, `[C, H, W]`.
  public let imageShape: Shape

  /// `count * C * H * W` samples, 0 to 255, image after image.
  public let pixels: [UInt8]

  /// A class for each image, where the data have classes.
  public let labels: [UInt8]?

  /// Wraps images already in memory.
  ///
  /// - Parameters:
  ///   - name: What the data are called in options and reports.
  ///   - imageShape: `[C, H, W]`.
  ///   - pixels: A whole number of images, at least one.
  ///   - labels: One for each image.
  public init(name: String, imageShape: Shape, pixels: [UInt8], labels: [UInt8]? = nil) {
    precondition(imageShape.rank == 3, "an image is [C, H, W]; got \(imageShape)")
    let imageBytes = imageShape.elementCount
    precondition(
      imageBytes > 0 && !pixels.isEmpty && pixels.count.isMultiple(of: imageBytes),
      "\(pixels.count) samples are no images of \(imageShape)")
    self.name = name
    self.imageShape = imageShape
    self.pixels = pixels
    self.labels = labels
    count = pixels.count / imageBytes
    precondition(
      labels.map { $0.count == count } ?? true,
      "\(labels?.count ?? 0) labels for \(count) images")
  }

  /// The SHA-256 digest of `pixels`, in hexadecimal: which data these are, however they were stored.
  ///
  /// - Complexity: Reads all pixels at each call, about 35 ms for MNIST.
  public func pixelDigest() -> String { SHA256.hexadecimalDigest(of: pixels) }
}
