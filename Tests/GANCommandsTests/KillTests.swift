#if os(Linux)
  import Foundation
  import GANTestSupport
  import Synchronization
  import Testing

  extension CommandTests {
    @Suite("A killed run, resumed, ends with the bytes of one never killed")
    struct KillTests {
      private let scratch: SmallMNIST
      private let interposer: String
      private let undisturbed: RunContents

      init() throws {
        scratch = try SmallMNIST()
        interposer = scratch.path(of: "kills.so")
        try buildInterposer("kills.c", interposer)
        let run = ShortRun(scratch, runs: "undisturbed")
        #expect(try run.start().status == 0)
        undisturbed = try RunContents(of: #require(run.folder))
      }

      @Test("Killed at any change to its folder: before it, half-way through it, after it")
      func everyChange() async throws {
        let changes = try ShortRun(scratch, runs: "counted").changes(interposer)
        let latest = changes.indices.filter { changes[$0].hasSuffix("/latest") }
        try #require(latest.count == 3)
        // The picture, the checkpoint and what follows it, of the second epoch.
        let epoch = latest[0]..<latest[2]
        var cases: [Change] = []
        for (index, change) in changes.enumerated() {
          let isWrite = change.hasPrefix("write")
          let isTensor = isWrite && change.contains("/checkpoints/")
          // The other checkpoints are written as that one is; and after one of a checkpoint's
          // writes the disk is as before the next.
          guard epoch.contains(index) || !isTensor else { continue }
          let acts: [Change.Act] =
            (isWrite ? [.torn] : []) + (isTensor ? [] : [.before])
            + (epoch.contains(index) && !isWrite ? [.after] : [])
          cases += acts.map { Change(number: index + 1, act: $0) }
        }
        let killed = Atomic(0)
        let found = await faults(in: cases) { [scratch, interposer, undisturbed] change in
          let run = ShortRun(scratch, runs: "\(change.act)-\(change.number)")
          let result = try run.start(environment: run.environment(interposer, change))
          if result.isKilled { killed.add(1, ordering: .relaxed) }
          return try run.faults(comparedWith: undisturbed)
        }
        #expect(found.isEmpty, "\(found.joined(separator: "\n"))")
        // Threads take turns as they like: the last few changes may not come.
        #expect(killed.load(ordering: .relaxed) > cases.count - 10)
        print("killed \(killed.load(ordering: .relaxed)) times at \(changes.count) changes")
      }

      @Test("Killed twice more, while resuming")
      func whileResuming() async throws {
        let changes = try ShortRun(scratch, runs: "counted").changes(interposer)
        let latest = try #require(changes.firstIndex { $0.hasSuffix("/latest") })
        // Removing leftovers, rewriting the statistics, and training on: some 60 changes.
        let cases = stride(from: 1, through: 60, by: 2).map { Change(number: $0, act: .before) }
        let found = await faults(in: cases) { [scratch, interposer, undisturbed] change in
          let run = ShortRun(scratch, runs: "resumed-\(change.number)")
          // In the middle of writing the second checkpoint.
          let start = Change(number: latest + 20, act: .torn)
          guard try run.start(environment: run.environment(interposer, start)).isKilled else {
            return ["not killed"]
          }
          for act in [change.act, .torn] {
            let change = Change(number: change.number, act: act)
            _ = try run.resume(environment: run.environment(interposer, change))
          }
          return try run.faults(comparedWith: undisturbed)
        }
        #expect(found.isEmpty, "\(found.joined(separator: "\n"))")
      }

      @Test(
        "Killed at 25 random moments, with a checkpoint every second epoch",
        arguments: [[], ShortRun.conditional])
      func randomMoments(flags: [String]) async throws {
        try SmallMNIST.writeLabels(toFolder: scratch.path) { $0 % 10 }
        let flags = flags + ["--set", "checkpointInterval=2", "--set", "epochs=7"]
        let whole = ShortRun(scratch, runs: "whole")
        let clock = ContinuousClock()
        let start = clock.now
        #expect(try whole.start(flags).status == 0)
        // Two at once take longer than one alone.
        let end = Mutex((clock.now - start) * 1.5)
        let undisturbed = try RunContents(of: #require(whole.folder))
        var random = SplitMix(seed: 25)
        let moments = random.reals(25, in: 0...1)
        let killed = Atomic(0)
        let found = await faults(in: moments) { [scratch] moment in
          let run = ShortRun(scratch, runs: "moment-\(moment)")
          let limit = end.withLock { $0 * moment }
          let result = try run.start(flags, killedAfter: limit)
          if result.isKilled {
            killed.add(1, ordering: .relaxed)
          } else {
            end.withLock { $0 = min($0, limit) }
          }
          return try run.faults(comparedWith: undisturbed, startFlags: flags)
        }
        #expect(found.isEmpty, "\(found.joined(separator: "\n"))")
        #expect(killed.load(ordering: .relaxed) >= 10)
      }
    }
  }
#endif
