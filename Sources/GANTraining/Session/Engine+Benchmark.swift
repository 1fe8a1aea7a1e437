import Foundation
package import GANData
package import GANRuntime

extension Engine {
  private static let benchmarkPeriodLimit = 100_000

  /// Measures the training step.
  ///
  /// - Parameters:
  ///   - options: Valid ones; their length is timed, rounded up to whole periods of the schedule.
  ///   - warmUpSteps: Steps before them.
  ///   - profile: Receives the kernels' profile over as many steps more, not in the result.
  package func benchmark(
    _ options: TrainingOptions, on dataset: any TrainingData, warmUpSteps: Int = 50,
    explain: (@Sendable (String) -> Void)? = nil,
    profile: (@Sendable ([KernelProfile]) -> Void)? = nil
  ) async throws -> Benchmark {
    let session = try TrainingSession(options.setup, dataset: dataset, explain: explain)
    // The cost of a periodic penalty is spread over the steps of its period.
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
    try await run(session, until: session.step + warmUpSteps)
    let clock = ContinuousClock()
    var stepSeconds: [Double] = []
    stepSeconds.reserveCapacity(periods)
    let firstStep = session.step
    let throttlingBefore = ControlGroups(read: systemFile).throttling
    var start = clock.now
    let timer = Observer<TrainingSession>(
      isDue: { ($0 - firstStep).isMultiple(of: period) },
      look: { _ in
        let end = clock.now
        stepSeconds.append((end - start).inSeconds / Double(period))
        start = end
      })
    try await run(session, until: firstStep + periods * period, observers: [timer])
    let throttling = ControlGroups(read: systemFile).throttling
    measurePeak()
    if let profile {
      session.beginProfile()
      try await run(session, until: session.step + periods * period)
      profile(session.profile)
    }

    let milliseconds = Benchmark.Quantiles(of: stepSeconds.map { 1_000 * $0 })
    let median = milliseconds.median / 1_000
    let flops = 2 * Double(session.multiplyAddsPerStep) / median
    return Benchmark(
      recipe: options.recipe, precision: options.device.precision(options.precision),
      instructionSet: options.device == .cpu ? InstructionSet.active.rawValue : nil,
      threads: session.device.threadCount,
      steps: periods * period,
      millisecondsPerStep: milliseconds,
      meanMillisecondsPerStep: 1_000 * stepSeconds.reduce(0, +) / Double(periods),
      throttledPeriods: throttling.periods - throttlingBefore.periods,
      throttledMilliseconds: 1_000 * (throttling.seconds - throttlingBefore.seconds),
      imagesPerSecond: Double(options.batchSize * options.discriminatorSteps) / median,
      usefulMultiplyAddsPerStep: session.multiplyAddsPerStep,
      gflops: flops / 1e9, peakGFLOPS: peakFLOPS / 1e9, peakFraction: flops / peakFLOPS,
      peakResidentMB: Double(ProcessMeasures.peakResidentBytes()) / 1e6,
      startupMilliseconds: 1_000 * startupSeconds)
  }
}

/// The text of a file of the system's; nil where there is none.
private func systemFile(_ path: String) -> String? {
  try? String(contentsOfFile: path, encoding: .utf8)
}
