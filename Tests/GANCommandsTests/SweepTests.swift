import Foundation
import GANTestSupport
import Testing

extension CommandTests {
  @Suite("gan sweep")
  struct SweepTests {
    private let scratch: SmallMNIST

    init() throws { scratch = try SmallMNIST() }

    /// Three objectives on few images with three seeds: a second or two.
    private var arguments: [String] {
      [
        "sweep", "--vary", "objective=non-saturating,least-squares,hinge", "--seeds", "0-2",
        "--data-dir", scratch.path, "--epochs", "6", "--batch-size", "10", "--threads", "1",
        "--latent-size", "2", "--hidden-size", "8", "--set", "reportInterval=5",
      ]
    }

    /// The sweep's folder in another one; nil before it is there.
    private func folder(in parent: String) -> String? {
      let names = (try? FileManager.default.contentsOfDirectory(atPath: parent)) ?? []
      return names.first { !$0.hasPrefix(".") }.map { "\(parent)/\($0)" }
    }

    /// Starts the sweep, or goes on with it where it is there.
    private func sweep(
      in name: String, _ more: [String] = [], killedAfter limit: Duration? = nil
    ) throws -> Program.Result {
      let parent = scratch.path(of: name)
      let flags = folder(in: parent).map { ["sweep", "--resume", $0] }
      return try Program.run(
        (flags ?? arguments + ["--sweeps-dir", parent]) + more, in: scratch.path,
        killedAfter: limit)
    }

    private func tables(in name: String) throws -> [String] {
      let found = folder(in: scratch.path(of: name))
      let folder = try #require(found)
      return try ["table.csv", "runs.csv"].map {
        try String(contentsOfFile: "\(folder)/\($0)", encoding: .utf8)
      }
    }

    private func rows(_ csv: String) -> [[String: String]] {
      let lines = csv.split(separator: "\n").map { $0.components(separatedBy: ",") }
      return lines.dropFirst().map { Dictionary(uniqueKeysWithValues: zip(lines[0], $0)) }
    }

    @Test("Means and standard errors are those of the runs' own numbers; it is drawn")
    func table() throws {
      let result = try sweep(in: "sweeps")
      try #require(result.status == 0, "\(result.errors)")
      let found = folder(in: scratch.path(of: "sweeps"))
      let folder = try #require(found)
      #expect(result.lines.last == folder && folder.hasSuffix("/00000-objective"))
      #expect(result.lines.dropLast().allSatisfy { $0.count <= 80 })
      let tables = try tables(in: "sweeps")
      let (groups, runs) = (rows(tables[0]), rows(tables[1]))
      #expect(groups.map { $0["objective"] } == ["non-saturating", "least-squares", "hinge"])
      #expect(runs.count == 9 && runs.allSatisfy { $0["state"] == "finished" })
      for group in groups {
        let values = runs.filter { $0["objective"] == group["objective"] }
          .compactMap { $0["generatorLoss"].flatMap { Double($0) } }
        try #require(values.count == 3 && group["finished"] == "3")
        let mean = values.reduce(0, +) / 3
        let error = (values.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / 6).squareRoot()
        let told = ["generatorLoss mean", "generatorLoss standard error"]
          .compactMap { group[$0].flatMap { Double($0) } }
        try #require(told.count == 2)
        #expect(abs(told[0] - mean) < 1e-9 && abs(told[1] - error) < 1e-9)
      }
      let names = try FileManager.default.contentsOfDirectory(atPath: folder)
      #expect(Set(names).isSuperset(of: ["sweep.svg", "sweep.png", "sweep.json", "runs"]))
      let again = try sweep(in: "sweeps")
      #expect(again.output == result.output && again.errors.contains("is done"))
      let list = try Program.run(["runs", "list", "\(folder)/runs"], in: scratch.path)
      #expect(list.lines.count == 10 && list.lines[0].contains("objective"))
    }

    @Test(
      "Killed at random moments, it ends with the table of one never killed; so do several lanes")
    func kills() throws {
      try #require(try sweep(in: "whole").status == 0)
      let expected = try tables(in: "whole")
      try #require(try sweep(in: "lanes", ["--jobs", "2"]).status == 0)
      #expect(try tables(in: "lanes") == expected)

      var random = SplitMix(seed: 3)
      let wanted = Campaign.count(4, whole: 20)
      var killedCount = 0
      for attempt in 0..<10 * wanted where killedCount < wanted {
        let name = "killed-\(killedCount / 4)"
        let moment = Int(random.next() % 900) + 50
        let result = try sweep(
          in: name, attempt.isMultiple(of: 2) ? ["--jobs", "2"] : [],
          killedAfter: .milliseconds(moment))
        if result.isKilled {
          killedCount += 1
        } else {
          #expect(result.status == 0, "\(result.errors)")
        }
      }
      #expect(killedCount == wanted)
      for number in 0...(killedCount - 1) / 4 {
        #expect(try sweep(in: "killed-\(number)").status == 0)
        #expect(try tables(in: "killed-\(number)") == expected)
      }
    }

    @Test(
      "A file has variants, which differ in several options; a run that diverges is none of the mean"
    )
    func file() throws {
      let text = """
        name: two
        base:
          recipe: ring-8
          steps: 30
          generator: { hidden: [8] }
          discriminator.hidden: [8]
          threads: 1
        variants:
          - { name: calm, objective: hinge, batchSize: 32 }
          - { name: wild, learningRate: 1e30, batchSize: 32 }
        seeds: 3,5
        """
      try text.write(toFile: scratch.path(of: "two.yaml"), atomically: true, encoding: .utf8)
      let result = try Program.run(["sweep", "two.yaml", "--csv"], in: scratch.path)
      #expect(result.status == 0, "\(result.errors)")
      let rows = rows(result.lines.dropLast().joined(separator: "\n"))
      #expect(rows.map { $0["variant"] } == ["calm", "wild"])
      #expect(rows.map { $0["finished"] } == ["2", "0"], "\(result.output) \(result.errors)")
      let again = try Program.run(
        ["sweep", "--resume", "sweeps/00000-two", "--csv"], in: scratch.path)
      #expect(again.output == result.output && again.errors.contains("diverged before"))
    }

    @Test("--dry-run names the runs there would be, and makes none")
    func dryRun() throws {
      let listed = try Program.run(arguments + ["--dry-run"], in: scratch.path)
      #expect(listed.lines.count == 9 && listed.lines[8].hasPrefix("00008-mnist"))
      #expect(!FileManager.default.fileExists(atPath: scratch.path(of: "sweeps")))
    }

    @Test(
      "What cannot be is refused before anything runs",
      arguments: [
        (["sweep"], 64, "name what varies"),
        (["sweep", "--vary", "objective"], 64, "objective"),
        (["sweep", "--vary", "objectives=hinge"], 64, "objectives"),
        (["sweep", "--vary", "objective=hinge,plain"], 64, "plain"),
        (["sweep", "--vary", "seed=1,2"], 78, "--seeds"),
        (["sweep", "--vary", "objective=hinge", "--seeds", "a"], 64, "--seeds"),
        (["sweep", "--preset", "nothing"], 64, "objectives-mnist"),
        (["sweep", "nothing.yaml"], 66, "nothing.yaml"),
        (["sweep", "wrong.yaml"], 78, "is none of name, base"),
        (["sweep", "--resume", "nothing"], 66, "nothing"),
        (["sweep", "wrong.yaml", "--resume", "x"], 64, "name one of"),
      ] as [([String], Int32, String)])
    func refusals(arguments: [String], status: Int32, words: String) throws {
      try "bases: {}".write(
        toFile: scratch.path(of: "wrong.yaml"), atomically: true, encoding: .utf8)
      let result = try Program.run(arguments, in: scratch.path)
      #expect(result.status == status && result.errors.contains(words), "\(result.errors)")
      #expect(!FileManager.default.fileExists(atPath: scratch.path(of: "sweeps")))
    }
  }
}
