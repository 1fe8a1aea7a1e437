package import GANFormats
package import GANTensor

/// The way pictures of any size become images of one.
///
/// A picture is turned the right way up and laid on `background` where it is transparent; the
/// largest centred rectangle of the images' proportions is cut out and resized by an antialiased
/// bicubic filter. All of that is done with sRGB values as they are stored, as browsers, Pillow
/// and the measures of image quality do it, not in linear light.
package struct ImageFraming: Hashable, Sendable {
  /// Rows and columns of an image.
  package let height, width: Int
  /// 1 (gray, of Rec. 601's weights) or 3 (red, green, blue).
  package let channels: Int
  /// The colour behind transparent pixels.
  package let background: Background

  /// A colour of three 8-bit parts.
  package struct Background: Hashable, Sendable {
    /// The parts, 0 to 255.
    package let red, green, blue: UInt8

    /// Mixes a colour.
    package init(red: UInt8, green: UInt8, blue: UInt8) {
      (self.red, self.green, self.blue) = (red, green, blue)
    }

    /// Paper, where nothing else is asked for.
    package static let white = Background(red: 255, green: 255, blue: 255)

    /// Reads `white`, `black` or six hexadecimal digits such as `ff8000`; nil from anything else.
    package init?(_ text: String) {
      switch text {
      case "white": self = .white
      case "black": self.init(red: 0, green: 0, blue: 0)
      default:
        guard text.utf8.count == 6, text.allSatisfy(\.isHexDigit),
          let parts = UInt32(text, radix: 16)
        else { return nil }
        self.init(
          red: UInt8(parts >> 16), green: UInt8(parts >> 8 & 255), blue: UInt8(parts & 255))
      }
    }

    /// True for a colour without hue.
    var isGray: Bool { red == green && green == blue }

    /// Six hexadecimal digits.
    package var hexadecimal: String { [red, green, blue].map(\.hexadecimal).joined() }
    /// `white`, `black` or the digits.
    package var name: String {
      switch hexadecimal {
      case "ffffff": "white"
      case "000000": "black"
      case let digits: digits
      }
    }
  }

  /// Describes images.
  package init(height: Int, width: Int, channels: Int, background: Background = .white) {
    precondition(height > 0 && width > 0, "got \(height) x \(width)")
    precondition(channels == 1 || channels == 3, "1 or 3 channels; got \(channels)")
    (self.height, self.width, self.channels) = (height, width, channels)
    self.background = background
  }

  /// The shape of one image, `[C, H, W]`.
  package var imageShape: Shape { [channels, height, width] }

  /// Makes an image of a picture: `C * H * W` samples, channel after channel.
  ///
  /// - Complexity: Time as the pixels cut out; memory for the image and one row of the picture.
  package func image(of picture: RasterImage) -> [UInt8] {
    let crop = crop(height: picture.uprightHeight, width: picture.uprightWidth)
    let source = PictureRows(picture, crop, background)
    var resizer = resizer(of: crop, channels: source.channels)
    resizer.resize { source.read($0, into: &$1) }
    return [UInt8](unsafeUninitializedCapacity: imageShape.elementCount) { samples, count in
      write(resizer.sums, channels: source.channels, to: samples)
      count = samples.count
    }
  }

  /// A rectangle of a picture as it is seen.
  struct Crop: Hashable {
    let top, left, height, width: Int
  }

  /// The largest centred rectangle of the images' proportions, whole pixels of it.
  func crop(height tall: Int, width wide: Int) -> Crop {
    let isTooWide = wide * height > tall * width
    let cropHeight = isTooWide ? tall : min(max((wide * height + width / 2) / width, 1), tall)
    let cropWidth = isTooWide ? min(max((tall * width + height / 2) / height, 1), wide) : wide
    return Crop(
      top: (tall - cropHeight) / 2, left: (wide - cropWidth) / 2, height: cropHeight,
      width: cropWidth)
  }

  /// The resizer of such rectangles of 1 or 3 channels.
  func resizer(of crop: Crop, channels: Int) -> ImageResizer {
    ImageResizer(
      rows: ResamplingAxis(from: crop.height, to: height),
      columns: ResamplingAxis(from: crop.width, to: width), channels: channels)
  }

  /// Rounds a resized picture once, and brings its 1 or 3 channels, side by side, to the images'.
  func write(
    _ sums: [Float], channels depth: Int, to samples: UnsafeMutableBufferPointer<UInt8>
  ) {
    let area = height * width
    precondition(
      sums.count == area * depth && samples.count == area * channels,
      "\(sums.count) and \(samples.count) samples of \(imageShape)")
    for channel in 0..<channels {
      for pixel in 0..<area {
        let value =
          if depth == channels {
            sums[pixel * depth + channel]
          } else if depth == 1 {
            sums[pixel]
          } else {
            luma(sums[3 * pixel], sums[3 * pixel + 1], sums[3 * pixel + 2])
          }
        samples[channel * area + pixel] = UInt8(min(max(value, 0), 255) + 0.5)
      }
    }
  }
}

/// The luma of a colour. Source: ITU-R BT.601.
private func luma(_ red: Float, _ green: Float, _ blue: Float) -> Float {
  0.299 * red + 0.587 * green + 0.114 * blue
}

/// The rows of a rectangle of a picture, the right way up and laid on a colour.
private struct PictureRows {
  /// 1 (gray) or 3, side by side.
  let channels: Int

  private let picture: RasterImage
  private let crop: ImageFraming.Crop
  private let background: [Float]

  init(_ picture: RasterImage, _ crop: ImageFraming.Crop, _ background: ImageFraming.Background) {
    self.picture = picture
    self.crop = crop
    self.background = [background.red, background.green, background.blue].map { Float($0) }
    // A gray picture stays gray unless a colour shows through it.
    channels = picture.channels == 1 || picture.channels == 2 && background.isGray ? 1 : 3
  }

  func read(_ row: Int, into line: inout [Float]) {
    let (width, height) = (picture.width, picture.height)
    let (rowsReversed, columnsReversed) = picture.orientation.isReversed
    let (stored, step): (Int, Int)
    if picture.orientation.isTransposed {
      let column = columnsReversed ? width - 1 - crop.top - row : crop.top + row
      stored = (rowsReversed ? height - 1 - crop.left : crop.left) * width + column
      step = rowsReversed ? -width : width
    } else {
      let fileRow = rowsReversed ? height - 1 - crop.top - row : crop.top + row
      stored = fileRow * width + (columnsReversed ? width - 1 - crop.left : crop.left)
      step = columnsReversed ? -1 : 1
    }
    let depth = picture.channels
    let hasAlpha = depth.isMultiple(of: 2)
    let lastColour = depth < 3 ? 0 : 2
    for column in 0..<crop.width {
      let place = (stored + column * step) * depth
      let opacity = hasAlpha ? Float(picture.pixels[place + depth - 1]) / 255 : 1
      for channel in 0..<channels {
        let value = Float(picture.pixels[place + min(channel, lastColour)])
        line[column * channels + channel] =
          hasAlpha ? value * opacity + background[channel] * (1 - opacity) : value
      }
    }
  }
}
