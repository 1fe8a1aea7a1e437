package import GANData
package import GANRuntime

extension Engine {
  private static let benchmarkPeriodLimit = 100_000

  /// Measures the training step.
  ///
  /// - Parameters:
  ///   - options: Checked first; their length is what is timed, rounded up to whole periods of the
  ///     schedule.
  ///   - warmUpSteps: Steps before them.
  ///   - profile: Receives what each kernel did in as many steps more, which the result leaves out.
  package func benchmark(
    _ options: TrainingOptions, on dataset: any TrainingData, warmUpSteps: Int = 50,
    explain: (@Sendable (String) -> Void)? = nil,
    profile: (@Sendable ([KernelProfile]) -> Void)? = nil
  ) throws -> Benchmark {
    try options.validate()
    let session = try TrainingSession(options.setup, dataset: dataset, explain: explain)
    // A penalty that is due every so many updates is paid for by the steps in between.
    let period = session.plan.period
    guard period <= Self.benchmarkPeriodLimit else {
      throw OptionsError.contradiction(
        "the penalties' intervals repeat together after more than \(Self.benchmarkPeriodLimit) "
          + "steps, all of which would have to be measured")
    }
    try session.runStep()
    let startupSeconds = ProcessMeasures.secondsSinceStart()

    let periods = (options.totalSteps + period - 1) / period
    // Times are sorted three times, and scaled once.
    try SystemMemory.require(
      4 * periods * MemoryLayout<Double>.stride, for: "the times of \(periods) steps")
    var peakFLOPS = 0.0
    func measurePeak() {
      for _ in 0..<10 { peakFLOPS = max(peakFLOPS, session.device.peakFLOPS(seconds: 0.01)) }
    }

    measurePeak()
    for _ in 0..<warmUpSteps { try session.runStep() }
    let clock = ContinuousClock()
    var stepSeconds = [Double](repeating: 0, count: periods)
    for number in 0..<periods {
      let start = clock.now
      for _ in 0..<period { try session.runStep() }
      stepSeconds[number] = (clock.now - start).inSeconds / Double(period)
    }
    measurePeak()
    if let profile {
      session.beginProfile()
      for _ in 0..<periods * period { try session.runStep() }
      profile(session.profile)
    }

    let milliseconds = Benchmark.Quantiles(of: stepSeconds.map { 1_000 * $0 })
    let median = milliseconds.median / 1_000
    let flops = 2 * Double(session.multiplyAddsPerStep) / median
    return Benchmark(
      recipe: options.recipe, precision: "float32", threads: options.threads,
      steps: periods * period,
      millisecondsPerStep: milliseconds,
      imagesPerSecond: Double(options.batchSize * options.discriminatorSteps) / median,
      usefulMultiplyAddsPerStep: session.multiplyAddsPerStep,
      gflops: flops / 1e9, peakGFLOPS: peakFLOPS / 1e9, peakFraction: flops / peakFLOPS,
      peakResidentMB: Double(ProcessMeasures.peakResidentBytes()) / 1e6,
      startupMilliseconds: 1_000 * startupSeconds)
  }
}
