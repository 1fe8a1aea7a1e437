import ArgumentParser
import Foundation
import GANData
import GANRuntime
import GANTraining

/// What the other ranks must know of a run to compute it with the first one.
private struct SharedRun: Codable {
  let options: TrainingOptions
  /// Names the data as the first rank looked for them.
  let dataset: String
  let dataDir: String?
  let dataMirror: String?
  let imageSize: String
  let recordedClassCount: Int?
  /// Their digest, which every rank's must have.
  let dataSHA256: String
  /// What the ranks of a machine must know to have them once; nil where each loads them.
  let images: SharedImages?
  /// Seconds that a rank may be silent.
  let timeout: Double
}

// Training as one of several ranks: the first writes files and speaks, the others compute with it.
extension Train {
  /// Refuses a number of ranks that contradicts the launcher's.
  ///
  /// - Throws: `ValidationError`.
  func validateRanks() throws {
    try checked(rankCount, "--ranks", in: 1...1_024)
    let started = RankLaunch.ofProcess?.rankCount
    if let rankCount, let started, rankCount != started {
      throw ValidationError(
        "--ranks \(rankCount) starts processes, and \(started) were started together already")
    }
  }

  /// Trains as the rank that a launcher has made this process, and leaves together with the others.
  ///
  /// - Throws: `ExitCode`, once what went wrong has been said.
  func run(as launch: RankLaunch) async throws {
    let ranks = Ranks(try MPILink(joining: launch.rankCount))
    var status: Int32 = 0
    do {
      if ranks.isFirst {
        // The others wait while data are found.
        ranks.beginWork()
        try await run(ranks)
      } else {
        try await follow(ranks)
      }
    } catch RankError.ended(_, let code) {
      status = code
    } catch {
      // The first rank's words do for all that went wrong everywhere.
      let code = exitStatus(of: error)
      ranks.tellEnd(status: code)
      status = code
      if !ranks.hearsEndBefore() {
        status = report(ranks.isFirst ? error : error.named(ranks.rank))
      }
    }
    ranks.endWork()
    if !ranks.leave() { ranks.abort(status: status) }
    throw ExitCode(status)
  }

  /// Tells the other ranks what to compute, before anything is written.
  ///
  /// - Returns: The data, where this machine's ranks have them.
  func share(
    _ data: any TrainingData, _ options: TrainingOptions, _ settings: OptionSettings,
    _ environment: RunEnvironment, with ranks: Ranks
  ) throws -> any TrainingData {
    let source = try settings.dataSource(cache: nil)
    let run = SharedRun(
      options: options, dataset: source.name, dataDir: settings.choices.dataDir,
      dataMirror: settings.choices.dataMirror, imageSize: settings.choices.imageSize,
      recordedClassCount: source.recordedClassCount, dataSHA256: environment.dataSHA256,
      images: SharedImages(data), timeout: settings.choices.mpiTimeout)
    ranks.timeout = .seconds(run.timeout)
    ranks.endWork()
    _ = try ranks.shared(Array(JSONEncoder().encode(run)))
    return try load(run, with: ranks) { data }
  }

  /// The data of a run, which the ranks of a machine have in memory once.
  private func load(
    _ run: SharedRun, with ranks: Ranks, _ find: () throws -> any TrainingData
  ) throws -> any TrainingData {
    guard let launch = RankLaunch.ofProcess else { return try find() }
    return try ranks.load(
      sharing: run.images, as: launch,
      in: FileManager.default.temporaryDirectory.path(percentEncoded: false), find)
  }

  /// Tells the other ranks that there is nothing to train.
  func leaveUntrained(_ ranks: Ranks?) throws {
    guard let ranks else { return }
    ranks.endWork()
    _ = try ranks.shared([])
  }

  /// Computes what the first rank tells, with its own part of the data.
  private func follow(_ ranks: Ranks) async throws {
    let console = Console(isQuiet: true)
    let interruption = Interruption()
    let shared = try ranks.shared([])
    // Where the first rank has nothing to train it leaves.
    guard !shared.isEmpty else { return }
    let run = try JSONDecoder().decode(SharedRun.self, from: Data(shared))
    ranks.timeout = .seconds(run.timeout)
    let data = try load(run, with: ranks) { try find(run, console) }
    guard data.digest() == run.dataSHA256 else {
      throw CommandError(
        .badFile, "its data are not those of the first rank",
        help: "every rank reads the same data set: name a folder that all machines have, --data-dir"
      )
    }
    interruption.beginTraining()
    var request = TrainingRequest(run.options, on: data)
    request.ranks = ranks
    request.stop = interruption.request
    request.stopsOnCollapse = onCollapse == .stop
    let training = try Engine().training(request)
    guard try await training.outcome() == nil, let signal = interruption.received else { return }
    throw Interrupted(signal: signal)
  }

  private func find(_ run: SharedRun, _ console: Console) throws -> any TrainingData {
    func assigned(_ path: String, _ text: String?) -> OptionAssignment? {
      text.map { OptionAssignment(path, $0, .flag("the first rank")) }
    }
    let settings = try OptionSettings(
      [
        assigned("dataset", run.dataset), assigned("dataDir", run.dataDir),
        assigned("dataMirror", run.dataMirror),
        assigned("imageSize", run.imageSize == RunChoices().imageSize ? nil : run.imageSize),
        assigned("seed", "\(run.options.seed)"),
      ].compactMap(\.self))
    var source = try settings.dataSource(cache: DataCache.ofUser)
    source.recordedClassCount = run.recordedClassCount
    return try source.find(on: console)
  }

  /// Says how many compute, and warns where they are more than the processors they may use.
  func announce(_ ranks: Ranks, _ options: TrainingOptions, _ console: Console) throws {
    let (threads, usable) = (options.threads, CPUDevice.processorCount)
    let all = ProcessInfo.processInfo.activeProcessorCount
    func count(_ number: Int, _ word: String) -> String {
      "\(number) \(word)\(number == 1 ? "" : "s")"
    }
    try console.say(
      "ranks: \(ranks.rankCount), each of \(count(threads, "thread")); this one may use "
        + count(usable, "processor"))
    let local = RankLaunch.ofProcess?.localCount ?? ranks.rankCount
    if threads > usable {
      try console.say(
        "warning: a rank computes on \(count(threads, "thread")) and may use "
          + "\(count(usable, "processor")): mpirun --bind-to none, or --threads \(usable)")
    } else if usable == all, local * threads > usable {
      try console.say(
        "warning: \(local) ranks of \(count(threads, "thread")) share \(count(usable, "processor")) "
          + "here: fewer ranks, or --threads \(max(1, usable / local))")
    }
  }
}

extension RankLaunch {
  /// This process's place among several; nil where it is alone.
  static var ofProcess: RankLaunch? {
    RankLaunch(environment: ProcessInfo.processInfo.environment)
      .flatMap { $0.rankCount > 1 ? $0 : nil }
  }
}

extension TrainingOptions {
  /// Makes sure that ranks can share every batch, and gives each the threads that it has processors for,
  /// unless a number is given.
  ///
  /// - Throws: `OptionsError.contradiction`.
  mutating func divide(among ranks: Ranks?, threadsAreGiven: Bool) throws {
    guard let ranks, let launch = RankLaunch.ofProcess else { return }
    try validate(rankCount: ranks.rankCount)
    guard !threadsAreGiven else { return }
    threads = min(
      threads,
      launch.threadCount(
        usable: CPUDevice.processorCount, of: ProcessInfo.processInfo.activeProcessorCount))
  }
}

extension Error {
  /// The error with the rank that it happened at.
  fileprivate func named(_ rank: Int) -> any Error {
    guard let known = description(of: self) else { return self }
    return CommandError(
      known.status, "rank \(rank): \(known.message)", help: known.help, notes: known.notes)
  }
}
