import Foundation
import GANTestSupport
import Testing

extension CommandTests {
  @Suite("gan evaluate")
  struct EvaluateTests {
    private let scratch: SmallMNIST
    private let run: ShortRun

    init() throws {
      scratch = try SmallMNIST()
      run = ShortRun(scratch)
    }

    private struct Report: Decodable, Equatable {
      struct Features: Decodable, Equatable { let name, sha256: String }
      struct Reference: Decodable, Equatable {
        let name: String
        let count: Int
      }
      struct Value: Decodable, Equatable { let value, floor, low, high: Double? }
      struct Result: Decodable, Equatable {
        let source: String
        let step: Int?
        let count, sets: Int
        let seed: UInt64
        let metrics: [String: Value]
      }
      let features: Features
      let reference: Reference
      let results: [Result]
    }

    private func evaluate(_ arguments: [String]) throws -> Report {
      let result = try Program.run(["evaluate", "--json"] + arguments, in: scratch.path)
      try #require(result.status == 0, "\(result.errors)")
      return try JSONDecoder().decode(Report.self, from: Data(result.output.utf8))
    }

    @Test("A run and a file of its samples get the same numbers, each beside those of real images")
    func sources() throws {
      try #require(try run.start().status == 0)
      let folder = try #require(run.folder)
      let samples = scratch.path(of: "samples.npy")
      let sampling = ["sample", folder, "--count", "100", "--seed", "3", "-o", samples]
      try #require(try Program.run(sampling, in: scratch.path).status == 0)
      let flags = ["--count", "100", "--sets", "1", "--seed", "3", "--threads"]
      let report = try evaluate([folder, samples, "--against", scratch.path] + flags + ["1"])
      #expect(report.features.name == "random-convolutions-1")
      #expect(report.reference == .init(name: "mnist", count: 100))
      try #require(report.results.count == 2)
      #expect(Set(report.results.map(\.source)) == [folder, samples])
      #expect(report.results[0].metrics == report.results[1].metrics)
      let several = try evaluate([folder, "--count", "50", "--sets", "3"])
      for (name, value) in several.results[0].metrics {
        guard let mean = value.value else { continue }
        #expect(try #require(value.low) <= mean && mean <= #require(value.high), "\(name)")
      }
      let distance = try #require(report.results[0].metrics["frechet-distance"])
      #expect(try #require(distance.value) > #require(distance.floor))
      // Against the data of the run, and on another number of threads.
      #expect(try evaluate([folder, samples] + flags + ["3"]) == report)
    }

    @Test("A long name stands over the table and does not widen it")
    func longName() throws {
      try #require(try run.start().status == 0)
      let folder = try #require(run.folder)
      let name = String(repeating: "samples-", count: 20) + ".npy"
      let sampling = ["sample", folder, "--count", "40", "-o", scratch.path(of: name)]
      try #require(try Program.run(sampling, in: scratch.path).status == 0)
      let arguments = ["evaluate", name, "--against", ".", "--count", "40", "--sets", "1"]
      let result = try Program.run(
        arguments + ["--metrics", "frechet-distance"], in: scratch.path)
      let lines = result.output.split(separator: "\n").prefix(3)
      try #require(lines.count == 3, "\(result.errors)")
      #expect(lines[0] == name)
      #expect(lines[1].hasPrefix("metric") && lines[2].hasPrefix("frechet-distance"))
      #expect(lines[1].count == lines[2].count && lines[1].count < 80)
    }

    @Test("Every checkpoint is a result, and the curve is drawn")
    func checkpoints() throws {
      try #require(try run.start(["--set", "keptCheckpoints=3"]).status == 0)
      let folder = try #require(run.folder)
      let plot = scratch.path(of: "curve.svg")
      let report = try evaluate([
        folder, "--all-checkpoints", "-o", plot, "--count", "40", "--sets", "1", "--metrics",
        "frechet-distance,precision",
      ])
      #expect(Set(report.results.map(\.step)) == [3, 6, 9])
      let values = try report.results.map { result in
        try #require(result.metrics["frechet-distance"]?.value)
      }
      #expect(values == values.sorted())
      #expect(
        report.results.allSatisfy { Set($0.metrics.keys) == ["frechet-distance", "precision"] })
      #expect(try String(contentsOfFile: plot, encoding: .utf8).contains("Fréchet distance"))
    }

    @Test(
      "What cannot be compared is refused with a reason",
      arguments: [
        (["."], 64, "--against must name the real images"),
        (["nowhere", "--against", "."], 66, "nowhere"),
        ([".", "--against", "ring-8"], 78, "are points, and no images"),
        ([".", "--against", "missing"], 64, "--against missing"),
        ([".", "--metrics", "fid", "--against", "."], 64, "fid"),
        ([".", "--against", ".", "--features", "nothing.safetensors"], 66, "nothing.safetensors"),
        ([".", "--all-checkpoints"], 66, "--all-checkpoints needs a run's folder"),
      ] as [([String], Int32, String)])
    func refusals(arguments: [String], status: Int32, words: String) throws {
      let result = try Program.run(["evaluate"] + arguments, in: scratch.path)
      #expect(result.status == status, "\(result.errors)")
      #expect(result.errors.contains(words), "\(result.errors)")
      #expect(result.output.isEmpty)
    }

    @Test("While it trains, a run is judged as gan evaluate judges it, and the best can be sampled")
    func training() throws {
      try SmallMNIST.writeLabels(toFolder: scratch.path) { $0 % 4 }
      let evaluation = ["--set", "evaluation.interval=1", "--set", "evaluation.count=100"]
      let result = try run.start(evaluation + ["--json-lines"])
      try #require(result.status == 0, "\(result.errors)")
      let folder = try #require(run.folder)
      #expect(result.errors.contains("evaluation: training lenet-mnist-1 once"))
      struct Line: Decodable {
        let kind: String
        let step: Int
        let features: Report.Features?
        let metrics: [String: [String: Double?]]?
      }
      let lines = try result.lines.map {
        try JSONDecoder().decode(Line.self, from: Data($0.utf8))
      }.filter { $0.kind == "evaluation" }
      #expect(lines.map(\.step) == [3, 6, 9])
      let last = try #require(lines.last)
      let report = try evaluate([folder, "--count", "100", "--sets", "1", "--seed", "0"])
      #expect(report.features == last.features)
      for (name, value) in try #require(last.metrics) {
        #expect(report.results[0].metrics[name]?.value == value["value"] ?? nil, "\(name)")
        #expect(report.results[0].metrics[name]?.floor == value["floor"] ?? nil, "\(name)")
      }
      let best = try Program.run(
        ["sample", folder, "--best", "-o", scratch.path(of: "best.png")], in: scratch.path)
      #expect(best.status == 0, "\(best.errors)")

      // A machine with another classifier cannot go on; one with the same file can.
      let cache = "\(scratch.path)/cache/swift-gan/features"
      let kept = try FileManager.default.subpathsOfDirectory(atPath: cache)
        .first { $0.hasSuffix("classifier.safetensors") }
      let file = scratch.path(of: "classifier.safetensors")
      try FileManager.default.moveItem(atPath: "\(cache)/\(try #require(kept))", toPath: file)
      let record = "\(folder)/evaluation.json"
      let text = try String(contentsOfFile: record, encoding: .utf8)
      let sha256 = try #require(last.features).sha256
      try text.replacing(sha256, with: String(sha256.reversed()))
        .write(toFile: record, atomically: true, encoding: .utf8)
      let other = try run.resume(["--epochs", "4", "--features", file])
      #expect(other.status == 78 && other.errors.contains("it was judged by"), "\(other.errors)")
      try text.write(toFile: record, atomically: true, encoding: .utf8)
      let same = try run.resume(["--epochs", "4", "--features", file])
      #expect(same.status == 0, "\(same.errors)")
      #expect(!same.errors.contains("training lenet"))
    }

    #if os(Linux)
      @Test("Interrupted while its classifier is trained, it says what is kept, and goes on there")
      func interruption() throws {
        try SmallMNIST.writeLabels(toFolder: scratch.path) { $0 % 4 }
        try #require(try run.start().status == 0)
        let arguments = ["evaluate", try #require(run.folder), "--count", "40", "--sets", "1"]
        let cache = scratch.path(of: "stopped")
        // It waits where it opens a file of the cache after the training was kept a few times.
        let mark = scratch.path(of: "gate-mark")
        let process = Process()
        process.executableURL = Program.executable
        process.arguments = arguments
        process.currentDirectoryURL = URL(filePath: scratch.path)
        process.environment = ProcessInfo.processInfo.environment.merging([
          "XDG_CACHE_HOME": cache, "LD_PRELOAD": try Interposer.slow.get().path,
          "PACE_PATH": "/features/", "GATE_AT": "11", "GATE": scratch.path(of: "gate"),
          "GATE_MARK": mark,
        ]) { $1 }
        let errors = URL(filePath: scratch.path(of: "errors"))
        try Data().write(to: errors)
        process.standardError = try FileHandle(forWritingTo: errors)
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        let deadline = ContinuousClock().now + Program.patience
        while !FileManager.default.fileExists(atPath: mark) {
          try #require(ContinuousClock().now < deadline && process.isRunning)
          Thread.sleep(forTimeInterval: 0.01)
        }
        // A shell has its background jobs ignore what Ctrl-C sends.
        process.terminate()
        process.waitUntilExit()
        #expect(process.terminationStatus == 128 + SIGTERM)
        let text = try String(contentsOf: errors, encoding: .utf8)
        #expect(text.contains("training lenet-mnist-1 once, 3600 steps\n"), "\(text)")
        let told = try #require(
          text.firstMatch(of: /the same command goes on with the classifier from step (\d+)\n/))
        #expect(try classifier(in: cache) == nil)

        let result = try Program.run(
          arguments, in: scratch.path, environment: ["XDG_CACHE_HOME": cache])
        #expect(result.status == 0, "\(result.errors)")
        let resumed = try #require(
          result.errors.firstMatch(of: /3600 steps, on from step (\d+)\n/), "\(result.errors)")
        // What was kept last may not have been told of yet.
        #expect(try #require(Int(resumed.1)) >= #require(Int(told.1)))
        let other = scratch.path(of: "calm")
        let calm = try Program.run(
          arguments, in: scratch.path, environment: ["XDG_CACHE_HOME": other])
        #expect(calm.output == result.output && !calm.output.isEmpty)
        #expect(try classifier(in: cache) == classifier(in: other))
      }

      private func classifier(in cache: String) throws -> Data? {
        let names = try FileManager.default.subpathsOfDirectory(atPath: cache)
        return try names.first { $0.hasSuffix("/classifier.safetensors") }.map {
          try Data(contentsOf: URL(filePath: "\(cache)/\($0)"))
        }
      }
    #endif

    @Test("Flags of evaluations are refused where there are none")
    func useless() throws {
      for flags in [["--stop-after-no-progress", "3"], ["--features", "file"]] {
        let result = try run.start(flags)
        #expect(result.status == 78 && result.errors.contains("this run is not evaluated"))
        #expect(run.folder == nil)
      }
      try #require(try run.start().status == 0)
      let best = try Program.run(["sample", try #require(run.folder), "--best"], in: scratch.path)
      #expect(best.status == 66 && best.errors.contains("has no checkpoints/best"))
    }
  }
}
