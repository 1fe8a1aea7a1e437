import Foundation
import GANCommands
import GANRuntime
import GANTestSupport
import GANTraining
import Testing

/// Open MPI's launcher, as tests use it.
enum Launcher {
  static let path = ["/usr/bin/mpirun", "/usr/local/bin/mpirun", "/opt/homebrew/bin/mpirun"].first {
    FileManager.default.isExecutableFile(atPath: $0)
  }

  static let isThere: Bool = {
    if case .found = MPILink.library { path != nil } else { false }
  }()

  static let isMissing: Comment = "no Open MPI: Scripts/install-dependencies --tests"

  /// What lets tests start more ranks than there are processors, as root in a container.
  static let environment = [
    "OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1",
    "OMPI_MCA_rmaps_base_oversubscribe": "1", "OMPI_MCA_hwloc_base_binding_policy": "none",
    "PRTE_ALLOW_RUN_AS_ROOT": "1", "PRTE_ALLOW_RUN_AS_ROOT_CONFIRM": "1",
  ]

  /// Starts the program as so many ranks and waits for them.
  static func run(
    _ ranks: Int, _ arguments: [String], in folder: String, environment: [String: String] = [:]
  ) throws -> Program.Result {
    try Program.run(
      executable: URL(filePath: path ?? "/usr/bin/mpirun"),
      ["-np", "\(ranks)", Program.executable.path] + arguments, in: folder,
      environment: Self.environment.merging(environment) { $1 })
  }
}

extension CommandTests {
  @Suite("A run of several ranks", .enabled(if: Launcher.isThere, Launcher.isMissing))
  struct RankedRunTests {
    private let scratch: SmallMNIST

    init() throws { scratch = try SmallMNIST() }

    private func flags(_ runs: String, _ more: [String] = []) -> [String] {
      [
        "train", "--data-dir", scratch.path, "--runs-dir", scratch.path(of: runs), "--epochs", "3",
        "--threads", "1", "--latent-size", "2", "--hidden-size", "5", "--batch-size", "20",
      ] + more
    }

    private func folder(_ runs: String) throws -> String {
      let names = try FileManager.default.contentsOfDirectory(atPath: scratch.path(of: runs))
      return "\(scratch.path(of: runs))/\(try #require(names.first))"
    }

    @Test(
      "Two and four ranks leave the files of one process, of the same bytes with reduction.chunks, and go on from each other"
    )
    func chunks() throws {
      let chunks = ["--set", "reduction.chunks=4"]
      let alone = try Program.run(flags("alone", chunks), in: scratch.path)
      #expect(alone.status == 0, "\(alone.errors)")
      let expected = try RunContents(of: folder("alone"))
      for count in [2, 4] {
        let result = try Launcher.run(count, flags("\(count)", chunks), in: scratch.path)
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.lines == [try folder("\(count)")])
        #expect(result.errors.contains("ranks: \(count), each of 1 thread"))
        #expect(try RunContents(of: folder("\(count)")).differences(from: expected) == [])
      }
      // Four ranks, then one process, then two ranks.
      let short = chunks + ["--epochs", "1"]
      #expect(try Launcher.run(4, flags("mixed", short), in: scratch.path).status == 0)
      let run = try folder("mixed")
      let resumption = ["train", "--resume", run, "--threads", "1", "--epochs"]
      #expect(try Program.run(resumption + ["2"], in: scratch.path).status == 0)
      let last = try Launcher.run(2, resumption + ["3"], in: scratch.path)
      #expect(last.status == 0, "\(last.errors)")
      // Older checkpoints say how long the run was to be then.
      let differences = try RunContents(of: run).differences(from: expected)
      let names = ["generator.safetensors", "discriminator.safetensors", "stats.jsonl"]
      #expect(differences.filter(names.contains) == [])
    }

    @Test("Without it, another number of ranks goes on only where other bits are allowed")
    func resume() throws {
      let result = try Launcher.run(2, flags("runs", ["--epochs", "1"]), in: scratch.path)
      #expect(result.status == 0, "\(result.errors)")
      let resumption = ["train", "--resume", try folder("runs"), "--epochs", "2"]
      let refused = try Program.run(resumption, in: scratch.path)
      #expect(refused.status == 78)
      #expect(refused.errors.contains("it was computed by 2 ranks, this is one process"))
      let allowed = try Launcher.run(3, resumption + ["--allow-different-bits"], in: scratch.path)
      #expect(allowed.status == 0, "\(allowed.errors)")
    }

    @Test("What no rank can do is said once, with the exit code of one process")
    func refusals() throws {
      for (more, status, words) in [
        (["--batch-size", "1"], 78, "2 ranks are more than the 1 items"),
        (["--data-dir", "nowhere"], 66, "nowhere"),
        (["--set", "reduction.chunks=3"], 78, "must be a power of two"),
      ] {
        let result = try Launcher.run(2, flags("refused", more), in: scratch.path)
        #expect(result.status == status, "\(result.errors)")
        let said = result.errors.split(separator: "\n").filter { $0.hasPrefix("error: ") }
        #expect(said.count == 1, "\(result.errors)")
        #expect(said.first?.contains(words) == true, "\(result.errors)")
      }
    }

    @Test("A launcher of another MPI is refused: its processes would each train alone")
    func otherLauncher() throws {
      let result = try Program.run(
        flags("other"), in: scratch.path,
        environment: Launcher.environment.merging(["PMI_RANK": "0", "PMI_SIZE": "2"]) { $1 })
      #expect(result.status == 69)
      #expect(result.errors.contains("2 processes were started together, but Open MPI joins 1"))
      #expect(!FileManager.default.fileExists(atPath: scratch.path(of: "other")))
    }

    @Test("gan train --ranks trains as mpirun's ranks do, and says how long they exchange")
    func localRanks() throws {
      let chunks = ["--set", "reduction.chunks=2"]
      #expect(try Program.run(flags("alone", chunks), in: scratch.path).status == 0)
      let result = try Program.run(flags("two", chunks + ["--ranks", "2"]), in: scratch.path)
      #expect(result.status == 0, "\(result.errors)")
      #expect(result.lines == [try folder("two")])
      let contents = try RunContents(of: folder("two"))
      #expect(contents.differences(from: try RunContents(of: folder("alone"))) == [])
      let statistics = try String(contentsOfFile: "\(folder("two"))/stats.jsonl", encoding: .utf8)
      #expect(statistics.contains("\"exchangeSeconds\":"))
    }

    @Test("A number of ranks that cannot be is refused")
    func localRefusals() throws {
      let result = try Program.run(flags("refused", ["--ranks", "0"]), in: scratch.path)
      #expect(result.status == 64)
      #expect(result.errors.contains("--ranks must be from 1 to"), "\(result.errors)")
    }

    @Test("Two ranks with a page leave the bytes of two without one")
    func page() throws {
      for (runs, more) in [("alone", []), ("paged", ["--page"])] {
        let result = try Program.run(flags(runs, more + ["--ranks", "2"]), in: scratch.path)
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.lines.count == 1 + more.count, "one rank serves: \(result.lines)")
      }
      let contents = try RunContents(of: folder("paged"))
      #expect(contents.differences(from: try RunContents(of: folder("alone"))) == [])
    }

    @Test(
      "A signal to gan train --ranks has all ranks save and end, with the exit code of one process",
      arguments: [SIGINT, SIGTERM])
    func interruption(signal: Int32) throws {
      let process = try start(["--epochs", "1000000", "--ranks", "2"])
      kill(process.processIdentifier, signal)
      process.waitUntilExit()
      #expect(process.terminationReason == .exit)
      #expect(process.terminationStatus == 128 + signal)
      let log = try String(contentsOfFile: "\(folder("started"))/log.txt", encoding: .utf8)
      #expect(log.contains("stopped at step"))
    }

    @Test(
      "A rank that is killed ends gan train --ranks, which says so; the last checkpoint stands",
      .enabled(
        if: FileManager.default.fileExists(atPath: "/proc/self/stat"), "no list of processes"))
    func killedRank() throws {
      let process = try start(["--epochs", "1000000", "--ranks", "2"])
      let ranks = Self.ranks(of: process)
      #expect(ranks.count == 2)
      kill(try #require(ranks.last), SIGKILL)
      process.waitUntilExit()
      #expect(process.terminationReason == .exit)
      #expect(process.terminationStatus == 1)
      let sampled = try Program.run(
        ["sample", folder("started"), "--count", "1", "--output", scratch.path(of: "one.png")],
        in: scratch.path)
      #expect(sampled.status == 0, "\(sampled.errors)")
    }

    /// Starts a run that has saved a checkpoint by now.
    private func start(_ more: [String]) throws -> Process {
      let process = Process()
      process.executableURL = Program.executable
      process.arguments = flags("started", more + ["--quiet"])
      process.environment = ProcessInfo.processInfo.environment.merging(Launcher.environment) { $1 }
      process.standardOutput = FileHandle.nullDevice
      process.standardError = FileHandle.nullDevice
      try process.run()
      let end = ContinuousClock().now + Program.patience
      func hasSaved() -> Bool {
        let names = FileManager.default.enumerator(atPath: scratch.path(of: "started"))
        return (names?.allObjects as? [String] ?? []).contains {
          $0.hasSuffix("checkpoints/latest")
        }
      }
      while !hasSaved(), process.isRunning, ContinuousClock().now < end {
        Thread.sleep(forTimeInterval: 0.01)
      }
      return process
    }

    /// The ranks that a process's launcher has started, as Linux lists them.
    private static func ranks(of process: Process) -> [pid_t] {
      let all = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
      let processes = all.compactMap { pid_t($0) }
      func children(of parent: pid_t) -> [pid_t] {
        processes.filter { pid in
          // «PID (name) state parent …», and the name may hold anything.
          let line = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)
          let words = line?.split(separator: ")").last?.split(separator: " ") ?? []
          return words.count > 1 && pid_t(words[1]) == parent
        }
      }
      return children(of: process.processIdentifier).flatMap(children)
    }
  }
}
