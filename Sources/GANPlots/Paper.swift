import GANFormats

/// The pixels of a picture being drawn.
struct Paper {
  let width: Int
  let height: Int
  private var samples: [UInt8]

  init(width: Int, height: Int) {
    self.width = width
    self.height = height
    samples = Array(repeating: 255, count: width * height * 3)
  }

  /// The pixels drawn so far.
  var picture: PixelImage {
    PixelImage(width: width, height: height, channels: 3, pixels: samples)
  }

  /// Lays a colour over a pixel, counted row by row from the upper left.
  ///
  /// - Parameter share: 0 leaves the pixel, 1 replaces it; in between both mix as encoded, which
  ///   is what browsers do.
  mutating func lay(_ colour: Colour, share: Double, at pixel: Int) {
    func mixed(_ paper: UInt8, _ ink: UInt8) -> UInt8 {
      UInt8((Double(paper) + (Double(ink) - Double(paper)) * share).rounded())
    }
    let sample = pixel * 3
    samples[sample] = mixed(samples[sample], colour.red)
    samples[sample + 1] = mixed(samples[sample + 1], colour.green)
    samples[sample + 2] = mixed(samples[sample + 2], colour.blue)
  }

  /// Stretches a picture over a box of the scene, each of its pixels a sharp rectangle.
  mutating func draw(_ image: IndexedImage, in box: Box, opacity: Double, scale: Double) {
    func pixels(_ low: Double, _ high: Double, limit: Int) -> Range<Int> {
      let first = min(max(Int((low * scale).rounded()), 0), limit)
      return first..<min(max(Int((high * scale).rounded()), first), limit)
    }
    /// The one of `count` pixels that lies under the middle of one of the paper.
    func source(_ pixel: Int, _ low: Double, _ extent: Double, count: Int) -> Int {
      let share = ((Double(pixel) + 0.5) / scale - low) / extent
      return min(max(Int(share * Double(count)), 0), count - 1)
    }
    for y in pixels(box.minY, box.maxY, limit: height) {
      let row = source(y, box.minY, box.height, count: image.height)
      for x in pixels(box.minX, box.maxX, limit: width) {
        let column = source(x, box.minX, box.width, count: image.width)
        let entry = Int(image.indices[row * image.width + column]) * 4
        let colour = Colour(
          red: image.colours[entry], green: image.colours[entry + 1],
          blue: image.colours[entry + 2])
        let share = Double(image.colours[entry + 3]) / 255 * opacity
        lay(colour, share: share, at: y * width + x)
      }
    }
  }
}
