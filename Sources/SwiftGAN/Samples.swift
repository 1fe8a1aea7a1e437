public import Foundation
import GANData
import GANFormats
import GANTensor

/// What a generator made: images, or points.
public struct Samples: Sendable {
  private let items: HostTensor

  init(_ items: HostTensor) { self.items = items }

  /// How many there are.
  public var count: Int { items.shape[0] }

  /// `[N, C, H, W]` of images, `[N, D]` of points.
  public var shape: [Int] { items.shape.dimensions }

  /// Every sample of every image, in `[-1, 1]`; every coordinate of every point.
  public var values: [Float] { items.floats }

  /// Every sample of every image as 0 to 255, rounded as pictures have it; of NaN 0.
  public var pixels: [UInt8] { items.floats.map(ImageGrid.sample) }

  /// All images as one PNG.
  ///
  /// - Parameter perRow: Images side by side, at least 1.
  /// - Throws: `GANError` where these are points, or more images than a picture can hold.
  public func png(perRow: Int = 8) throws -> Data {
    try inPublicWords { Data(try PNG.encoded(picture(perRow))) }
  }

  /// Writes all images as one PNG.
  ///
  /// - Parameters:
  ///   - path: The file, replaced if it is there.
  ///   - perRow: Images side by side, at least 1.
  /// - Throws: `GANError`, also where the file cannot be written.
  public func writeGrid(to path: String, perRow: Int = 8) throws {
    try inPublicWords { try PNG.write(picture(perRow), to: path) }
  }

  /// Writes the values as a NumPy array.
  ///
  /// - Throws: `GANError` where the file cannot be written.
  public func writeArray(to path: String) throws {
    try inPublicWords { try Npy.write(items, to: path) }
  }

  private func picture(_ perRow: Int) throws -> PixelImage {
    guard perRow > 0 else {
      throw GANError(.invalidArgument, "a picture has at least 1 image a row, got \(perRow)")
    }
    guard shape.count == 4, [1, 3].contains(shape[1]) else {
      throw GANError(.invalidArgument, "points have no picture, only a list of values")
    }
    let grid = ImageGrid(perRow: perRow)
    let (rows, columns) = grid.extents(count: shape[0], height: shape[2], width: shape[3])
    guard max(rows, columns) <= PNG.extentLimit else {
      throw GANError(
        .invalidArgument,
        "a picture has at most \(PNG.extentLimit) rows and columns of pixels, "
          + "got \(rows) x \(columns)")
    }
    return grid.picture(of: items)
  }
}
