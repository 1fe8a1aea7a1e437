package import GANTensor

/// What a data set's images are like, in a few numbers.
package struct ImageStatistics: Hashable, Sendable {
  /// The mean of all samples, brought to `[0, 1]`.
  package let mean: Double
  /// Their population deviation.
  package let deviation: Double
  /// How many images each label from 0 on has, where there are labels.
  package let labelCounts: [Int]?

  /// Measures a data set.
  ///
  /// - Complexity: Reads all pixels once.
  package init(of dataset: ImageDataset) {
    let histogram = Self.histogram(of: dataset.pixels)
    let count = Double(dataset.pixels.count)
    // Whole numbers: nothing is lost before the division.
    var (sum, squares) = (0, 0)
    for (value, occurrences) in histogram.enumerated() {
      sum += value * occurrences
      squares += value * value * occurrences
    }
    mean = Double(sum) / count / 255
    deviation = max(0, Double(squares) / count / (255 * 255) - mean * mean).squareRoot()
    labelCounts = dataset.labels.map { labels in
      let counts = Self.histogram(of: labels)
      return Array(counts.prefix(1 + (counts.lastIndex { $0 > 0 } ?? 0)))
    }
  }

  private static func histogram(of bytes: [UInt8]) -> [Int] {
    var counts = [Int](repeating: 0, count: 256)
    bytes.withUnsafeBufferPointer { bytes in
      counts.withUnsafeMutableBufferPointer { counts in
        for byte in bytes { counts[Int(byte)] += 1 }
      }
    }
    return counts
  }
}

extension ImageDataset {
  /// The first images as samples in `[-1, 1]`, at most `count`: `[N, C, H, W]`.
  package func firstImages(_ count: Int) -> HostTensor {
    let count = min(count, self.count)
    let samples = pixels.prefix(count * imageShape.elementCount).map { Float($0) / 127.5 - 1 }
    return HostTensor(shape: Shape([count] + imageShape.dimensions), samples)
  }
}
