import Foundation
package import GANData
import GANFormats
package import GANTraining
import Synchronization

/// Runs what is left of a sweep, one run after another or several at once.
///
/// A run of it is a run like any other: whatever ends the process, the sweep goes on from the runs'
/// checkpoints, to the same bytes. Its identity is the queue of runs.
package final class SweepRunner: Sendable {
  /// The sweep.
  package let folder: SweepFolder
  package let plan: SweepPlan
  /// Stops the runs in progress, after they have saved; no other begins.
  package let stop: StopRequest

  private let features: FeatureSearch
  private let cache: DataCache?
  private let allowsDifferentBits: Bool
  private let queue: Mutex<[(number: Int, run: SweepPlan.Case)]>
  private let data = Mutex<[String: any TrainingData]>([:])

  /// What happens in a sweep.
  package enum Note: Sendable {
    /// A run begins, or goes on from a step.
    case began(Int, SweepPlan.Case, from: Int)
    /// A report of it.
    case progress(Int, TrainingReport)
    /// It came to its end; `isFound` where that was before.
    case finished(Int, SweepPlan.Case, isFound: Bool)
    /// It diverged.
    case failed(Int, SweepPlan.Case, reason: String)
    /// It was stopped, and has saved.
    case stopped(Int, step: Int)
    /// The data of some runs are looked for.
    case data(DataNote)
  }

  /// Takes up a sweep.
  ///
  /// - Parameters:
  ///   - features: The search for features of runs that are evaluated.
  ///   - cache: The folder of downloads and packed pictures.
  ///   - allowsDifferentBits: True to go on under circumstances that round otherwise.
  package init(
    _ folder: SweepFolder, _ plan: SweepPlan, features: FeatureSearch, cache: DataCache?,
    stop: StopRequest, allowsDifferentBits: Bool = false
  ) {
    (self.folder, self.plan, self.features, self.cache) = (folder, plan, features, cache)
    (self.stop, self.allowsDifferentBits) = (stop, allowsDifferentBits)
    queue = Mutex(plan.cases.enumerated().map { ($0.offset, $0.element) })
  }

  /// Runs all that is left.
  ///
  /// - Parameters:
  ///   - lanes: Runs at once, each with an engine of its own; at least 1.
  ///   - note: Told what happens, from several threads.
  /// - Throws: The first error that is no divergence; others stop then.
  package func run(lanes: Int, note: @escaping @Sendable (Note) -> Void) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<max(lanes, 1) {
        group.addTask {
          do {
            let engine = try Engine()
            while !self.stop.isMade, let (number, run) = self.next() {
              try await self.perform(run, number, on: engine, note)
            }
          } catch {
            // The others save before they end.
            self.stop.stop()
            throw error
          }
        }
      }
      try await group.waitForAll()
    }
  }

  private func next() -> (number: Int, run: SweepPlan.Case)? {
    queue.withLock { $0.isEmpty ? nil : $0.removeFirst() }
  }

  private func perform(
    _ run: SweepPlan.Case, _ number: Int, on engine: Engine,
    _ note: @escaping @Sendable (Note) -> Void
  ) async throws {
    guard !folder.hasFailed(run) else {
      return note(.failed(number, run, reason: "it diverged before"))
    }
    let place = folder.run(run)
    if place.isRun, try StartedRun(place).isFinished(run.options) {
      return note(.finished(number, run, isFound: true))
    }
    let items = try await found(run, note)
    let environment = RunEnvironment(
      device: run.options.device, threads: run.options.threads, dataset: items,
      dataDir: run.dataDir)
    if !place.isRun { _ = try RunFolder.create(at: place.path, for: run.options, on: environment) }
    let lock = try RunLock(place)
    let past = try StartedRun(place)
    try past.check(allowingDifferentBits: allowsDifferentBits)
    try past.check(items, on: environment)
    try past.prepare(run.options, on: environment)
    note(.began(number, run, from: past.step))

    var request = TrainingRequest(run.options, on: items, in: place, from: past.checkpoint)
    request.lock = lock
    request.stop = stop
    request.progressInterval = .milliseconds(200)
    try request.addJudge(features: features)
    let log = try LineFile(place.log)
    do {
      for try await event in engine.training(request).events {
        switch event {
        case .report(let report), .progress(let report): note(.progress(number, report))
        case .interrupted(let step): note(.stopped(number, step: step))
        case .finished: note(.finished(number, run, isFound: false))
        default: break
        }
      }
    } catch let error as TrainingError {
      guard case .diverged(let step, _, _) = error else { throw error }
      try? log.append("error: \(error)")
      try folder.note(divergence: "\(error)", at: step, of: run)
      note(.failed(number, run, reason: "\(error)"))
    }
  }

  /// The data of a run; of those of other runs the last ones are kept.
  private func found(
    _ run: SweepPlan.Case, _ note: @escaping @Sendable (Note) -> Void
  ) async throws -> any TrainingData {
    let options = run.options
    // The seed draws the points of toy worlds.
    let seed = options.makesImages ? "" : "\(options.seed)"
    let key = [options.dataset, run.dataDir ?? "", "\(options.itemShape)", seed]
      .joined(separator: "\n")
    if let known = data.withLock({ $0[key] }) { return known }
    let settings = try OptionSettings(
      resuming: folder.run(run), startedWith: options, dataDir: run.dataDir, [])
    let items = try settings.dataSource(cache: cache).find { note(.data($0)) }.data
    data.withLock { $0 = [key: items] }
    return items
  }
}
