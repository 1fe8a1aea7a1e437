import GANData
import GANEvaluation
import GANRuntime
import GANTraining

/// Resolves every run of a sweep before the first begins: what is wrong with the last one is said now.
struct SweepPlanner {
  private let request: SweepRequest
  private let jobs: Int
  private let console: Console

  init(_ request: SweepRequest, jobs: Int, _ console: Console) {
    (self.request, self.jobs, self.console) = (request, jobs, console)
  }

  /// The plan.
  ///
  /// - Parameter load: Finds the data of settings.
  /// - Throws: `OptionsError`, and what finding data throws.
  func plan(_ load: (OptionSettings, Console) throws -> any TrainingData) throws -> SweepPlan {
    let wishes = try request.wishes()
    let settings = try wishes.map { try OptionSettings(sharingThreads($0.assignments)) }
    for one in settings { try one.validate() }
    var known: [String: any TrainingData] = [:]
    var runs: [(labels: [SweepRequest.Label], options: TrainingOptions, dataDir: String?)] = []
    for (wish, one) in zip(wishes, settings) {
      let choices = one.choices
      let isPoints = NamedDataset.named(choices.dataset)?.isPoints == true
      let key = [
        choices.dataset, choices.dataDir ?? "", choices.imageSize, choices.dataMirror ?? "",
        isPoints ? "\(one.options.seed)" : "",
      ].joined(separator: "\n")
      let items = try known[key] ?? load(one, Console(isQuiet: console.isQuiet || isPoints))
      known = [key: items]
      var options = try one.options(for: items)
      options.decideEvaluation()
      try GeneratorJudge.check(options)
      runs.append((wish.labels, options, choices.dataDir))
    }
    return SweepPlan(name: request.name, runs)
  }

  /// Threads for each of several runs at once, where nobody says how many.
  private func sharingThreads(_ assignments: [OptionAssignment]) -> [OptionAssignment] {
    guard jobs > 1, !assignments.contains(where: { $0.path == "threads" }) else {
      return assignments
    }
    return [OptionAssignment("threads", "\(max(1, defaultThreadCount / jobs))", .flag("--jobs"))]
      + assignments
  }
}
