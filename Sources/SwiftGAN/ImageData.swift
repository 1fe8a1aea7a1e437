import GANData
public import GANTensor

/// Images to imitate, all in memory.
public struct ImageData: Sendable {
  let dataset: ImageDataset

  /// Loads MNIST's training images, or those of a data set in the same files.
  ///
  /// - Parameter folder: Holds the files, plain or gzip; torchvision's folders will do.
  /// - Throws: Where there are none, or a file is damaged.
  public static func mnist(in folder: String) throws -> ImageData {
    ImageData(dataset: try ImageDataset.mnist(in: folder))
  }

  /// Writes the built-in data set: digits like MNIST's, made up on the spot.
  ///
  /// - Parameters:
  ///   - count: Images, 1 to 10,000,000; more of them begin with the same ones. 60,000 take about a
  ///     second and 47 MB.
  ///   - seed: Another seed gives other images.
  public static func strokes(count: Int = 60_000, seed: UInt64 = 0) -> ImageData {
    ImageData(dataset: ImageDataset.strokes(count: count, seed: seed))
  }

  /// Wraps images already in memory.
  ///
  /// - Parameters:
  ///   - name: What the data are called in saved files.
  ///   - shape: Of one image, `[C, H, W]`.
  ///   - pixels: 0 to 255, image after image: a whole number of them, at least one.
  ///   - labels: The class of each, from 0, where they have classes.
  public init(name: String, shape: Shape, pixels: [UInt8], labels: [UInt8]? = nil) {
    self.init(
      dataset: ImageDataset(name: name, imageShape: shape, pixels: pixels, labels: labels))
  }

  /// The same images resized by an antialiased filter, from a centred rectangle of the new
  /// proportions.
  ///
  /// - Parameter shape: `[C, H, W]`; C is 1 (gray) or 3 (colour), as that of these images must be.
  public func resized(to shape: Shape) -> ImageData {
    precondition(
      shape.rank == 3 && [1, 3].contains(shape[0]) && shape[1] > 0 && shape[2] > 0,
      "images are [1 or 3, rows, columns]; got \(shape)")
    precondition([1, 3].contains(dataset.imageShape[0]), "neither gray nor colour: \(self.shape)")
    var request = FramingRequest()
    (request.channels, request.height, request.width) = (shape[0], shape[1], shape[2])
    return ImageData(dataset: dataset.framed(as: request))
  }

  private init(dataset: ImageDataset) { self.dataset = dataset }

  /// The number of images.
  public var count: Int { dataset.count }

  /// The shape of one image, `[C, H, W]`.
  public var shape: Shape { dataset.imageShape }
}
