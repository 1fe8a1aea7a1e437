package import GANFormats

/// Pictures shown one after another, for ever.
package struct Animation: Hashable, Sendable {
  /// At least one; all of the same extents and channels.
  package let frames: [PixelImage]
  /// Frames a second.
  package let rate: Int

  /// The fastest that every viewer shows as it is.
  package static let rates = 1...50

  /// Puts frames in a row.
  package init(frames: [PixelImage], rate: Int) {
    precondition(!frames.isEmpty && Self.rates.contains(rate), "\(frames.count) at \(rate)")
    let shapes = Set(frames.map { [$0.width, $0.height, $0.channels] })
    precondition(shapes.count == 1, "frames differ: \(shapes)")
    self.frames = frames
    self.rate = rate
  }

  /// The kinds of files.
  package enum Form: String, CaseIterable, Sendable {
    /// At most 256 colours: exact for gray pictures.
    case gif
    /// WebP, lossless.
    case webp
    /// Animated PNG; viewers that do not know it show the first frame.
    case png
  }

  /// The bytes of a file.
  ///
  /// - Throws: `ExportError.tooLarge` where the form has no such extents; `FormatError`.
  package func encoded(as form: Form) throws -> [UInt8] {
    let limit = form == .gif ? 65_535 : form == .webp ? 16_383 : PNG.extentLimit
    let extent = max(frames[0].width, frames[0].height)
    guard extent <= limit else {
      throw ExportError.contradiction(
        "frames of \(extent) rows or columns do not fit in \(form.rawValue), which has at most "
          + "\(limit)")
    }
    return switch form {
    case .gif: gif
    case .webp: try webP()
    case .png: try animatedPNG()
    }
  }

  /// The time at which a frame ends, in so many units a second.
  private func end(ofFrame index: Int, unitsPerSecond: Int) -> Int {
    ((index + 1) * unitsPerSecond + rate / 2) / rate
  }

  /// The time for which a frame is shown. Ends are rounded, so that errors do not add up.
  func duration(ofFrame index: Int, unitsPerSecond: Int) -> Int {
    end(ofFrame: index, unitsPerSecond: unitsPerSecond)
      - end(ofFrame: index - 1, unitsPerSecond: unitsPerSecond)
  }
}

extension [UInt8] {
  /// Appends a number's lowest bytes, the lowest first.
  mutating func append(_ value: Int, bytes count: Int) {
    for place in 0..<count { append(UInt8(truncatingIfNeeded: value >> (8 * place))) }
  }

  /// Appends a number's lowest bytes, the highest first.
  mutating func append(bigEndian value: Int, bytes count: Int) {
    for place in (0..<count).reversed() {
      append(UInt8(truncatingIfNeeded: value >> (8 * place)))
    }
  }
}
