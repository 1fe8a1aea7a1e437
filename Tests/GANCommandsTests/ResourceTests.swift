#if os(Linux)
  import Foundation
  import GANTestSupport
  import Testing

  extension CommandTests {
    @Suite("A long run takes no more than a short one")
    struct ResourceTests {
      private let scratch: SmallMNIST

      init() throws { scratch = try SmallMNIST() }

      /// What a measured run asked of the system.
      private struct Account {
        let allocations: Int
        let peakResidentMB: Double
      }

      private func account(steps: Int, _ flags: [String]) throws -> Account {
        let counts = scratch.path(of: "counts-\(steps)")
        let result = try Program.run(
          ["bench", "--json", "--steps", "\(steps)"] + flags, in: scratch.path,
          environment: [
            "LD_PRELOAD": try Interposer.allocations.get().path, "ALLOCATION_COUNTS": counts,
            // Seeded anew in every process, sets and dictionaries take some hundred allocations more
            // or less while the step is compiled.
            "SWIFT_DETERMINISTIC_HASHING": "1",
          ])
        #expect(result.status == 0, "\(result.errors)")
        let count = try String(contentsOfFile: counts, encoding: .utf8)
        let report = try #require(
          JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
        return Account(
          allocations: try #require(Int(count.trimmingCharacters(in: .whitespacesAndNewlines))),
          peakResidentMB: try #require(report["peakResidentMB"] as? Double))
      }

      @Test(
        "No step allocates, and memory does not grow",
        .enabled(if: Program.isForRelease, Program.isForDebugging),
        // The tutorial's step; and more steps than anybody would wait for of a small one.
        arguments: [
          (steps: 1_000, flags: []),
          (steps: 10_000, flags: ["--hidden-size", "64", "--batch-size", "10"]),
        ])
      func memory(steps: Int, flags: [String]) throws {
        let short = try account(steps: 1_000, flags)
        let long = try account(steps: 1_000 + steps, flags)
        // Every hundredth step begins an epoch, and shuffling takes a few allocations; one in every
        // step would make this difference `steps`.
        #expect(long.allocations - short.allocations < steps / 5)
        // 10,000 step times take 80 kB, twice while they are sorted; the rest is the system's noise.
        #expect(long.peakResidentMB - short.peakResidentMB < 2)
      }

      @Test(
        "The memory stated before training is within 15 % of what the system reports at the end",
        .enabled(if: Program.isForRelease, Program.isForDebugging),
        .enabled(if: RealMNIST.folder != nil, "\(RealMNIST.absence)"),
        arguments: [
          "tutorial", "mlp-large", "dcgan-28", "dcgan-32", "sngan-32", "projection", "wgan-gp",
          "cgan", "acgan",
        ])
      func statedMemory(recipe: String) throws {
        let data = try #require(RealMNIST.folder)
        // Debug builds free earlier what the end of a run leaves.
        let result = try Program.run(
          ["train", "--recipe", recipe, "--data-dir", data, "--steps", "2"], in: scratch.path)
        #expect(result.status == 0, "\(result.errors)")
        let stated = try #require(result.errors.firstMatch(of: /memory: ([0-9.]+) MB/))
        let held = try #require(result.errors.firstMatch(of: /done: .*, ([0-9.]+) MB of memory\n/))
        let ratio = try #require(Double(held.1)) / #require(Double(stated.1))
        #expect((0.85...1.15).contains(ratio), "stated \(stated.1) MB, held \(held.1) MB")
      }

      @Test("After 1,000 steps there are the threads asked for and the few the system names")
      func threads() throws {
        let process = Process()
        process.executableURL = Program.executable
        process.arguments = [
          "train", "--data-dir", scratch.path, "--steps", "10000000", "--threads", "2", "--quiet",
          "--batch-size", "10", "--hidden-size", "16", "--set", "checkpointInterval=1000000",
          "--set", "reportInterval=1000", "--runs-dir", scratch.path(of: "runs"),
        ]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        defer {
          process.terminate()
          process.waitUntilExit()
        }
        let run = "runs/00000-mnist-tutorial-hidden16-seed0"
        let statistics = scratch.path(of: "\(run)/stats.jsonl")
        let deadline = ContinuousClock().now + Program.patience
        while (try? String(contentsOfFile: statistics, encoding: .utf8))?
          .contains(#""step":1000,"#) != true
        {
          try #require(ContinuousClock().now < deadline && process.isRunning)
          Thread.sleep(forTimeInterval: 0.02)
        }
        let tasks = "/proc/\(process.processIdentifier)/task"
        var names: [String]
        repeat {
          Thread.sleep(forTimeInterval: 0.02)
          names = try FileManager.default.contentsOfDirectory(atPath: tasks).compactMap {
            try? String(contentsOfFile: "\(tasks)/\($0)/comm", encoding: .utf8)
              .trimmingCharacters(in: .newlines)
          }
          // A thread that just began is still called like who made it.
        } while names.count { $0.hasPrefix("gan") } > 3 && ContinuousClock().now < deadline
        for name in ["gan", "gan-engine", "gan-worker"] {
          #expect(names.filter { $0 == name }.count == 1, "\(names)")
        }
        // The rest are libdispatch's, which Swift's tasks run on: at most two for each processor.
        let others = names.filter { !$0.hasPrefix("gan") }
        #expect(others.allSatisfy { $0.contains("qos") }, "\(names)")
        #expect(others.count <= 2 * ProcessInfo.processInfo.activeProcessorCount, "\(names)")
      }
    }
  }
#endif
