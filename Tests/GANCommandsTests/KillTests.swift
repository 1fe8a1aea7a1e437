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
