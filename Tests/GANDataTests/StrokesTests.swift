import GANTensor
import Testing

@testable import GANData

@Suite("The built-in digits are written anew, always the same")
struct StrokesTests {
  static let side = 28
  static let imageBytes = side * side
  static let many = ImageDataset.strokes(count: 2_000, seed: 5)

  static func pixels(_ index: Int) -> ArraySlice<UInt8> {
    many.pixels.dropFirst(index * imageBytes).prefix(imageBytes)
  }

  @Test func theyAreMNISTInShapeAndInDigits() {
    #expect(Self.many.name == "strokes")
    #expect(Self.many.count == 2_000)
    #expect(Self.many.imageShape == [1, Self.side, Self.side])
    #expect(Self.many.labels == (0..<2_000).map { UInt8($0 % 10) })
  }

  @Test(arguments: [1, 10, 37])
  func fewerImagesAreTheFirstOfMore(count: Int) {
    let few = ImageDataset.strokes(count: count, seed: 5)
    #expect(few.pixels[...] == Self.many.pixels.prefix(count * Self.imageBytes))
    #expect(few.labels == Self.many.labels.map { [UInt8]($0.prefix(count)) })
  }

  @Test(arguments: [0, 1, 1_999])
  func anImageNeedsNoOther(index: Int) {
    let image = StrokeDigits(seed: 5).pixels(at: UInt64(index))
    #expect(image[...] == Self.pixels(index))
  }

  @Test(arguments: 0..<10)
  func sharesOfTheWaysOfWritingADigitAddUpToOne(digit: Int) {
    let ways = StrokeSkeleton.ofDigits[digit]
    #expect(abs(ways.reduce(0) { $0 + $1.share } - 1) < 1e-6)
    #expect(ways.flatMap(\.strokes).allSatisfy { $0.count > 1 })
  }

  @Test func noTwoImagesAreTheSame() {
    let other = ImageDataset.strokes(count: 200, seed: 6)
    let test = ImageDataset.strokes(count: 200, seed: 5, split: .test)
    #expect(test.labels == other.labels)
    let all = [Self.many, other, test].flatMap { data in
      (0..<data.count).map { data.pixels.dropFirst($0 * Self.imageBytes).prefix(Self.imageBytes) }
    }
    #expect(Set(all).count == 2_400)
  }

  /// Every image is made by operations that IEEE 754 rounds, so this is no property of the machine
  /// that computed the digest. It holds the promise that `strokes` never changes: whoever changes
  /// it makes another data set, with another name.
  @Test func theBytesAreTheSameEverywhereAndForever() {
    #expect(
      ImageDataset.strokes(count: 1_000).pixelDigest()
        == "9d60e8d5f0980d7a8e68e18e3318b4bb9c12a7bbf5d1b85096d91b081b2375d0")
  }

  /// MNIST's mean is 33.3 of 255 and its deviation 78.6; strokes promise to be within 5% of both.
  @Test func theInkIsMNISTs() {
    let samples = Self.many.pixels.map { Double($0) }
    let mean = samples.reduce(0, +) / Double(samples.count)
    let square = samples.reduce(0) { $0 + $1 * $1 } / Double(samples.count)
    let deviation = (square - mean * mean).squareRoot()
    #expect(abs(mean / 33.3 - 1) < 0.05, "mean \(mean)")
    #expect(abs(deviation / 78.6 - 1) < 0.05, "deviation \(deviation)")
  }

  @Test func everyDigitFillsItsBoxAndBalancesInTheMiddle() {
    var centres = [SIMD2<Double>](repeating: [0, 0], count: 500)
    for index in centres.indices {
      let image = [UInt8](Self.pixels(index))
      let ink = (0..<Self.imageBytes).filter { image[$0] >= 128 }
      let rows = ink.map { $0 / Self.side }
      let columns = ink.map { $0 % Self.side }
      guard let top = rows.min(), let bottom = rows.max(), let left = columns.min(),
        let right = columns.max()
      else {
        Issue.record("image \(index) has no ink")
        continue
      }
      // Half a pixel at either end may be less than half covered, or just more.
      let extent = max(bottom - top, right - left) + 1
      #expect((19...21).contains(extent), "image \(index)")

      let mass = image.reduce(0.0) { $0 + Double($1) }
      for (pixel, sample) in image.enumerated() {
        let share = Double(sample) / mass
        centres[index].x += share * Double(pixel % Self.side)
        centres[index].y += share * Double(pixel / Self.side)
      }
    }
    // MNIST's digits balance at pixel (14, 14). Where lines cross, ink is not doubled, and a long
    // arm keeps its digit from moving further: a single one may be off by 2.2 pixels.
    let sum = centres.reduce(SIMD2<Double>(0, 0), +) / Double(centres.count)
    #expect(abs(sum.x - 14) < 0.15 && abs(sum.y - 14) < 0.15, "on average at \(sum)")
    let worst = centres.map { max(abs($0.x - 14), abs($0.y - 14)) }.max() ?? .infinity
    #expect(worst < 2.5)
  }

  @Test func theEdgeOfTheSheetIsPaper() {
    for index in 0..<Self.many.count {
      let image = [UInt8](Self.pixels(index))
      let isClean = (0..<Self.imageBytes).allSatisfy { pixel in
        let (row, column) = (pixel / Self.side, pixel % Self.side)
        let isInside = (1..<Self.side - 1).contains(row) && (1..<Self.side - 1).contains(column)
        return isInside || image[pixel] == 0
      }
      #expect(isClean, "image \(index)")
    }
  }
}
