import ArgumentParser
import Foundation
import GANData
import GANEvaluation
import GANFormats
import GANPlots
import GANRuntime
import GANStatistics
import GANTensor
import GANTraining

/// `gan evaluate`.
struct Evaluate: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Judge generators, or pictures, against real images.",
    discussion: """
      Prints a table, the best first; every value stands beside that of real images judged \
      against others of them, as many. Images are compared by the hidden values of a classifier \
      that is trained once for each labelled data set and kept in the cache; numbers of \
      different ones cannot be compared. A run is judged against its own data unless --against \
      names others.
      """)

  @Argument(
    help: ArgumentHelp(
      """
      Runs' folders, files of weights or checkpoints; files of samples (.npy), folders of \
      pictures.
      """, valueName: "run"),
    completion: .file())
  var sources: [String]

  @Option(
    help: ArgumentHelp(
      "The real images: a data set's name, or a folder or file as --data-dir takes it.",
      valueName: "data"),
    completion: .file())
  var against: String?

  @Option(
    help: ArgumentHelp(
      "Which, such as frechet-distance,kid, in this order; all of one source by default.",
      valueName: "list"))
  var metrics: MetricList?

  @Option(
    help: ArgumentHelp(
      "Images in a set, and as many real ones; at most half the data.", valueName: "n"))
  var count = 10_000

  @Option(
    help: ArgumentHelp(
      "Disjoint sets; values are means over them, with 95 % intervals.", valueName: "n"))
  var sets = 3

  @Option(help: ArgumentHelp("Decides the latents.", valueName: "s"))
  var seed: UInt64 = 0

  @Flag(help: "Judge every checkpoint of each run, and plot the values.")
  var allCheckpoints = false

  @Option(
    help: ArgumentHelp(
      """
      Of runs with average.postHoc, judge the generator averaged over these parts of its training, too: \
      numbers from 0.01 to 0.25.
      """, valueName: "list"))
  var average: AverageLengths?

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "Where the plot goes, a .png or .svg; evaluation.png with --all-checkpoints.",
      valueName: "path"),
    completion: .file(extensions: ["png", "svg"]))
  var output: String?

  @OptionGroup var features: FeatureArguments
  @OptionGroup var threads: ThreadArguments

  @Option(help: "Where to compute: \(deviceRequirement).", completion: .list(deviceNames))
  var device = "auto"

  @Flag(help: "Print one JSON document.")
  var json = false

  @Flag(help: "Say nothing but errors.")
  var quiet = false

  func validate() throws {
    try checked(count, "--count", in: EvaluationRequest.leastCount...1_000_000)
    try checked(sets, "--sets", in: 1...1_000)
    try average?.lengths.forEach(AverageArguments.check)
    guard !sources.isEmpty else { throw ValidationError("name a run, a file or a folder") }
    guard output == nil || allCheckpoints else {
      throw ValidationError("--output is for the plot of --all-checkpoints")
    }
    guard output.map({ ["png", "svg"].contains(Self.ending(of: $0)) }) ?? true else {
      throw ValidationError("--output must end in .png or .svg")
    }
  }

  func run() async throws {
    try checkDevice(device, from: .flag("--device"))
    let console = Console(isQuiet: quiet)
    var judged = try EvaluationSources(
      sources, allCheckpoints: allCheckpoints, averages: average?.lengths ?? [])
    let data = try judged.realImages(against, on: console)
    try judged.loadImages(sized: data.found.data.itemShape, on: console)

    var request = EvaluationRequest(
      judged.all, against: data.found.data, features: features.search)
    request.testData = data.source.testImages(besides: data.found)
    // Counts of modes first: they are what stacked digits are for.
    let stacks = (data.found.data as? ImageDataset)?.stack == nil ? [] : Metric.ofStacks
    request.metrics =
      metrics?.metrics
      ?? stacks + (judged.all.count > 1 ? EvaluationReport.headline : Metric.ofImages)
    (request.count, request.sets, request.seed) = (count, sets, seed)
    request.threads = try threads.count
    request.device = DeviceKind(rawValue: device) ?? .fastest

    let reporter = EvaluationReporter(console)
    let interruption = Interruption(leaving: { reporter.leave() })
    let report = try await Engine().evaluate(request) { reporter.note($0) }
    reporter.finish()
    withExtendedLifetime(interruption) {}
    if allCheckpoints { try plot(report, on: console) }
    print(
      json ? try report.json : report.table(columns: Terminal.output.size.columns),
      terminator: json ? "" : "\n")
  }

  private func plot(_ report: EvaluationReport, on console: Console) throws {
    let path = output ?? "evaluation.png"
    guard let figure = report.figure else { return }
    if Self.ending(of: path) == "svg" {
      try AtomicFile.write([UInt8](figure.svg().utf8), to: path)
    } else {
      try PNG.writeOverview(figure.picture(), to: path)
    }
    try console.say("plot: \(path)")
  }

  private static func ending(of path: String) -> String {
    (path as NSString).pathExtension.lowercased()
  }
}

/// The flag of commands that compare images by features.
struct FeatureArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Compare by the network in this file, such as another machine's classifier.",
      valueName: "file"),
    completion: .file(extensions: ["safetensors"]))
  var features: String?

  /// The search for features.
  var search: FeatureSearch {
    FeatureSearch(cache: DataCache.ofUser.map { FeatureCache($0) }, file: features)
  }
}

/// Metrics, as a list of names: `frechet-distance,kid`.
struct MetricList: ExpressibleByArgument {
  let metrics: [Metric]

  /// Nil for text that lists none.
  init?(argument: String) {
    guard argument != "all" else {
      metrics = Metric.ofImages + Metric.ofStacks
      return
    }
    let names = argument.split(separator: ",", omittingEmptySubsequences: false)
    metrics = names.compactMap { Metric(rawValue: String($0)) }
    guard metrics.count == names.count, Set(metrics).count == names.count else { return nil }
  }

  static var allValueStrings: [String] {
    (Metric.ofImages + Metric.ofStacks).map(\.rawValue)
  }
}
