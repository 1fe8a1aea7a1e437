import GANData
import GANFormats
public import GANTensor

/// Generated images.
public struct Samples: Sendable {
  private let images: HostTensor

  init(_ images: HostTensor) { self.images = images }

  /// `[N, C, H, W]`.
  public var shape: Shape { images.shape }

  /// Every sample of every image, in `[-1, 1]`.
  public var values: [Float] { images.floats }

  /// Writes all images as one PNG, eight a row.
  ///
  /// - Throws: Where the file cannot be written.
  public func writeGrid(to path: String) throws {
    try PNG.write(ImageGrid().picture(of: images), to: path)
  }

  /// Writes the values as a NumPy array.
  ///
  /// - Throws: Where the file cannot be written.
  public func writeArray(to path: String) throws { try Npy.write(images, to: path) }
}
