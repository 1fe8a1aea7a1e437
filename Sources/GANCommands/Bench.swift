import ArgumentParser
import Foundation
import GANData
import GANRuntime
import GANTraining

/// `gan bench`.
struct Bench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure a training step.",
    discussion: "Uses random images of the recipe's shape unless data are named.")

  @OptionGroup var training: TrainingArguments
  @OptionGroup var data: DataArguments

  @Option(help: ArgumentHelp("Steps to measure, after 50 to warm up.", valueName: "n"))
  var steps = "300"

  @Flag(help: "Print one JSON document.")
  var json = false

  @Flag(help: "Also say how long each kernel took at best, on standard error.")
  var profile = false

  func run() async throws {
    let settings = try training.settings(
      data.flags + [OptionAssignment(flag: "--steps", "steps", steps)])
    try settings.validate()
    let console = Console()
    try console.say("device: \(settings.options.deviceDescription)")
    let isDataNamed =
      settings.choices.dataDir != nil || settings.choices.dataset != DataSource.automatic
    let images =
      isDataNamed
      ? try data.load(settings, console, usesNetwork: false)
      : try settings.options.syntheticData()
    let options = try settings.options(for: images)
    let result = try await Engine().benchmark(
      options, on: images, explain: Console.explain, profile: profile ? Self.tell : nil)
    print(json ? try result.json : Self.table(result), terminator: json ? "" : "\n")
  }

  @Sendable private static func tell(_ kernels: [KernelProfile]) {
    Console.writeToStandardError(KernelTable(kernels: kernels).text)
  }

  private static func table(_ result: Benchmark) -> String {
    let step = result.millisecondsPerStep
    let kind = [result.precision, result.instructionSet].compactMap(\.self).joined(separator: ", ")
    let stops = String(
      format: "throttled %d times, %.0f ms in all, by a limit on processor time: go by the mean\n",
      result.throttledPeriods, result.throttledMilliseconds)
    return String(
      format: """
        %@, %@, %d threads, %d steps
        step      %.3f ms (p10 %.3f, p90 %.3f), mean %.3f
        %@\
        images    %.0f a second
        products  %.1f of %.1f GFLOP/s, %.0f %% of the peak
        memory    %.1f MB at most
        start-up  %.0f ms to the end of the first step
        """,
      result.recipe, kind, result.threads, result.steps,
      step.median, step.p10, step.p90, result.meanMillisecondsPerStep,
      result.throttledPeriods > 0 ? stops : "", result.imagesPerSecond, result.gflops,
      result.peakGFLOPS,
      100 * result.peakFraction, result.peakResidentMB, result.startupMilliseconds)
  }
}
