import Foundation
import GANData
import GANFormats
import GANTensor
import Testing

@Suite("Grids are laid out as torchvision lays them out")
struct ImageGridTests {
  /// Images whose every sample tells its place, never black.
  static func images(_ shape: Shape) -> HostTensor {
    HostTensor(shape: shape, (0..<shape.elementCount).map { Float($0 % 251 + 1) / 127.5 - 1 })
  }

  @Test(arguments: [
    (64, 1, 28, 28, 8, 2), (10, 3, 4, 5, 8, 2), (3, 1, 2, 2, 8, 2), (16, 3, 3, 1, 4, 0),
    (9, 1, 1, 1, 2, 3), (1, 3, 4, 4, 8, 2),
  ])
  func everyPixelIsItsImagesSampleOrBlack(
    count: Int, channels: Int, height: Int, width: Int, perRow: Int, padding: Int
  ) {
    let picture = ImageGrid(perRow: perRow, padding: padding)
      .picture(of: Self.images([count, channels, height, width]))
    // One image alone stands as it is; a grid has its first image `border` in from the corner,
    // and the next `border` after each.
    let border = count == 1 ? 0 : padding
    let columns = min(perRow, count)
    let rows = Int((Double(count) / Double(columns)).rounded(.up))
    #expect(picture.width == (width + border) * columns + border)
    #expect(picture.height == (height + border) * rows + border)
    #expect(picture.channels == channels)
    // The law from the pixel's side: which cell it is in, and where.
    for y in 0..<picture.height {
      for x in 0..<picture.width {
        let (row, inRow) = (y - border).quotientAndRemainder(dividingBy: height + border)
        let (column, inColumn) = (x - border).quotientAndRemainder(dividingBy: width + border)
        let image = row * columns + column
        let isInside =
          y >= border && x >= border && inRow < height && inColumn < width && image < count
        for channel in 0..<channels {
          let sample = picture.pixels[(y * picture.width + x) * channels + channel]
          let index = ((image * channels + channel) * height + inRow) * width + inColumn
          #expect(Int(sample) == (isInside ? index % 251 + 1 : 0), "(\(x), \(y))")
        }
      }
    }
  }

  @Test(
    arguments: [
      (-1, 0), (1, 255), (0, 128), (-2, 0), (7, 255), (Float.infinity, 255), (-Float.infinity, 0),
      (Float.nan, 0), (-0.9961, 0), (-0.996, 1), (0.9961, 255), (0.996, 254),
    ] as [(Float, UInt8)])
  func samplesAreRoundedAndClamped(value: Float, sample: UInt8) {
    let picture = ImageGrid().picture(of: HostTensor(shape: [1, 1, 1, 1], [value]))
    #expect(picture.pixels == [sample])
  }
}
