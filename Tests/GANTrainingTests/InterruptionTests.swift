import Foundation
import GANData
import GANFormats
import GANNetworks
import GANTestSupport
import Testing

@testable import GANTraining

@Suite("A run that is asked to stop can go on")
struct InterruptionTests {
  private let scratch: SmallMNIST
  private let dataset: ImageDataset
  private var options: TrainingOptions

  init() throws {
    scratch = try SmallMNIST()
    dataset = try ImageDataset.mnist(in: scratch.path)
    var options = TrainingOptions.smallRun(on: dataset, epochs: 3)
    (options.reportInterval, options.keptCheckpoints) = (1, 1)
    self.options = options
  }

  private var environment: RunEnvironment { RunEnvironment(threads: 1, dataset: dataset) }

  /// So long that it is stopped within its first epochs, of which none ends in a checkpoint, however
  /// late the tests hear of a step.
  private mutating func makeLong() {
    (options.epochs, options.checkpointInterval) = (100_000, 100_000)
  }

  private func makeRun() throws -> RunFolder {
    try RunFolder.create(in: scratch.path(of: "runs"), for: options, on: environment)
  }

  /// Trains on in a folder, and asks to stop once a step is reported.
  ///
  /// - Returns: The step the run stopped after; nil where it came to its end.
  private func train(_ folder: RunFolder, stoppingAt stop: Int?) async throws -> Int? {
    let past = try StartedRun(folder)
    try past.prepare(options, on: environment)
    let request = TrainingRequest(options, on: dataset, in: folder, from: past.checkpoint)
    if stop == 0 { request.stop.stop() }
    let run = try Engine().training(request)
    for try await event in run.events {
      switch event {
      // Who listens late may miss a report.
      case .report(let report) where report.position.step >= stop ?? .max: run.stop()
      case .interrupted(let step): return step
      default: break
      }
    }
    return nil
  }

  @Test("It stops soon, saves where it is, and ends as one that nobody stopped")
  func stopping() async throws {
    let whole = try makeRun()
    #expect(try await train(whole, stoppingAt: nil) == nil)
    let folder = try makeRun()
    #expect(try await train(folder, stoppingAt: 0) == 0)
    #expect(try StartedRun(folder).checkpoint == nil)
    var former = 0
    for stop in [3, 10, 14, 29] {
      // The engine is some steps ahead of who listens, and stops before its end or after it.
      guard let step = try await train(folder, stoppingAt: stop) else { break }
      #expect(step >= stop)
      let past = try StartedRun(folder)
      #expect(past.step == step)
      #expect(past.step > former)
      former = step
    }
    _ = try await train(folder, stoppingAt: nil)
    let names = try FileManager.default.subpathsOfDirectory(atPath: whole.path).sorted()
    #expect(try FileManager.default.subpathsOfDirectory(atPath: folder.path).sorted() == names)
    for name in names where !name.hasPrefix("environment") && name != "stats.jsonl" {
      guard !isFolder("\(whole.path)/\(name)") else { continue }
      let contents = try [whole, folder].map {
        try Data(contentsOf: URL(filePath: "\($0.path)/\(name)"))
      }
      #expect(contents[0] == contents[1], "\(name)")
    }
  }

  @Test("A checkpoint that an interruption asked for goes when there is a newer one")
  func retention() {
    var options = options
    (options.keptCheckpoints, options.keptCheckpointInterval, options.epochs) = (2, 3, 9)
    // Ten steps an epoch.
    let retention = CheckpointRetention(options)
    for (steps, superfluous) in [
      ([4], []), ([4, 7], [4]), ([4, 7, 10], [4, 7]), ([10, 20, 25], []), ([10, 20, 25, 26], [25]),
      ([10, 20, 30], [10]), ([10, 20, 30, 40, 50], [10, 20]),
      ([30, 60, 70, 75, 80, 90], [75, 70]),
      ([85, 90], [85]), ([], []),
    ] as [([Int], [Int])] {
      #expect(retention.superfluous(among: steps) == superfluous.sorted(), "\(steps)")
    }
    options.epochs = nil
    options.steps = 25
    #expect(CheckpointRetention(options).superfluous(among: [10, 20, 25]) == [10])
    options.checkpointInterval = 2
    #expect(CheckpointRetention(options).superfluous(among: [10, 20, 25]) == [10])
  }

  @Test("A checkpoint that latest does not name yet neither stays nor drives out the one it names")
  mutating func unnamedCheckpoint() async throws {
    makeLong()
    let folder = try makeRun()
    let step = try #require(try await train(folder, stoppingAt: 3))
    // As a kill leaves it between the two renames of a later interruption.
    let named = "\(folder.checkpoints)/\(Checkpoint.fileName(step: step))"
    let unnamed = "\(folder.checkpoints)/\(Checkpoint.fileName(step: step + 1))"
    try FileManager.default.copyItem(atPath: named, toPath: unnamed)
    try StartedRun(folder).prepare(options, on: environment)
    #expect(folder.checkpointSteps() == [step])
    #expect(try StartedRun(folder).step == step)
  }

  @Test("Statistics beyond the checkpoint are dropped, and so is a cut line; damage is refused")
  mutating func statistics() async throws {
    makeLong()
    let folder = try makeRun()
    let step = try #require(try await train(folder, stoppingAt: 3))
    let past = try StartedRun(folder)
    let kept = try past.keptStatistics()
    let lines = String(decoding: kept, as: UTF8.self).split(separator: "\n")
    #expect(lines.last?.contains("\"step\":\(step),") == true)
    func write(_ text: String) throws {
      try Data(text.utf8).write(to: URL(filePath: folder.statistics))
    }
    let whole = String(decoding: kept, as: UTF8.self)
    for more in ["", "{\"step\":\(step + 1)}\n{\"step\":\(step + 2)}\n", "{\"ki", "\u{0}"] {
      try write(whole + more)
      #expect(try past.keptStatistics() == kept, "\(more)")
    }
    for (text, reason) in [
      ("\(whole)\n", "line \(lines.count + 1) is not a report in JSON"),
      ("\(whole){\"step\":1}\n", "line \(lines.count + 1) is of step 1, after \(step)"),
      ("{\"step\":true}\n\(whole)", "line 1 is not a report in JSON"),
    ] {
      try write(text)
      #expect(throws: TrainingError.foreign(path: folder.statistics, reason: reason)) {
        try past.prepare(options, on: environment)
      }
      #expect(try String(contentsOfFile: folder.statistics, encoding: .utf8) == text)
    }
  }

  @Test("One hold on a run at a time")
  func locks() throws {
    let folder = try makeRun()
    var lock: RunLock? = try RunLock(folder)
    #expect(throws: TrainingError.busy(path: folder.path)) { try RunLock(folder) }
    withExtendedLifetime(lock) {}
    lock = nil
    let released = try RunLock(folder)
    released.release()
    released.release()
    let next = try RunLock(folder)
    #expect(throws: TrainingError.busy(path: folder.path)) { try RunLock(folder) }
    withExtendedLifetime((released, next)) {}
    let absent = RunFolder(path: scratch.path(of: "absent"))
    #expect(throws: FormatError(absent.path, .notFound)) { try RunLock(absent) }
    let file = RunFolder(path: scratch.path(of: "train-images-idx3-ubyte"))
    #expect(throws: FormatError(file.path, .notFolder)) { try RunLock(file) }
  }
}
