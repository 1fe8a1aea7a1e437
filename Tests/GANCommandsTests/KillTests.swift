#if os(Linux)
  import Foundation
  import GANTestSupport
  import Synchronization
  import Testing

  extension CommandTests {
    @Suite("A killed run, resumed, ends with the bytes of one never killed")
    struct KillTests {
      private let scratch: SmallMNIST
      private let undisturbed: RunContents

      init() throws {
        scratch = try SmallMNIST()
        undisturbed = try ShortRun.undisturbed.get()
      }

      @Test("Killed at any change to its folder: before it, half-way through it, after it")
      func everyChange() async throws {
        let changes = try ShortRun.changes.get()
        let latest = changes.indices.filter { changes[$0].path.hasSuffix("/latest") }
        try #require(latest.count == 3)
        // The picture, the checkpoint and what follows it, of the second epoch.
        let epoch = latest[0]..<latest[2]
        var cases: [Change] = []
        for (index, change) in changes.enumerated() {
          let isWrite = change.call == "write"
          let isTensor = isWrite && change.place.part == "checkpoints"
          // The other checkpoints are written as that one is; and after one of a checkpoint's
          // writes the disk is as before the next.
          guard epoch.contains(index) || !isTensor else { continue }
          let acts: [Change.Act] =
            (isWrite ? [.torn] : []) + (isTensor ? [] : [.before])
            + (epoch.contains(index) && !isWrite ? [.after] : [])
          cases += acts.map { Change(place: change.place, act: $0) }
        }
        let found = await faults(in: cases) { [scratch, undisturbed] change in
          let run = ShortRun(scratch, runs: "\(change.act)-\(change.place)")
          let result = try run.start(environment: run.disturbed(by: change))
          return (result.isKilled ? [] : ["not killed"])
            + (try run.faults(comparedWith: undisturbed))
        }
        #expect(found.isEmpty, "\(found.joined(separator: "\n"))")
        print("killed \(cases.count) times at \(changes.count) changes")
      }

      @Test("Killed twice more, while resuming")
      func whileResuming() async throws {
        // In the middle of writing the second checkpoint.
        let changes = try ShortRun.changes.get()
        let latest = try #require(changes.firstIndex { $0.path.hasSuffix("/latest") })
        let writes = changes[latest...].filter {
          $0.call == "write" && $0.place.part == "checkpoints"
        }
        let start = Change(place: try #require(writes.dropFirst(12).first).place, act: .torn)
        // Removing leftovers, rewriting the statistics, and training on.
        let counts = ["rest": 12, "statistics": 12, "checkpoints": 48, "samples": 6]
        let places = counts.sorted { $0.key < $1.key }.flatMap { part, count in
          (1...count).map { Change.Place(part: part, number: $0) }
        }
        let killed = Mutex<Set<String>>([])
        let found = await faults(in: Campaign.share(of: places, every: 5)) {
          [scratch, undisturbed] place in
          let run = ShortRun(scratch, runs: "resumed-\(place)")
          guard try run.start(environment: run.disturbed(by: start)).isKilled else {
            return ["not killed"]
          }
          for act in [Change.Act.before, .torn] {
            let result = try run.resume(
              environment: run.disturbed(by: Change(place: place, act: act)))
            if result.isKilled { _ = killed.withLock { $0.insert(place.part) } }
          }
          return try run.faults(comparedWith: undisturbed)
        }
        #expect(found.isEmpty, "\(found.joined(separator: "\n"))")
        #expect(killed.withLock { $0 } == Set(counts.keys))
      }

      @Test("Killed while the clock has the state saved after every step")
      func timed() throws {
        // No checkpoint of the schedule before the end: whatever is gone on from, the clock has saved. Steps
        // are many, so that the disk keeps up with some of them within an epoch.
        let flags = [
          "--set", "checkpointInterval=8", "--set", "epochs=8", "--batch-size", "1",
        ]
        let often = ["--set", "checkpointMinutes=1e-9"]
        let whole = ShortRun(scratch, runs: "whole")
        #expect(try whole.start(flags).status == 0)
        let undisturbed = try RunContents(of: #require(whole.folder))
        #expect(!undisturbed.names.contains("checkpoints/timed.safetensors"))
        // As many saves as the disk keeps up with: no two runs have the same changes.
        var steps: Set<String> = []
        for number in stride(from: 1, through: 60, by: Campaign.isWhole ? 1 : 7) {
          let run = ShortRun(scratch, runs: "timed-\(number)")
          let act: Change.Act = [.before, .torn, .after][number % 3]
          let change = Change(
            place: Change.Place(part: "checkpoints", number: number), act: act)
          let first = try run.start(flags + often, environment: run.disturbed(by: change))
          // Once more, at the same place of what is left; before the folder is there it is a start.
          func again(_ more: [String], _ environment: [String: String]) throws -> Program.Result {
            try run.folder == nil
              ? run.start(flags + more, environment: environment)
              : run.resume(more, environment: environment)
          }
          let second = first.isKilled ? try again(often, run.disturbed(by: change)) : first
          let third = second.isKilled ? try again([], [:]) : second
          #expect(third.status == 0, "\(change): \(third.errors)")
          for result in [second, third] {
            if let step = result.errors.firstMatch(of: /, from step ([0-9]+)\n/) {
              steps.insert(String(step.1))
            }
          }
          let contents = try RunContents(of: #require(run.folder))
          #expect(contents.differences(from: undisturbed).isEmpty, "\(change)")
        }
        // Some went on from the middle of an epoch, with the readings since the last report.
        #expect(
          steps.contains { Int($0).map { !$0.isMultiple(of: SmallMNIST.count) } ?? false },
          "\(steps)")
      }

      @Test("A state that the clock saved before the newest checkpoint is passed over, and removed")
      func olderState() throws {
        let run = ShortRun(scratch, runs: "older")
        #expect(try run.start().status == 0)
        let folder = try #require(run.folder)
        let timed = "\(folder)/checkpoints/timed.safetensors"
        try FileManager.default.copyItem(
          atPath: "\(folder)/checkpoints/step-6.safetensors", toPath: timed)
        #expect(try run.resume().errors.contains("is finished"))
        let result = try run.resume(["--epochs", "4"])
        #expect(result.status == 0 && result.errors.contains(", from step 9\n"), "\(result.errors)")
        #expect(!FileManager.default.fileExists(atPath: timed))
        // A damaged one says so; it is never taken for what it is not.
        try Data([1, 2, 3]).write(to: URL(filePath: timed))
        let damaged = try run.resume(["--epochs", "5"])
        #expect(damaged.status == 65 && damaged.errors.contains(timed), "\(damaged.errors)")
      }

      @Test(
        "Killed at random moments, with a checkpoint every second epoch",
        arguments: [[], ShortRun.conditional])
      func randomMoments(flags: [String]) async throws {
        try SmallMNIST.writeLabels(toFolder: scratch.path) { $0 % 10 }
        let flags = flags + ["--set", "checkpointInterval=2", "--set", "epochs=7"]
        let whole = ShortRun(scratch, runs: "whole")
        let clock = ContinuousClock()
        let start = clock.now
        #expect(try whole.start(flags).status == 0)
        // A run that ends before its moment shows that moments come too late, and another one follows
        // it, so that the machine's load decides how many runs there are and not how many are killed.
        let end = Mutex(clock.now - start)
        let undisturbed = try RunContents(of: #require(whole.folder))
        let seeds = Array(0..<UInt64(Campaign.count(6, whole: 25)))
        let found = await faults(in: seeds) { [scratch] seed in
          var random = SplitMix(seed: seed)
          var found: [String] = []
          for (attempt, moment) in random.reals(100, in: 0...1).enumerated() {
            let run = ShortRun(scratch, runs: "moment-\(seed)-\(attempt)")
            let limit = end.withLock { $0 * moment }
            let result = try run.start(flags, killedAfter: limit)
            found += try run.faults(comparedWith: undisturbed, startFlags: flags)
            if result.isKilled { return found }
            end.withLock { $0 = min($0, limit) }
          }
          return found + ["never killed"]
        }
        #expect(found.isEmpty, "\(found.joined(separator: "\n"))")
      }
    }
  }
#endif
