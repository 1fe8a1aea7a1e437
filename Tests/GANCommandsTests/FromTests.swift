import Foundation
import GANFormats
import GANTensor
import GANTestSupport
import GANTraining
import Testing

extension CommandTests {
  @Suite("--from starts a new run with another's networks and options")
  struct FromTests {
    private let scratch: SmallMNIST
    private let source: ShortRun
    private let folder: String

    init() throws {
      scratch = try SmallMNIST()
      source = ShortRun(scratch, runs: "sources")
      #expect(try source.start().status == 0)
      folder = try #require(source.folder)
    }

    /// Starts a run from the source, or from what is named.
    private func start(
      _ flags: [String] = [], from path: String? = nil, runs: String = "runs",
      environment: [String: String] = [:]
    ) throws -> Program.Result {
      try Program.run(
        ["train", "--from", path ?? folder, "--runs-dir", scratch.path(of: runs)] + flags,
        in: scratch.path, environment: environment)
    }

    private func onlyRun(in runs: String) throws -> String {
      let path = scratch.path(of: runs)
      let names = try FileManager.default.contentsOfDirectory(atPath: path)
      return try "\(path)/\(#require(names.first))"
    }

    private func tensors(_ path: String) throws -> [String: [UInt8]] {
      Dictionary(
        uniqueKeysWithValues: try SafetensorsFile(contentsOf: path).entries.map {
          ($0.name, $0.tensor.bytes)
        })
    }

    /// A step too small to change a weight.
    private static let standstill = ["--steps", "1", "--learning-rate", "1e-30"]

    @Test("It begins with the networks of the newest checkpoint, or of the one that is named")
    func networks() throws {
      let result = try start(Self.standstill)
      #expect(result.status == 0, "\(result.errors)")
      #expect(
        result.errors.contains(
          "from: step 9 of \(folder), 4 of 4 tensors of the generator, 2 of 2 tensors of the "
            + "discriminator\n"))
      let run = try onlyRun(in: "runs")
      for name in ["generator.safetensors", "discriminator.safetensors"] {
        #expect(try tensors("\(run)/\(name)") == tensors("\(folder)/\(name)"), "\(name)")
      }
      // What the seed would have drawn is something else.
      let six = "\(folder)/checkpoints/step-6.safetensors"
      #expect(try start(Self.standstill, from: six, runs: "older").status == 0)
      let older = "\(try onlyRun(in: "older"))/generator.safetensors"
      let saved = try tensors(six)
      for (name, bytes) in try tensors(older) { #expect(saved["generator.\(name)"] == bytes) }
      #expect(try tensors(older) != tensors("\(run)/generator.safetensors"))
      #expect(try Program.run(["info", run], in: scratch.path).status == 0)
    }

    @Test("Options and data are the other run's but for what is asked for, and --dry-run says so")
    func options() throws {
      let rows = try start(["--dry-run", "--objective", "hinge"]).lines.map { line in
        line.split(whereSeparator: \.isWhitespace).joined(separator: " ")
      }
      for row in [
        "objective: hinge # --objective", "latentSize: 2 # run \(folder)",
        "dataDir: \(scratch.path.replacing("//", with: "/")) # run \(folder)",
        "epochs: 3 # run \(folder)",
      ] {
        #expect(rows.contains(row), "\(rows)")
      }
      #expect(rows.contains { $0.hasPrefix("threads: ") && $0.contains("# this machine, ") })
      let elsewhere = try start(["--dry-run", "--dataset", "strokes"]).output
      #expect(elsewhere.contains(/dataset: +strokes +# --dataset/))
      #expect(elsewhere.contains(/dataDir: +null +# default/))
      let others = try start(["--dry-run", "--data-dir", "other"]).output
      #expect(others.contains(/dataset: +auto +# default/))
    }

    @Test("A run that was cut off before its first checkpoint starts over with the same networks")
    func startsOver() throws {
      let flags = ["--objective", "hinge", "--threads", "1"]
      #expect(try start(flags, runs: "whole").status == 0)
      #expect(try start(flags, runs: "cut").status == 0)
      let cut = ShortRun(scratch, runs: "cut")
      let place = try #require(cut.folder)
      for name in ["checkpoints", "samples", "generator.safetensors", "discriminator.safetensors"] {
        try FileManager.default.removeItem(atPath: "\(place)/\(name)")
      }
      // By then the other run may be gone.
      try FileManager.default.removeItem(atPath: folder)
      let result = try cut.resume()
      #expect(result.status == 0 && result.errors.contains(", from the start"), "\(result.errors)")
      let whole = try RunContents(of: #require(ShortRun(scratch, runs: "whole").folder))
      #expect(whole.names.contains("start.safetensors"))
      #expect(try RunContents(of: place).differences(from: whole).isEmpty)
    }

    @Test(
      "Tensors of another shape begin as the seed says, and by name; with none that fits it is refused"
    )
    func otherShapes() throws {
      let wider = try start(Self.standstill + ["--set", "generator.hidden=[4]"])
      #expect(wider.status == 0, "\(wider.errors)")
      #expect(wider.errors.contains(", 1 of 4 tensors of the generator, 2 of 2 tensors"))
      #expect(
        wider.errors.contains(
          "from: of the generator, as the seed says: 0.weight, 0.bias, 2.weight\n"))
      let none = try start([
        "--set", "generator.hidden=[4]", "--set", "discriminator.hidden=[4]", "--image-size", "5",
      ])
      #expect(none.status == 78)
      #expect(none.errors.contains("no tensor of its networks fits"), "\(none.errors)")
    }

    @Test("A moving average goes on from the other run's, or from its network where it has none")
    func averages() throws {
      let flags = ["--set", "average.halfLife=300", "--set", "average.rampUp=0"]
      #expect(try start(["--steps", "5"] + flags, runs: "averaged").status == 0)
      let averaged = try #require(ShortRun(scratch, runs: "averaged").folder)
      #expect(try start(Self.standstill, from: averaged, runs: "second").status == 0)
      let second = try #require(ShortRun(scratch, runs: "second").folder)
      #expect(
        try tensors("\(second)/generator-raw.safetensors")
          == tensors("\(averaged)/generator-raw.safetensors"))
      // One step on: a third of the half-life.
      #expect(
        try isMixed("\(second)/generator", "\(averaged)/generator", "\(averaged)/generator-raw"))
      #expect(try start(Self.standstill + flags, runs: "first").status == 0)
      let first = try #require(ShortRun(scratch, runs: "first").folder)
      #expect(try isMixed("\(first)/generator", "\(folder)/generator", "\(folder)/generator"))
    }

    /// True if the first file's numbers are a mean of the other two's, the second's as heavy as after a
    /// third of a half-life.
    private func isMixed(_ file: String, _ former: String, _ latter: String) throws -> Bool {
      let files = try [file, former, latter].map {
        try SafetensorsFile(contentsOf: "\($0).safetensors")
      }
      let weight = Float(pow(0.5, 1.0 / 3))
      return files[0].entries.allSatisfy { entry in
        guard let one = files[1][entry.name]?.floats, let two = files[2][entry.name]?.floats else {
          return false
        }
        return entry.tensor.floats.enumerated().allSatisfy { index, value in
          abs(value - (weight * one[index] + (1 - weight) * two[index])) < 1e-6
        }
      }
    }

    @Test("What has no checkpoint in it is refused")
    func refusals() throws {
      let network = try start(from: "\(folder)/generator.safetensors")
      #expect(network.status == 65 && network.errors.contains("a network, not a checkpoint"))
      try FileManager.default.removeItem(atPath: "\(folder)/checkpoints")
      let early = try start()
      #expect(early.status == 66 && early.errors.contains("no checkpoint in it yet"))
      #expect(try start(["--resume", folder]).status == 64)
      #expect(try start(from: "/nowhere").status == 66)
      #expect(!isFolder(scratch.path(of: "runs")))
    }

    @Test(
      "A run's options.json is a configuration that gives the same run again",
      arguments: [
        [], ["--recipe", "ring-8"], ["--penalty", "r1", "--set", "penalty.r1.interval=4"],
        ["--objective", "wasserstein", "--set", "wasserstein.clip=0.02"],
        [
          "--set", "optimizer.generator.learningRate=2e-4 to 5e-5 over 500 cosine", "--image-size",
          "8",
        ],
      ])
    func roundTrip(flags: [String]) throws {
      let data = flags.contains("ring-8") ? [] : ["--data-dir", scratch.path]
      let small = ["--steps", "2", "--hidden-size", "4", "--threads", "1"]
      let first = try Program.run(["train"] + data + flags + small, in: scratch.path)
      #expect(first.status == 0, "\(first.errors)")
      let run = scratch.path(of: first.lines.first ?? "")
      let second = try Program.run(
        ["train", "--config", "\(run)/options.json", "--threads", "1"], in: scratch.path)
      #expect(second.status == 0, "\(second.errors)")
      let again = scratch.path(of: second.lines.first ?? "")
      #expect(try RunContents(of: again).differences(from: RunContents(of: run)).isEmpty)
      // Going on with a run, its own options change nothing; others' are compared.
      let resumed = try Program.run(
        ["train", "--resume", run, "--config", "\(again)/options.json"], in: scratch.path)
      #expect(resumed.status == 0, "\(resumed.errors)")
      #expect(
        try Program.run(
          ["train", "--resume", folder, "--config", "\(run)/options.json"], in: scratch.path
        ).status == 78)
      // Like this run, but with something else: what it no longer applies to is no obstacle.
      let other = try Program.run(
        ["train", "--config", "\(run)/options.json", "--objective", "hinge", "--dry-run"],
        in: scratch.path)
      #expect(other.status == 0, "\(other.errors)")
    }

    @Test("The options of a run and a recipe, or of two runs, contradict each other")
    func contradictions() throws {
      let options = "\(folder)/options.json"
      for flags in [["--recipe", "dcgan-28"], ["--config", options]] {
        #expect(try start(["--dry-run"] + flags).status == 78)
      }
      let recipe = try Program.run(
        ["train", "--config", options, "--recipe", "dcgan-28"], in: scratch.path)
      #expect(recipe.status == 78)
      #expect(recipe.errors.contains("--recipe asks for the recipe dcgan-28"), "\(recipe.errors)")
    }
  }
}
