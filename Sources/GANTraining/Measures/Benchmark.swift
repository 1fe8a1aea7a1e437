package import GANData
import GANRuntime
import GANTensor

/// The speed of a step; its JSON is the output of `gan bench --json`.
package struct Benchmark: Codable, Equatable, Sendable {
  /// The recipe whose step was measured.
  package var recipe: String
  /// The precision it computes in.
  package var precision: String
  /// The instruction set of its kernels, by the name that `GAN_MAX_ISA` takes; nil where they use
  /// none.
  package var instructionSet: String?
  /// Threads that computed.
  package var threads: Int
  /// Steps measured, after the warm-up.
  package var steps: Int
  /// The time of one step; of a whole period of the schedule, divided by its steps.
  package var millisecondsPerStep: Quantiles
  /// The mean of those: the time of all steps by the clock, divided by their number.
  package var meanMillisecondsPerStep: Double
  /// Periods in which the process was stopped, while steps were measured, for using up the
  /// processor time that it is granted. The median then says nothing: stops fall into few steps.
  package var throttledPeriods: Int
  /// The time of those stops, processor by processor.
  package var throttledMilliseconds: Double
  /// Real images a second, by the median step.
  package var imagesPerSecond: Double
  /// Products in the graph after dead-code removal.
  package var usefulMultiplyAddsPerStep: Int
  /// Useful operations a second, in 10^9, a multiply-add counted twice.
  package var gflops: Double
  /// Of the instruction set's widest multiply-add loop on the same threads: the best of 20 windows of 10 ms, half
  /// before and half after the steps.
  package var peakGFLOPS: Double
  /// `gflops / peakGFLOPS`.
  package var peakFraction: Double
  /// The most memory the process ever held, in 10^6 bytes.
  package var peakResidentMB: Double
  /// The time from the process's start to its first step's end; data are loaded in between.
  package var startupMilliseconds: Double

  /// The quantiles of a distribution.
  package struct Quantiles: Codable, Equatable, Sendable {
    /// Half the values are below.
    package var median: Double
    /// A tenth of the values are below.
    package var p10: Double
    /// Nine tenths of the values are below.
    package var p90: Double

    /// Interpolates between the nearest values, at least one.
    init(of values: [Double]) {
      let sorted = values.sorted()
      func quantile(_ fraction: Double) -> Double {
        let place = fraction * Double(sorted.count - 1)
        let below = Int(place)
        let above = min(below + 1, sorted.count - 1)
        return sorted[below] + (place - Double(below)) * (sorted[above] - sorted[below])
      }
      (median, p10, p90) = (quantile(0.5), quantile(0.1), quantile(0.9))
    }
  }

  /// Indented JSON.
  package var json: String { get throws { try readableJSON(self) } }
}

extension TrainingOptions {
  /// Random data in the shape of the options', of their classes in turn, for measuring: 100
  /// batches, but no more items than MNIST has, or than one batch takes.
  ///
  /// Mostly fewer than the real data, but of images more than a core's caches hold.
  ///
  /// - Throws: `RuntimeError.tooLarge` where there is no memory for them.
  package func syntheticData() throws -> any TrainingData {
    try syntheticData(count: max(batchSize, min(100 * batchSize, 60_000)))
  }

  /// Random items in the shape of the options'.
  func syntheticData(count: Int) throws -> any TrainingData {
    let itemBytes = itemShape.elementCount * (makesImages ? 1 : ElementType.float32.byteCount)
    let (bytes, overflows) = count.multipliedReportingOverflow(by: itemBytes)
    try SystemMemory.require(overflows ? .max : bytes, for: "\(count) random items")
    let stream = RandomStream(seed: seed, purpose: .syntheticImages, step: 0)
    let elementCount = count * itemShape.elementCount
    guard makesImages else {
      return PointDataset(
        name: "synthetic", dimension: itemShape.elementCount,
        values: (0..<elementCount).map(stream.normal(at:)))
    }
    let pixels = [UInt8](unsafeUninitializedCapacity: elementCount + 3) { pixels, initialized in
      for word in 0..<(elementCount + 3) / 4 {
        let bits = stream.word(at: word)
        for byte in 0..<4 {
          pixels[4 * word + byte] = UInt8(truncatingIfNeeded: bits >> (8 * byte))
        }
      }
      initialized = elementCount
    }
    let labels = classCount.map { classes in (0..<count).map { UInt8($0 % min(classes, 256)) } }
    return ImageDataset(name: "synthetic", imageShape: itemShape, pixels: pixels, labels: labels)
  }
}
