package import GANTensor

/// A few numbers on a data set's images.
package struct ImageStatistics: Hashable, Sendable {
  /// Of samples brought to `[0, 1]`.
  package struct Moments: Hashable, Sendable, Encodable {
    /// Their mean.
    package let mean: Double
    /// Their population deviation.
    package let deviation: Double
  }

  /// Of all samples.
  package let all: Moments
  /// Of each channel's.
  package let channels: [Moments]
  /// The number of images of each label from 0 on; nil without labels.
  package let labelCounts: [Int]?

  /// Measures a data set.
  ///
  /// - Complexity: Reads all pixels once.
  package init(of dataset: ImageDataset) {
    let channelCount = dataset.imageShape[0]
    let area = dataset.imageShape.elementCount / channelCount
    var counts = [[Int]](repeating: [Int](repeating: 0, count: 256), count: channelCount)
    for plane in 0..<dataset.count * channelCount {
      let samples = UnsafeRawBufferPointer(
        rebasing: dataset.storage.bytes[plane * area..<(plane + 1) * area])
      Self.count(samples, in: &counts[plane % channelCount])
    }
    channels = counts.map { Moments(of: $0) }
    all = Moments(of: (0..<256).map { value in counts.reduce(0) { $0 + $1[value] } })
    labelCounts = dataset.labels.map { labels in
      var counts = [Int](repeating: 0, count: 256)
      labels.withUnsafeBytes { Self.count($0, in: &counts) }
      return Array(counts.prefix(1 + (counts.lastIndex { $0 > 0 } ?? 0)))
    }
  }

  private static func count(_ bytes: UnsafeRawBufferPointer, in counts: inout [Int]) {
    counts.withUnsafeMutableBufferPointer { counts in
      for byte in bytes { counts[Int(byte)] += 1 }
    }
  }
}

extension ImageStatistics.Moments {
  /// Measures samples of which each value from 0 to 255 occurs so often.
  fileprivate init(of counts: [Int]) {
    // Whole numbers: nothing is lost before the division.
    var (sum, squares) = (0, 0)
    for (value, occurrences) in counts.enumerated() {
      sum += value * occurrences
      squares += value * value * occurrences
    }
    let count = Double(counts.reduce(0, +))
    mean = Double(sum) / count / 255
    deviation = max(0, Double(squares) / count / (255 * 255) - mean * mean).squareRoot()
  }
}

extension ImageDataset {
  /// The first images as samples in `[-1, 1]`, at most `count`: `[N, C, H, W]`.
  package func firstImages(_ count: Int) -> HostTensor { samples(of: 0..<min(count, self.count)) }

  /// As many images, from the first on at even distances, as `firstImages` gives them: some of every
  /// class where they are in order of classes.
  package func spreadImages(_ count: Int) -> HostTensor {
    let count = min(count, self.count)
    return samples(of: (0..<count).map { $0 * self.count / count })
  }

  private func samples(of indices: some Collection<Int>) -> HostTensor {
    let samples = indices.flatMap { pixels(ofImage: $0).map { Float($0) / 127.5 - 1 } }
    return HostTensor(shape: Shape([indices.count] + imageShape.dimensions), samples)
  }
}
