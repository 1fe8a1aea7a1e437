/// An image while it is written on: a pen with a round tip and soft edges.
struct StrokeSheet {
  /// Rows and columns, as MNIST's.
  static let side = 28

  private let penRadius: Float
  private let edgeWidth: Float
  /// The depth of each pixel's centre in the ink, in pixels from the ink's edge, row by row.
  private var depths: [Float]

  /// An empty sheet.
  ///
  /// - Parameters:
  ///   - penRadius: Half the pen's width, in pixels.
  ///   - edgeWidth: Pixels over which ink fades to paper, half of them inside the pen's radius.
  init(penRadius: Float, edgeWidth: Float) {
    self.penRadius = penRadius
    self.edgeWidth = edgeWidth
    depths = [Float](repeating: -.infinity, count: Self.side * Self.side)
  }

  /// Draws straight pieces from point to point, in pixels from the top left corner.
  mutating func draw(_ line: [SIMD2<Float>]) {
    for (start, end) in zip(line, line.dropFirst()) { draw(from: start, to: end) }
  }

  /// The image, row by row: 0 is paper, 255 ink.
  var pixels: [UInt8] {
    depths.map { depth in
      UInt8(max(0, min(1, depth / edgeWidth + 0.5)) * 255 + 0.5)
    }
  }

  private mutating func draw(from start: SIMD2<Float>, to end: SIMD2<Float>) {
    let columns = Self.pixels(from: start.x, to: end.x, within: penRadius + edgeWidth)
    let rows = Self.pixels(from: start.y, to: end.y, within: penRadius + edgeWidth)
    let (dx, dy) = (end.x - start.x, end.y - start.y)
    let square = dx * dx + dy * dy
    let inverse = square > 0 ? 1 / square : 0
    for row in rows {
      for column in columns {
        let (x, y) = (Float(column) + 0.5 - start.x, Float(row) + 0.5 - start.y)
        // The nearest point of the piece, as a share of its length.
        let t = max(0, min(1, (x * dx + y * dy) * inverse))
        let (awayX, awayY) = (x - t * dx, y - t * dy)
        let depth = penRadius - (awayX * awayX + awayY * awayY).squareRoot()
        let pixel = row * Self.side + column
        if depth > depths[pixel] { depths[pixel] = depth }
      }
    }
  }

  /// The pixels of one axis that ink between two coordinates can reach.
  private static func pixels(from a: Float, to b: Float, within reach: Float) -> Range<Int> {
    let low = max(0, Int(min(a, b) - reach))
    return low..<max(low, min(side, Int(max(a, b) + reach) + 1))
  }
}
