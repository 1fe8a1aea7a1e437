import GANTensor

extension ImageDataset {
  /// Writes the built-in data set: digits like MNIST's, made up on the spot.
  ///
  /// Images of 1 x 28 x 28 with their labels, as many of each digit as `count` allows. They are a
  /// pure function of (seed, split, index): more images begin with the same ones, and training
  /// images are never among the test images. `docs/strokes.md` says how they are made and how
  /// close they come to MNIST.
  ///
  /// - Parameters:
  ///   - count: Images, 1 to 10,000,000; without it, as many as MNIST has: 60,000 or 10,000.
  ///   - seed: Another seed gives other images. It is the data's, not a run's: runs that should be
  ///     compared share it.
  ///   - split: Which images.
  /// - Complexity: 784 bytes an image, 47 MB for 60,000; these take about a second.
  public static func strokes(
    count: Int? = nil, seed: UInt64 = 0, split: Split = .train
  ) -> ImageDataset {
    let count = count ?? (split == .train ? 60_000 : 10_000)
    precondition((1...10_000_000).contains(count), "1 to 10,000,000 images; got \(count)")
    let digits = StrokeDigits(seed: seed)
    let first = split == .train ? 0 : StrokeDigits.firstTestIndex
    var pixels: [UInt8] = []
    pixels.reserveCapacity(count * StrokeSheet.side * StrokeSheet.side)
    var labels: [UInt8] = []
    labels.reserveCapacity(count)
    for index in first..<first + UInt64(count) {
      pixels += digits.pixels(at: index)
      labels.append(digits.label(at: index))
    }
    return ImageDataset(
      name: "strokes", imageShape: [1, StrokeSheet.side, StrokeSheet.side], pixels: pixels,
      labels: labels)
  }
}

extension NamedDataset {
  /// The built-in digits.
  package static let strokes = NamedDataset(
    name: "strokes", properName: "strokes", summary: "made-up digits",
    origin: .images { .strokes(split: $0) })
}
