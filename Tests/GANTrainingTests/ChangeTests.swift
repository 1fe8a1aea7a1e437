import Foundation
import GANData
import GANFormats
import GANLearning
import GANNetworks
import GANRuntime
import GANTensor
import GANTestSupport
import Testing

@testable import GANTraining

@Suite("Hyperparameters change while a run goes on, and a resumed run repeats it")
struct ChangeTests {
  private let scratch: SmallMNIST
  private let dataset: ImageDataset
  private let options: TrainingOptions

  private static let rate = "optimizer.generator.learningRate"
  private static let weight = "penalty.r1.weight"

  init() throws {
    scratch = try SmallMNIST()
    dataset = try ImageDataset.mnist(in: scratch.path)
    // A checkpoint after each epoch.
    var options = TrainingOptions.smallRun(on: dataset, epochs: 4)
    options.penalties = [.r1]
    options.optimizer.discriminator.learningRate = ScheduledValue(
      from: 2e-3, to: 1e-4, over: 900, .linear)
    self.options = options
  }

  private var environment: RunEnvironment { RunEnvironment(threads: 1, dataset: dataset) }

  /// Asks for changes after some steps, as a page would.
  private struct Asker: RunObserver {
    let pace: RunPace
    let wishes: [Int: [(String, Double?)]]

    func isDue(at position: RunPosition) -> Bool { wishes[position.step] != nil }

    func look(at moment: RunMoment) async throws {
      for (name, value) in wishes[moment.position.step] ?? [] { pace.change(name, to: value) }
    }
  }

  /// Ends the process's part in a run without a word.
  private struct Kill: RunObserver, Error {
    let step: Int
    func isDue(at position: RunPosition) -> Bool { position.step == step }
    func look(at moment: RunMoment) async throws { throw self }
  }

  private static let wishes: [Int: [(String, Double?)]] = [
    4: [(rate, 1e-2)], 13: [(rate, 3e-3), (weight, 0.5)],
    17: [("optimizer.discriminator.learningRate", 5e-3)],
    26: [("optimizer.discriminator.learningRate", nil)], 38: [(weight, 2)],
  ]

  private func makeRun(_ runs: String) throws -> RunFolder {
    try RunFolder.create(in: scratch.path(of: runs), for: options, on: environment)
  }

  /// Trains on in a folder, with changes asked for on the way.
  private func train(
    _ folder: RunFolder, _ wishes: [Int: [(String, Double?)]] = [:], killedAfter step: Int? = nil
  ) async throws {
    let past = try StartedRun(folder)
    try past.prepare(options, on: environment)
    var request = TrainingRequest(options, on: dataset, in: folder, from: past.checkpoint)
    let pace = RunPace()
    request.pace = pace
    request.observers = [Asker(pace: pace, wishes: wishes)] + (step.map { [Kill(step: $0)] } ?? [])
    do {
      _ = try await Engine().training(request).outcome()
      #expect(step == nil)
    } catch is Kill {}
  }

  /// The files whose bytes follow from options, seed and changes.
  private func contents(_ folder: RunFolder) throws -> [String: Data] {
    let names = FileManager.default.enumerator(atPath: folder.path)?.allObjects as? [String] ?? []
    let kept = names.filter { name in
      !isFolder("\(folder.path)/\(name)")
        && !["environment.json", "stats.jsonl", "log.txt"].contains(name)
    }
    return try Dictionary(
      uniqueKeysWithValues: kept.map {
        ($0, try Data(contentsOf: URL(filePath: "\(folder.path)/\($0)")))
      })
  }

  private func differences(_ folder: RunFolder, _ other: RunFolder) throws -> [String] {
    let (one, two) = (try contents(folder), try contents(other))
    return Set(one.keys).union(two.keys).filter { one[$0] != two[$0] }.sorted()
  }

  @Test(
    "Killed and resumed at any step, a run that was changed ends with the bytes of one never stopped",
    arguments: [5, 12, 15, 19, 28, 37])
  func resumes(step: Int) async throws {
    let whole = try makeRun("whole")
    try await train(whole, Self.wishes)
    let changes = try whole.readChanges(of: options)
    #expect(changes.map(\.step) == [5, 14, 14, 18, 27, 39])
    #expect(changes.map(\.from)[..<3] == [2e-4, 1e-2, 10])
    #expect(changes[3].from == options.optimizer.discriminator.learningRate.value(afterImages: 425))
    let killed = try makeRun("killed")
    try await train(killed, Self.wishes, killedAfter: step)
    // What was asked for before is repeated; what was to come is asked for now.
    try await train(killed, Self.wishes.filter { $0.key >= step })
    #expect(try differences(killed, whole) == [])
  }

  @Test("A run begun anew with another's changes ends with its bytes; without them it does not")
  func replays() async throws {
    let whole = try makeRun("whole")
    try await train(whole, Self.wishes)
    let again = try makeRun("again")
    try FileManager.default.copyItem(atPath: whole.changes, toPath: again.changes)
    try await train(again)
    #expect(try differences(again, whole) == [])
    let unchanged = try makeRun("unchanged")
    try await train(unchanged)
    #expect(try differences(unchanged, whole).contains("generator.safetensors"))
    #expect(try differences(unchanged, whole).contains("options.json") == false)
  }

  @Test(
    "Ranks change with the first one, after the step with which they hear of it", arguments: [2, 3])
  func ranks(count: Int) async throws {
    let folder = try makeRun("ranks")
    let all = ThreadRanks(count: count)
    var runs: [TrainingRun] = []
    for rank in 0..<count {
      var request = TrainingRequest(options, on: dataset, in: rank == 0 ? folder : nil)
      request.ranks = Ranks(all.link(of: rank))
      if rank == 0 {
        let pace = RunPace()
        request.pace = pace
        request.observers = [Asker(pace: pace, wishes: Self.wishes)]
      }
      runs.append(try Engine().training(request))
    }
    var generators: [Data] = []
    for run in runs {
      let outcome = try #require(try await run.outcome())
      generators.append(Data(outcome.generator.tensors.flatMap(\.tensor.bytes)))
    }
    #expect(Set(generators).count == 1)
    let changes = try folder.readChanges(of: options)
    #expect(changes.map(\.step) == [6, 15, 15, 19, 28, 40])

    // One process that is changed after the same steps is the same run, but for the order of sums.
    let alone = try makeRun("one process")
    try FileManager.default.copyItem(atPath: folder.changes, toPath: alone.changes)
    try await train(alone)
    #expect(try alone.readChanges(of: options) == changes)
  }

  @Test("A line that a kill cut is no change, and is gone when the run goes on")
  func cutLine() async throws {
    let whole = try makeRun("whole")
    try await train(whole, Self.wishes)
    let cut = try makeRun("cut")
    try await train(cut, Self.wishes, killedAfter: 15)
    let line = try #require(FileManager.default.contents(atPath: whole.changes))
    let file = try FileHandle(forWritingTo: URL(filePath: cut.changes))
    try file.seekToEnd()
    try file.write(contentsOf: line.prefix(40))
    try file.close()
    #expect(try cut.readChanges(of: options).count == 3)
    try await train(cut, Self.wishes.filter { $0.key >= 15 })
    #expect(try differences(cut, whole) == [])
  }

  @Test(
    "A damaged file of changes is one error that names the line",
    arguments: [
      ("nonsense", "line 1 is not a change"),
      (
        #"{"from":0.1,"name":"optimizer.generator.learningRate","step":3}"#,
        "line 1 is not a change"
      ),
      (
        #"{"from":0.1,"name":"optimizer.generator.beta1","step":3,"to":0.2}"#,
        "line 1 changes optimizer.generator.beta1"
      ),
      (
        #"{"from":0.1,"name":"optimizer.generator.learningRate","step":3,"to":-1}"#,
        "line 1 has a value that cannot be: optimizer.generator.learningRate must be a number from"
      ),
      (
        #"{"from":0.1,"name":"optimizer.generator.learningRate","step":0,"to":1}"#,
        "line 1 is of step 0, after 1"
      ),
      (
        """
        {"from":0.1,"name":"penalty.r1.weight","step":9,"to":1}
        {"from":1,"name":"penalty.r1.weight","step":8,"to":null}
        """, "line 2 is of step 8, after 9"
      ),
    ])
  func damage(text: String, words: String) async throws {
    let folder = try makeRun("runs")
    try Data((text + "\n").utf8).write(to: URL(filePath: folder.changes))
    let error = #expect(throws: TrainingError.self) { try StartedRun(folder) }
    let said = error.map { "\($0)" } ?? ""
    #expect(said.contains("changes.jsonl: \(words)"), "\(said)")
    // Nothing was touched.
    #expect(FileManager.default.contents(atPath: folder.changes) == Data((text + "\n").utf8))
  }

  @Test(
    "What may change is what the step reads",
    arguments: [
      ([], false), (Penalty.allCases, false), ([], true), ([.wganGP], true),
    ] as [([Penalty], Bool)])
  func names(penalties: [Penalty], hasMore: Bool) throws {
    var options = options
    options.penalties = penalties
    if hasMore {
      (options.augmentation, options.average.halfLife) = ([.color], 500)
      if penalties.isEmpty { options.augmentationProbability = 0.5 }
    }
    try options.validate()
    let session = try TrainingSession(options.setup, dataset: dataset)
    #expect(Set(options.changeable.map(\.path)) == Set(session.hyperparameters.map(\.name)))
    // The page's values are the session's, a schedule's too.
    try session.setHyperparameter(Self.rate, to: 0.5)
    let changes = [HyperparameterChange(step: 1, name: Self.rate, from: 2e-4, to: 0.5)]
    for _ in 0..<3 {
      let told = options.hyperparameters(after: session.step, changes)
      let values = Dictionary(uniqueKeysWithValues: told.map { ($0.name, $0.value) })
      for (name, value) in session.hyperparameters { #expect(values[name] == value, "\(name)") }
      try session.runStep()
    }
  }
}
