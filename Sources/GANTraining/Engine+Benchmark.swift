package import GANData
import GANRuntime

extension Engine {
  /// Measures the training step.
  ///
  /// - Parameters:
  ///   - options: Checked first; their length is what is timed.
  ///   - warmUpSteps: Steps before them.
  package func benchmark(
    _ options: TrainingOptions, on dataset: ImageDataset, warmUpSteps: Int = 50,
    explain: (@Sendable (String) -> Void)? = nil
  ) throws -> Benchmark {
    try options.validate()
    let session = try TrainingSession(options.setup, dataset: dataset, explain: explain)
    try session.runStep()
    let startupSeconds = ProcessMeasures.secondsSinceStart()

    let steps = options.totalSteps
    var peakFLOPS = 0.0
    func measurePeak() {
      for _ in 0..<10 { peakFLOPS = max(peakFLOPS, session.device.peakFLOPS(seconds: 0.01)) }
    }

    measurePeak()
    for _ in 0..<warmUpSteps { try session.runStep() }
    let clock = ContinuousClock()
    var stepSeconds = [Double](repeating: 0, count: steps)
    for step in 0..<steps {
      let start = clock.now
      try session.runStep()
      stepSeconds[step] = seconds(clock.now - start)
    }
    measurePeak()

    let milliseconds = Benchmark.Quantiles(of: stepSeconds.map { 1_000 * $0 })
    let median = milliseconds.median / 1_000
    let flops = 2 * Double(session.multiplyAddsPerStep) / median
    return Benchmark(
      recipe: options.recipe, precision: "float32", threads: options.threads, steps: steps,
      millisecondsPerStep: milliseconds,
      imagesPerSecond: Double(options.batchSize * options.discriminatorSteps) / median,
      usefulMultiplyAddsPerStep: session.multiplyAddsPerStep,
      gflops: flops / 1e9, peakGFLOPS: peakFLOPS / 1e9, peakFraction: flops / peakFLOPS,
      peakResidentMB: Double(ProcessMeasures.peakResidentBytes()) / 1e6,
      startupMilliseconds: 1_000 * startupSeconds)
  }
}
