import GANTensor

/// Endless handwritten digits, each a pure function of (seed, index).
///
/// A digit's skeleton is bent and slanted by a hand, then brought into MNIST's frame: it fills a
/// box of 20 pixels in its longer direction, and its centre of mass is in the middle, as far as
/// it can be without ink on the outermost pixels.
///
/// An image is the same on every machine, to the byte: everything about it comes of Philox's
/// integers by sums, products, quotients and square roots, each rounded once as IEEE 754 asks.
/// No other function is called, and Swift contracts nothing into fused operations.
///
/// - Source: The frame is that of LeCun, Cortes, Burges, "The MNIST database of handwritten
///   digits"; skeletons and hands are our own.
package struct StrokeDigits: Hashable, Sendable {
  /// Test images have the indices from here on, training images those below. A multiple of ten.
  package static let firstTestIndex: UInt64 = 1_000_000_000_000

  /// The longer side of the box a digit fills, in pixels.
  private static let boxSide: Float = 20
  /// A digit's centre of mass, in pixels from the top left corner: MNIST's digits have it at the
  /// centre of pixel (14, 14) on average, not at the corner of four pixels.
  private static let middle = SIMD2<Float>(14.5, 14.5)

  private let seed: UInt64

  /// Names the digits of a seed; writes none.
  package init(seed: UInt64) { self.seed = seed }

  /// The digit on an image: the digits take turns.
  package func label(at index: UInt64) -> UInt8 { UInt8(index % 10) }

  /// Writes one image, `[28, 28]`: 0 is paper, 255 ink.
  package func pixels(at index: UInt64) -> [UInt8] {
    let stream = RandomStream(seed: seed, purpose: .strokeDigits, step: index)
    var draws = RandomDraws(of: stream)
    let skeleton = StrokeSkeleton.drawn(for: label(at: index), by: &draws)
    let hand = StrokeHand(drawnBy: &draws)
    let lines = skeleton.strokes.map { hand.line(along: $0, drawnBy: &draws) }
    var sheet = StrokeSheet(penRadius: hand.penRadius, edgeWidth: hand.edgeWidth)
    for line in Self.framed(lines, by: hand) { sheet.draw(line) }
    return sheet.pixels
  }

  /// Scales and moves lines so that their ink fills the box and balances in the middle.
  private static func framed(_ lines: [[SIMD2<Float>]], by hand: StrokeHand) -> [[SIMD2<Float>]] {
    var low = lines[0][0]
    var high = low
    // Ink is spread evenly along the lines, so their centre of mass is the ink's.
    var (moment, length) = (SIMD2<Float>(0, 0), Float(0))
    for (start, end) in lines.lazy.flatMap({ zip($0, $0.dropFirst()) }) {
      low = pointwiseMin(low, pointwiseMin(start, end))
      high = pointwiseMax(high, pointwiseMax(start, end))
      let (dx, dy) = (end.x - start.x, end.y - start.y)
      let segment = (dx * dx + dy * dy).squareRoot()
      moment += (start + end) * (0.5 * segment)
      length += segment
    }
    let extent = high - low
    let scale = (boxSide - 2 * hand.penRadius) / max(extent.x, extent.y)
    // Where lines may begin and end for the outermost pixels to stay paper.
    let nearest = 1 + hand.penRadius + hand.edgeWidth / 2
    let farthest = Float(StrokeSheet.side) - nearest
    let shift = pointwiseMin(
      pointwiseMax(middle - moment / length * scale, nearest - low * scale),
      farthest - high * scale)
    return lines.map { line in line.map { $0 * scale + shift } }
  }
}

/// Random numbers of one stream, one after another.
struct RandomDraws {
  private let stream: RandomStream
  private var count = 0

  init(of stream: RandomStream) { self.stream = stream }

  /// A uniform number from `range.lowerBound` up to, not including, `range.upperBound`.
  mutating func uniform(in range: Range<Float> = 0..<1) -> Float {
    defer { count += 1 }
    return range.lowerBound
      + stream.uniform(at: count) * (range.upperBound - range.lowerBound)
  }

  /// Four uniforms' sum, with mean 0 and a deviation: like a normal, but never beyond
  /// sqrt(12) = 3.46 deviations, so that nothing is bent out of recognition.
  mutating func bell(_ deviation: Float) -> Float {
    let sum = uniform() + uniform() + uniform() + uniform()
    // A uniform's variance is 1 / 12, so the sum's is 1 / 3.
    return (sum - 2) * (Float(3).squareRoot() * deviation)
  }
}
