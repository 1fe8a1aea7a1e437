import ArgumentParser
import Foundation
import GANEvaluation
import GANStatistics
import GANTraining

/// `gan runs best`.
struct RunsBest: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "best",
    abstract: "Print the folder of the best run by a metric.",
    discussion: """
      Only runs that were evaluated while they trained can be compared \
      (--set evaluation.interval=10); each is judged at its best checkpoint, which \
      gan sample RUN --best uses. gan evaluate compares any.
      """)

  @Argument(
    help: ArgumentHelp("Runs, or folders of runs; all in --runs-dir by default.", valueName: "run"),
    completion: .directory)
  var runs: [String] = []

  @OptionGroup var choice: RunChoice

  @Option(
    help: ArgumentHelp(
      "The metric; the one that chooses their best checkpoints by default.", valueName: "name"),
    completion: .list(Metric.ofImages.map(\.rawValue)))
  var by: String?

  @Flag(help: "Print one JSON document.")
  var json = false

  func validate() throws {
    guard by.map({ Metric(rawValue: $0) != nil }) ?? true else {
      throw ValidationError("--by must name a metric, such as frechet-distance")
    }
  }

  func run() throws {
    let entries = try choice.entries(runs)
    let judged = entries.filter { $0.judgement != nil }
    guard let first = judged.first else {
      throw CommandError(
        .missing, "none of \(entries.count) runs was evaluated",
        help: "gan evaluate RUN RUN compares any; --set evaluation.interval=10 evaluates a new run")
    }
    let name = by ?? first.options.evaluation.metric.rawValue
    guard let metric = Metric(rawValue: name) else {
      throw CommandError(.usage, "--by must name a metric, got \(name)")
    }
    if let warning = RunTable(judged).warning {
      throw CommandError(
        .badOptions, warning, help: "--where or the names of runs choose those that can be")
    }
    let ranked = judged.compactMap { entry in
      entry.judgement.flatMap { Self.distance($0, metric) }.map { (entry, $0) }
    }
    guard let best = ranked.min(by: { $0.1 < $1.1 })?.0, let judgement = best.judgement else {
      throw CommandError(.missing, "none of \(judged.count) evaluated runs has \(name)")
    }
    guard !json else { return print(try readableJSON(best), terminator: "") }
    let value = judgement.metrics[name]
    Console.writeToStandardError(
      "\(name) \(cell(value?.value)) after epoch \(judgement.epoch), real images "
        + "\(cell(value?.floor)); the best of \(ranked.count)"
        + (ranked.count < entries.count ? ", \(entries.count - ranked.count) have none" : ""))
    print(best.folder.path)
  }

  /// How far a value is from the best there can be; nil where there is none.
  private static func distance(_ judgement: RecordedJudgement, _ metric: Metric) -> Double? {
    guard let found = judgement.metrics[metric.rawValue], let value = found.value else {
      return nil
    }
    return switch metric.preference {
    case .smaller: value
    case .larger: -value
    case .likeReal: found.floor.map { abs(value - $0) }
    }
  }
}
