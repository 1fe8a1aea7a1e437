import Foundation
import GANTestSupport
import Testing

extension CommandTests {
  @Suite("Averages after training, from the shell")
  struct AverageCommandTests {
    private let scratch: SmallMNIST
    private let folder: String

    init() throws {
      scratch = try SmallMNIST()
      let run = ShortRun(scratch)
      try #require(try run.start(["--set", "average.postHoc=true"]).status == 0)
      folder = try #require(run.folder)
    }

    /// The file of five samples.
    private func samples(_ source: String, _ flags: [String]) throws -> Data {
      let output = scratch.path(of: "samples.npy")
      let result = try Program.run(
        ["sample", source, "--count", "5", "-o", output] + flags, in: scratch.path)
      try #require(result.status == 0, "\(result.errors)")
      return try Data(contentsOf: URL(filePath: output))
    }

    @Test("sample draws from the average that is asked for, of a run and of a checkpoint")
    func sample() throws {
      let own = try samples(folder, [])
      let checkpoint = "\(folder)/checkpoints/step-9.safetensors"
      for length in ["0.05", "0.07", "0.1"] {
        let average = try samples(folder, ["--average", length])
        #expect(average.count == own.count && average != own, "\(length)")
        #expect(try samples(checkpoint, ["--average", length]) == average, "\(length)")
        #expect(
          try samples("\(folder)/checkpoints/step-6.safetensors", ["--average", length]) != average)
      }
      // A snapshot alone is its shorter average.
      let snapshot = "\(folder)/averages/step-3.safetensors"
      #expect(try samples(snapshot, []) == samples(snapshot, ["--average", "0.05"]))
    }

    @Test("evaluate judges averages beside the generator as it is")
    func evaluate() throws {
      struct Report: Decodable {
        struct Result: Decodable {
          let source: String
          let average: Double?
          let step: Int?
        }
        let results: [Result]
      }
      let flags = ["--count", "40", "--sets", "1", "--metrics", "frechet-distance"]
      func report(_ more: [String]) throws -> Program.Result {
        try Program.run(
          ["evaluate", folder, "--average", "0.05,0.07"] + flags + more, in: scratch.path)
      }
      let json = try report(["--json"])
      try #require(json.status == 0, "\(json.errors)")
      let results = try JSONDecoder().decode(Report.self, from: Data(json.output.utf8)).results
      #expect(Set(results.map(\.average)) == [nil, 0.05, 0.07])
      #expect(results.allSatisfy { $0.source == folder && $0.step == 9 })
      let table = try report([])
      #expect(table.output.contains("\(folder), average 0.07, epoch 3"), "\(table.output)")
      // Of every checkpoint each, and a curve for each length.
      let plot = scratch.path(of: "curve.svg")
      let all = try report(["--json", "--all-checkpoints", "-o", plot])
      try #require(all.status == 0, "\(all.errors)")
      let everyResult = try JSONDecoder().decode(Report.self, from: Data(all.output.utf8)).results
      #expect(everyResult.count == 3 * Set(everyResult.map(\.step)).count)
      #expect(try String(contentsOfFile: plot, encoding: .utf8).contains("average 0.05"))
    }

    @Test("export writes the average, and says so")
    func export() throws {
      let file = scratch.path(of: "x.onnx")
      let result = try Program.run(
        ["export", folder, "--average", "0.1", "--onnx", file], in: scratch.path)
      try #require(result.status == 0, "\(result.errors)")
      let bytes = try Data(contentsOf: URL(filePath: file))
      #expect(bytes.range(of: Data("average_length".utf8)) != nil)
    }

    @Test(
      "What cannot be averaged is refused with a reason",
      arguments: [
        (
          ["sample", "RUN", "--average", "0.3"], 64, "--average must be a number from 0.01 to 0.25"
        ),
        (["sample", "RUN", "--average", "0.005"], 64, "--average must be"),
        (["sample", "RUN", "--average", "nan"], 64, "--average must be"),
        (["sample", "RUN", "--average", "x"], 64, "average"),
        (["sample", "RUN", "--average", "0.25"], 66, "3 snapshots of averages"),
        (["sample", "PLAIN", "--average", "0.05"], 66, "gan train --set average.postHoc=true"),
        (
          ["sample", "RUN/generator.safetensors", "--average", "0.05"], 65, "a run or a checkpoint"
        ),
        (["sample", "nowhere", "--average", "0.05"], 66, "nowhere"),
        (["sample", "RUN", "--average", "0.05", "--network", "tutorial"], 64, "--network"),
        (["sample", "RUN", "--average", "0.05", "--best"], 66, "--best"),
        (
          ["export", "RUN", "--average", "0.05", "--tensorboard", "t"], 64,
          "--average is for --onnx"
        ),
        (
          ["export", "RUN", "--average", "0.05", "--onnx", "x.onnx", "--discriminator"], 64,
          "--discriminator"
        ),
        (["evaluate", "RUN", "--average", "0.05,0.3"], 64, "from 0.01 to 0.25, got 0.3"),
        (["evaluate", "RUN", "--average", "0.05,"], 64, "average"),
        (["evaluate", ".", "--against", ".", "--average", "0.05"], 64, "none of these is one"),
        (["evaluate", "PLAIN", "--average", "0.05"], 66, "average.postHoc=true"),
      ] as [([String], Int32, String)])
    func refusals(arguments: [String], status: Int32, words: String) throws {
      let plain = ShortRun(scratch, runs: "plain")
      if arguments.contains("PLAIN") { try #require(try plain.start().status == 0) }
      let named = arguments.map {
        $0.replacing("PLAIN", with: plain.folder ?? "").replacing("RUN", with: folder)
      }
      let result = try Program.run(named, in: scratch.path)
      #expect(result.status == status, "\(result.errors)")
      #expect(result.errors.contains(words), "\(result.errors)")
      #expect(result.output.isEmpty)
    }

    @Test("A checkpoint without its run is all the snapshots there are")
    func alone() throws {
      let copy = scratch.path(of: "copy.safetensors")
      try FileManager.default.copyItem(
        atPath: "\(folder)/checkpoints/step-9.safetensors", toPath: copy)
      _ = try samples(copy, ["--average", "0.05"])
      let result = try Program.run(["sample", copy, "--average", "0.03"], in: scratch.path)
      #expect(result.status == 66 && result.errors.contains("one snapshot"), "\(result.errors)")
    }
  }
}
