import GANFormats
package import GANTensor

/// The size asked of images that are made of others, or of a folder's pictures; these decide
/// the rest.
package struct FramingRequest: Hashable, Sendable {
  /// Rows and columns of an image; nil for the pictures' own as they are seen, where all have the
  /// same of at most `ownSideLimit`, else for squares of that.
  package var height, width: Int?
  /// 1 or 3; nil for 1 where all pictures are gray, else for 3.
  package var channels: Int?
  /// The colour behind transparent pixels.
  package var background = ImageFraming.Background.white

  /// The longest side that images get unasked.
  package static let ownSideLimit = 64
  /// The sides that can be asked for.
  package static let sides = 1...1024

  /// Asks for squares, or for nothing.
  package init(side: Int? = nil) { (height, width) = (side, side) }

  /// Reads `auto`, `32`, `48x32` (rows, columns) or `1x32x32` (channels first); nil from anything
  /// else.
  package init?(_ text: String) {
    self.init()
    guard text != "auto" else { return }
    let parts = text.split(separator: "x", omittingEmptySubsequences: false)
    let numbers = parts.compactMap { Int($0) }
    guard numbers.count == parts.count, (1...3).contains(numbers.count) else { return nil }
    (height, width) = (numbers[max(numbers.count - 2, 0)], numbers[numbers.count - 1])
    channels = numbers.count == 3 ? numbers[0] : nil
    guard [height, width].allSatisfy({ $0.map(Self.sides.contains) ?? true }),
      channels == nil || channels == 1 || channels == 3
    else { return nil }
  }

  /// The rule for a text, to follow "must be".
  package static let requirement =
    "auto, or rows and columns from \(sides.lowerBound) to \(sides.upperBound), as 32, 48x32 or, "
    + "with 1 or 3 channels, 1x32x32"

  /// The shape that items of a shape get: images' as asked for, points' their own.
  package func framed(_ shape: Shape) -> Shape {
    shape.rank == 3 ? framing(ofImages: shape).imageShape : shape
  }

  /// Settles what is open as images of one shape, `[C, H, W]`, have it.
  package func framing(ofImages shape: Shape) -> ImageFraming {
    ImageFraming(
      height: height ?? shape[1], width: width ?? shape[2], channels: channels ?? shape[0],
      background: background)
  }

  /// Settles what is open as pictures suggest it.
  ///
  /// - Complexity: Reads as much of the files as `ImageFile.summary` does, and only as many as it
  ///   takes to know.
  package func framing(for folder: ImageFolder) -> ImageFraming {
    var isGray = true
    var size: (height: Int, width: Int)?
    var isOneSize = height == nil || width == nil
    var isChannelsOpen = channels == nil
    for file in folder.files {
      guard isOneSize || isChannelsOpen else { break }
      // Unreadable files are reported when they are decoded.
      guard let summary = try? ImageFile.summary(of: folder.path(of: file)) else { continue }
      isGray = isGray && summary.channels < 3
      isChannelsOpen = isChannelsOpen && isGray
      let upright = (summary.uprightHeight, summary.uprightWidth)
      let first = size ?? upright
      size = first
      isOneSize =
        isOneSize && first == upright
        && max(first.height, first.width) <= Self.ownSideLimit
    }
    let own = isOneSize ? size : nil
    return ImageFraming(
      height: height ?? own?.height ?? Self.ownSideLimit,
      width: width ?? own?.width ?? Self.ownSideLimit, channels: channels ?? (isGray ? 1 : 3),
      background: background)
  }
}

extension Shape {
  /// The extents as a request spells them: `1x28x28`.
  package var extents: String { dimensions.map(String.init).joined(separator: "x") }
}
