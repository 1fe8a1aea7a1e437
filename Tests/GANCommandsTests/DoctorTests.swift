import Foundation
import GANCommands
import GANData
import GANFormats
import GANTestSupport
import Testing

extension CommandTests {
  @Suite("gan doctor")
  struct DoctorTests {
    private let scratch: SmallMNIST

    init() throws { scratch = try SmallMNIST() }

    /// What is asserted of `gan doctor --json`.
    private struct Report: Decodable {
      let findings: [Finding]
      let environment: [String: String]

      func finding(_ name: String) -> Finding? { findings.first { $0.name == name } }
    }

    private func examine(
      _ flags: [String] = [], environment: [String: String] = [:]
    ) throws -> (status: Int32, report: Report) {
      let result = try Program.run(
        ["doctor", "--json"] + flags, in: scratch.path, environment: environment)
      #expect(result.errors.isEmpty)
      return (
        result.status, try JSONDecoder().decode(Report.self, from: Data(result.output.utf8))
      )
    }

    @Test("Where nothing is missing it exits with 0 and has looked at everything")
    func healthy() throws {
      let (status, report) = try examine(environment: [
        "GAN_SET_SEED": "4", "XDG_CACHE_HOME": scratch.path, "EDITOR": "vi",
      ])
      #expect(status == 0)
      #expect(
        report.findings.map(\.name) == [
          "processor", "instructions", "processors", "threads", "load", "memory", "libraries",
          "ranks",
          "runs", "cache",
          "data",
          "terminal", "options",
        ])
      #expect(report.findings.allSatisfy { $0.verdict != .bad })
      for library in ["libpng", "zlib"] {
        let text = try #require(report.finding("libraries")?.text)
        #expect(text.contains(try Regex(#"\#(library) [0-9]+\.[0-9]+\.[0-9]+"#)), "\(text)")
      }
      #expect(report.finding("options")?.text == "GAN_SET_DATA_MIRROR, GAN_SET_SEED")
      #expect(report.finding("cache")?.text.hasPrefix("\(scratch.path)/swift-gan, ") == true)
      #expect(report.environment["GAN_SET_SEED"] == "4")
      #expect(report.environment["EDITOR"] == nil)
    }

    @Test("It finds data in the cache")
    func cachedData() throws {
      let environment = ["XDG_CACHE_HOME": scratch.path]
      let cache = try #require(DataCache(environment: environment))
      let dataset = try #require(NamedDataset.kmnist.download)
      try makeFolder(cache.folder(of: dataset))
      for file in dataset.files {
        try Data().write(to: URL(filePath: cache.path(of: file, in: dataset)))
      }
      let (_, report) = try examine(environment: environment)
      #expect(report.finding("data")?.text.contains("kmnist in the cache") == true)
    }

    @Test("Where something needed is missing it says what to do, and exits with 69")
    func missing() throws {
      let file = scratch.path(of: "train-images-idx3-ubyte")
      let (status, report) = try examine(
        ["--runs-dir", "\(file)/runs"],
        environment: ["GAN_SET_BATCH_SIEZ": "4", "NO_COLOR": "1"])
      #expect(status == 69)
      let runs = report.finding("runs")
      #expect(runs?.verdict == .bad)
      #expect(runs?.text == "cannot write \(file)/runs")
      #expect(runs?.help == "name another folder, --runs-dir folder")
      let options = report.finding("options")
      #expect(options?.verdict == .bad)
      #expect(options?.help?.hasPrefix("did you mean GAN_SET_BATCH_SIZE?") == true)
      #expect(report.environment["NO_COLOR"] == "1")
    }

    @Test("A name that no instruction set has is a finding here, and ends other commands with 78")
    func unknownInstructions() throws {
      let environment = ["GAN_MAX_ISA": "mmx"]
      let (status, report) = try examine(environment: environment)
      #expect(status == 69)
      let finding = try #require(report.finding("instructions"))
      #expect(finding.verdict == .bad)
      #expect(report.environment["GAN_MAX_ISA"] == "mmx")
      let result = try Program.run(
        ["recipes", "list"], in: scratch.path, environment: environment)
      #expect(result.status == 78)
      let help = try #require(finding.help)
      #expect(result.errors == "error: \(finding.text)\n  = help: \(help)\n")
      #expect(finding.text.hasPrefix("GAN_MAX_ISA must be one of "))
      #expect(finding.text.hasSuffix(", got mmx"))
    }

    @Test("As text it says the same, a line each, and the ten variables that are heard")
    func text() throws {
      let result = try Program.run(
        ["doctor"], in: scratch.path, environment: ["NO_COLOR": "yes", "GAN_SET_SEED": "4"])
      #expect(result.status == 0)
      let parts = result.output.split(separator: "\n\n").map {
        $0.split(separator: "\n").map(String.init)
      }
      #expect(parts.count == 2)
      let verdicts = parts[0].filter { !$0.hasPrefix("      = help: ") }.map { $0.prefix(4) }
      #expect(Set(verdicts).isSubset(of: ["ok  ", "note"]))
      #expect(verdicts.count == 13)
      let rows = parts[1].filter { !$0.hasPrefix("LANG") && !$0.hasPrefix("LC_CTYPE") }
      // Twelve, and the two options that are set.
      #expect(rows.count == 12)
      #expect(rows.contains { $0.hasPrefix("NO_COLOR ") && $0.hasSuffix("= yes") })
      #expect(rows.contains { $0.hasPrefix("GAN_SET_SEED ") && $0.hasSuffix("= 4") })
    }
  }
}

@Suite("What the system says of a machine")
struct MachineTests {
  private static let files = [
    "/proc/cpuinfo": """
    processor\t: 0
    model name\t: Some processor
    flags\t\t: fpu avx2 fma avx512f avx512_bf16 avx512fp16

    processor\t: 1
    flags\t\t: fpu
    """,
    "/proc/loadavg": "3.25 2.00 1.00 1/300 4242\n",
    "/proc/meminfo": "MemTotal:       2000 kB\nMemFree: 1 kB\nMemAvailable:   1500 kB\n",
  ]

  private func machine(_ more: [String: String] = [:]) -> MachineFacts {
    MachineFacts { Self.files.merging(more) { $1 }[$0] }
  }

  @Test("Features of the first processor, load and memory are read")
  func measures() {
    let machine = machine()
    #expect(machine.processorFeatures == ["AVX2", "FMA", "AVX-512", "AVX-512 bfloat16"])
    #expect(machine.load == 3.25)
    #expect(machine.memoryBytes == 2_048_000)
    #expect(machine.availableBytes == 1_536_000)
    #expect(machine.processorQuota == nil)
    #expect(machine.memoryLimitBytes == nil)
  }

  @Test("What control groups allow is read")
  func groups() {
    let machine = machine([
      "/proc/self/cgroup": "0::/\n", "/sys/fs/cgroup/cpu.max": "150000 100000\n",
      "/sys/fs/cgroup/memory.max": "9000\n",
    ])
    #expect(machine.processorQuota == 1.5)
    #expect(machine.memoryLimitBytes == 9_000)
  }

  @Test("A system that says nothing is no obstacle")
  func silence() {
    let machine = MachineFacts { _ in nil }
    #expect(machine.processorFeatures.isEmpty)
    #expect(machine.load == nil && machine.memoryBytes == nil && machine.processorQuota == nil)
  }
}
