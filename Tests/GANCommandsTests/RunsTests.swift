import Foundation
import GANTestSupport
import Testing

extension CommandTests {
  @Suite("gan runs")
  struct RunsTests {
    private let scratch: SmallMNIST

    init() throws {
      scratch = try SmallMNIST()
      for (seed, flags) in [
        (2, []), (0, ["--objective", "hinge"]), (1, ["--learning-rate", "1e-3"]),
      ] as [(Int, [String])] {
        let result = try ShortRun(scratch).start(["--seed", "\(seed)"] + flags)
        try #require(result.status == 0, "\(result.errors)")
      }
    }

    private func runs(_ arguments: String...) throws -> Program.Result {
      try Program.run(["runs"] + arguments, in: scratch.path)
    }

    private struct Entry: Decodable {
      let name, state: String
      let step, totalSteps, bytes: Int
      let results: [String: Double?]
    }

    private func entries(_ arguments: String...) throws -> [Entry] {
      let result = try Program.run(["runs", "list", "--json"] + arguments, in: scratch.path)
      try #require(result.status == 0, "\(result.errors)")
      return try JSONDecoder().decode([Entry].self, from: Data(result.output.utf8))
    }

    @Test("A list has only the options that differ as columns, in 80 of a terminal's")
    func list() throws {
      let lines = try runs("list").lines
      let words = lines[0].split(separator: " ").map(String.init)
      #expect(
        words == [
          "run", "state", "time", "objective", "seed", "learningRate", "d_loss", "g_loss",
        ] || words.prefix(6) == ["run", "state", "time", "objective", "seed", "learningRate"])
      #expect(lines.allSatisfy { $0.count <= 80 })
      #expect(lines[1].hasPrefix("0") && lines[1].contains("done"))
      #expect(try runs("list", "runs").output == runs("list").output)
      let one = try #require(try runs("list", "1").lines.first)
      #expect(!one.contains("objective") && !one.contains("seed"))
    }

    @Test(
      "Conditions and orders choose by options, results and facts",
      arguments: [
        (["--where", "objective=hinge"], ["1"]),
        (["--where", "objective!=hinge"], ["0", "2"]),
        (["--where", "seed<2"], ["1", "2"]),
        (["--where", "seed>=1", "--where", "learningRate=0.001"], ["2"]),
        (["--sort", "seed"], ["1", "2", "0"]),
        (["--sort", "seed", "--descending"], ["0", "2", "1"]),
        (["--where", "step=9", "--sort", "run", "--descending"], ["2", "1", "0"]),
        (["--where", "realScore>2"], []),
      ] as [([String], [String])])
    func choice(flags: [String], numbers: [String]) throws {
      let result = try Program.run(["runs", "list", "--json"] + flags, in: scratch.path)
      try #require(result.status == 0, "\(result.errors)")
      let entries = try JSONDecoder().decode([Entry].self, from: Data(result.output.utf8))
      #expect(entries.map { "\(Int($0.name.prefix(5)) ?? -1)" } == numbers)
    }

    @Test("JSON has state, length and results; a run that was cut off is stopped")
    func states() throws {
      let folder = scratch.path(of: "runs/00000-mnist-tutorial-latentSize2-hidden3-seed2")
      let names = try FileManager.default.contentsOfDirectory(atPath: scratch.path(of: "runs"))
      let first = try #require(names.sorted().first)
      try FileManager.default.removeItem(
        atPath: scratch.path(of: "runs/\(first)/discriminator.safetensors"))
      let entries = try entries()
      #expect(entries.map(\.state) == ["stopped", "finished", "finished"], "\(folder)")
      #expect(entries.allSatisfy { $0.step == 9 && $0.totalSteps == 9 && $0.bytes > 1000 })
      #expect(entries.allSatisfy { $0.results["generatorLoss"] != nil })
    }

    @Test("A comparison has a column for each run, and draws their curves")
    func compare() throws {
      let result = try runs("compare", "0", "1", "-o", "curves.svg")
      #expect(result.status == 0, "\(result.errors)")
      #expect(result.lines[0].split(separator: " ").map(String.init) == ["0", "1"])
      #expect(result.lines.contains { $0.hasPrefix("objective") && $0.contains("hinge") })
      let plot = try String(contentsOfFile: scratch.path(of: "curves.svg"), encoding: .utf8)
      #expect(plot.contains("<svg") && plot.contains("hinge"))
      let shown = try runs("show", "1")
      #expect(shown.status == 0 && shown.output.contains("finished run of 9 steps"))
    }

    @Test("A comparison says what was changed while runs went on, and marks it in their curves")
    func changes() throws {
      let names = try FileManager.default.contentsOfDirectory(atPath: scratch.path(of: "runs"))
      let second = try #require(names.sorted().dropFirst().first)
      let path = "optimizer.generator.learningRate"
      try Data(
        """
        {"from":0.0002,"name":"\(path)","step":4,"to":0.001}
        {"from":0.001,"name":"\(path)","step":7,"to":null}

        """.utf8
      ).write(to: URL(filePath: scratch.path(of: "runs/\(second)/changes.jsonl")))
      let result = try runs("compare", "0", "1", "-o", "curves.svg")
      #expect(result.status == 0, "\(result.errors)")
      #expect(result.output.contains("generator.learningRate changed"), "\(result.output)")
      #expect(result.output.contains("to 0.001 from step 4"), "\(result.output)")
      #expect(result.output.contains("to the options' from step 7"), "\(result.output)")
      let plot = try String(contentsOfFile: scratch.path(of: "curves.svg"), encoding: .utf8)
      #expect(plot.contains("dots: hyperparameters changed"))
      let alone = try Program.run(["plot", "runs/\(second)"], in: scratch.path)
      #expect(alone.status == 0, "\(alone.errors)")
      let losses = try String(contentsOfFile: scratch.path(of: "losses.svg"), encoding: .utf8)
      #expect(losses.contains(">changed<"))
    }

    @Test("The best run is the one with the least distance at its best checkpoint")
    func best() throws {
      let none = try runs("best")
      #expect(none.status == 66 && none.errors.contains("evaluation.interval"))
      for seed in ["7", "8"] {
        let result = try ShortRun(scratch, runs: "judged").start([
          "--seed", seed, "--set", "evaluation.interval=1", "--set", "evaluation.count=100",
        ])
        try #require(result.status == 0, "\(result.errors)")
      }
      struct Judged: Decodable {
        let path: String
        let results: [String: Double?]
      }
      let list = try runs("list", "judged", "--json")
      let judged = try JSONDecoder().decode([Judged].self, from: Data(list.output.utf8))
      let least = try #require(
        judged.min {
          ($0.results["frechet-distance"] ?? nil) ?? 0 < ($1.results["frechet-distance"] ?? nil)
            ?? 0
        })
      let result = try runs("best", "judged")
      #expect(result.output == "\(least.path)\n", "\(result.errors)")
      #expect(try runs("show", least.path).output.contains("real"))
    }

    @Test("Runs are removed when that is confirmed, and none while one of them is trained")
    func remove() throws {
      let names = { try FileManager.default.contentsOfDirectory(atPath: scratch.path(of: "runs")) }
      let asked = try runs("remove", "0")
      #expect(asked.status == 0 && asked.errors.contains("--yes"))
      #expect(try names().count == 3)
      let held = open(scratch.path(of: "runs/\(try names().sorted()[1])"), O_RDONLY)
      #expect(flock(held, LOCK_EX) == 0)
      let busy = try runs("remove", "0", "1", "--yes")
      #expect(busy.status == 73 && busy.errors.contains("another process"), "\(busy.errors)")
      #expect(try names().count == 3)
      #expect(try entries().map(\.state) == ["finished", "training", "finished"])
      close(held)
      #expect(try runs("remove", "0", "1", "--yes").status == 0)
      #expect(try names().count == 1)
    }

    @Test(
      "What cannot be is refused",
      arguments: [
        (["show", "9"], 66, "no run in runs has the number 9"),
        (["list", "nothing"], 66, "nothing"),
        (["list", "--where", "objective"], 64, "no condition"),
        (["list", "--where", "objectiv=hinge"], 64, "objective"),
        (["list", "--sort", "wealth"], 64, "wealth"),
        (["remove"], 64, "Missing expected argument"),
        (["best", "--by", "beauty"], 64, "--by must name a metric"),
      ] as [([String], Int32, String)])
    func refusals(arguments: [String], status: Int32, words: String) throws {
      let result = try Program.run(["runs"] + arguments, in: scratch.path)
      #expect(result.status == status && result.errors.contains(words), "\(result.errors)")
    }

    @Test("--fast-dev-run does two steps of everything, and leaves nothing")
    func rehearsal() throws {
      let files = { try FileManager.default.subpathsOfDirectory(atPath: scratch.path).sorted() }
      let before = try files().filter { !$0.hasPrefix("cache") }
      let result = try ShortRun(scratch).start([
        "--fast-dev-run", "--tensorboard", "--penalty", "r1", "--set", "penalty.r1.interval=2",
        "--set", "evaluation.interval=10",
      ])
      #expect(result.status == 0 && result.output.isEmpty, "\(result.errors)")
      #expect(result.errors.contains("Step [2/") && result.errors.contains("evaluation: "))
      #expect(result.errors.contains("2 steps went well"))
      #expect(try files().filter { !$0.hasPrefix("cache") } == before)
      let resumed = try Program.run(
        ["train", "--resume", "runs", "--fast-dev-run"], in: scratch.path)
      #expect(resumed.status == 64)
    }
  }
}
