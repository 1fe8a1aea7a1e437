import GANFormats

/// Colours for numbers, evenly spaced to the eye.
package enum ColourMap: CaseIterable, Hashable, Sendable {
  /// From dark to bright: more is brighter.
  case sequential
  /// From one hue over white to another: the middle of the range is neutral.
  case diverging

  /// Steps from end to end: what an indexed picture has room for beside "nothing".
  package static let stepCount = 255

  /// The colour at a share of the way, 0 to 1; what lies outside is clamped.
  ///
  /// Between anchors colours go straight through OKLab.
  package func colour(at share: Double) -> Colour {
    let anchors = anchors
    let place = min(max(share, 0), 1) * Double(anchors.count - 1)
    let first = min(Int(place), anchors.count - 2)
    let (from, to) = (Colour(anchors[first]).perceived, Colour(anchors[first + 1]).perceived)
    return Colour(perceived: from + (to - from) * (place - Double(first)))
  }

  /// - Source: the sequential anchors are nine of viridis, Smith and van der Walt, 2015; the
  ///   diverging ones go from blue to orange, which no colour blindness confuses.
  private var anchors: [UInt32] {
    switch self {
    case .sequential:
      [
        0x440154, 0x472d7b, 0x3b528b, 0x2c728e, 0x21918c, 0x28ae80, 0x5ec962, 0xaddc30, 0xfde725,
      ]
    case .diverging:
      [0x0b559f, 0x4f94cd, 0xa3c9e6, 0xf5f5f3, 0xf5c08f, 0xdd8536, 0xa04b00]
    }
  }

  /// A picture of steps, `clear` where there is nothing.
  func picture(columns: Int, rows: Int, steps: [UInt8]) -> IndexedImage {
    var colours = (0..<Self.stepCount).flatMap { step in
      let colour = colour(at: Double(step) / Double(Self.stepCount - 1))
      return [colour.red, colour.green, colour.blue, 255]
    }
    colours += [0, 0, 0, 0]
    return IndexedImage(width: columns, height: rows, colours: colours, indices: steps)
  }

  /// The step that has no colour.
  static let clear = UInt8(stepCount)

  /// The step for a share of the way; `clear` for NaN.
  static func step(at share: Double) -> UInt8 {
    guard !share.isNaN else { return clear }
    return UInt8((min(max(share, 0), 1) * Double(stepCount - 1)).rounded())
  }
}
