import Foundation
import GANData
import GANFormats
import GANTensor
import GANTestSupport
import GANTraining
import Testing

extension CommandTests {
  @Suite("gan sample, info, trace and bench")
  struct OutputTests {
    private let scratch: SmallMNIST
    private let small = ["--hidden-size", "16", "--threads", "1"]

    init() throws { scratch = try SmallMNIST() }

    private func run(_ arguments: [String]) throws -> Program.Result {
      let result = try Program.run(arguments, in: scratch.path)
      try #require(result.status == 0, "\(arguments): \(result.errors)")
      return result
    }

    private func train() throws -> String {
      try run(["train", "--data-dir", scratch.path, "--steps", "4", "--quiet"] + small).lines[0]
    }

    @Test("Samples come as an array, a picture or a folder of pictures, from a run or its files")
    func sample() throws {
      let run = try train()
      for (source, name) in [
        (run, "run.npy"), ("\(run)/generator.safetensors", "file.npy"),
        ("\(run)/checkpoints/step-4.safetensors", "checkpoint.npy"),
      ] {
        #expect(
          try self.run(["sample", source, "--count", "5", "--seed", "3", "-o", name]).output
            == "\(name)\n")
      }
      let arrays = try ["run.npy", "file.npy", "checkpoint.npy"].map {
        try Npy.read(scratch.path(of: $0))
      }
      #expect(arrays[0].shape == [5, 1, 6, 6])
      #expect(arrays[1] == arrays[0])
      #expect(arrays[2] == arrays[0])

      _ = try self.run(["sample", run, "--count", "9", "-o", "grid.png"])
      let grid = try PNG.read(scratch.path(of: "grid.png"))
      #expect((grid.width, grid.height) == (66, 18))
      _ = try self.run(["sample", run, "--count", "2", "-o", "pictures/"])
      let names = try FileManager.default.contentsOfDirectory(atPath: scratch.path(of: "pictures"))
      #expect(names.sorted() == ["000000.png", "000001.png"])
    }

    /// A short run of networks that are told three classes, which have names.
    private func trainConditional() throws -> String {
      let labels = (0..<SmallMNIST.count).map { UInt8($0 % 3) }
      let images = try ImageDataset.mnist(in: scratch.path)
      let pixels = HostTensor(shape: [250, 1, 6, 6], elementType: .uint8, bytes: images.pixels)
      let file = SafetensorsFile(
        metadata: ["kind": "gan images 1", "name": "pets", "classes": #"["cat","dog","7"]"#],
        tensors: [
          ("images", pixels),
          ("labels", HostTensor(shape: [250], elementType: .uint8, bytes: labels)),
        ])
      try file.write(to: scratch.path(of: "pets"))
      return try run(
        ["train", "--data-dir", "pets", "--recipe", "cgan", "--steps", "3", "--quiet"]
          + ["--set", "previewCount=12", "--batch-size", "100"] + small
      ).lines[0]
    }

    @Test("A class is drawn by number or by name, each in a row, all in turn")
    func labels() throws {
      let run = try trainConditional()
      func samples(_ flags: String...) throws -> NumericArray {
        _ = try self.run(["sample", run, "--seed", "5", "-o", "x.npy"] + flags)
        return try Npy.read(scratch.path(of: "x.npy"))
      }
      func items(_ tensor: NumericArray) -> [[Float]] {
        let floats = tensor.floats
        return (0..<tensor.shape[0]).map { Array(floats[$0 * 36..<($0 + 1) * 36]) }
      }
      let classes = try ["0", "1", "2"].map { items(try samples("--label", $0, "--count", "6")) }
      #expect(Set(classes.flatMap { $0 }).count == 18)
      #expect(
        items(try samples("--label", "each", "--count", "4")) == classes.flatMap { $0.prefix(4) })
      #expect(try samples("--label", "each").shape == [30, 1, 6, 6])
      #expect(items(try samples("--count", "5")) == (0..<5).map { classes[$0 % 3][$0] })
      // A name counts before a number.
      for (name, label) in [("cat", 0), ("dog", 1), ("7", 2)] {
        #expect(
          items(try samples("--label", name, "--count", "2")) == Array(classes[label].prefix(2)))
      }

      _ = try self.run(["sample", run, "--label", "each", "--count", "5", "-o", "each.png"])
      let grid = try PNG.read(scratch.path(of: "each.png"))
      #expect((grid.width, grid.height) == (5 * 8 + 2, 3 * 8 + 2))
      let preview = try PNG.read(scratch.path(of: "\(run)/samples/fake_images-1.png"))
      #expect((preview.width, preview.height) == (4 * 8 + 2, 3 * 8 + 2))
    }

    @Test("A class that is not there, or not asked for, is refused")
    func labelRefusals() throws {
      let conditional = try trainConditional()
      for (run, label, status, message) in [
        (
          conditional, "3", 64,
          "--label: label must be each or a class from 0 to 2, or a name such as cat, got 3"
        ),
        (conditional, "dgo", 64, "or a name such as dog, got dgo"),
        (conditional, "-1", 64, "from 0"),
        (
          try train(), "0", 78,
          "--label 0: this generator of the recipe tutorial is told no classes"
        ),
      ] as [(String, String, Int32, String)] {
        let result = try Program.run(["sample", run, "--label=\(label)"], in: scratch.path)
        #expect(result.status == status)
        #expect(result.errors.contains(message), "\(result.errors)")
        #expect(!FileManager.default.fileExists(atPath: scratch.path(of: "samples.png")))
      }
    }

    @Test("info says what a run and its files are, as text and as JSON")
    func info() throws {
      let run = try train()
      let text = try self.run(["info", run]).output
      #expect(text.hasPrefix("\(run): a finished run of 4 steps, in "))
      for (file, kind, players) in [
        ("generator.safetensors", "network", ["generator"]),
        ("checkpoints/step-4.safetensors", "checkpoint", ["discriminator", "generator"]),
      ] {
        let output = try self.run(["info", "--json", "\(run)/\(file)"]).output
        let summary = try JSONDecoder().decode(RunSummary.self, from: Data(output.utf8))
        #expect(summary.kind == kind)
        #expect(summary.step == 4)
        #expect(summary.networks.keys.sorted() == players)
        #expect(summary.networks["generator"]?.parameterCount == 64 * 16 + 16 + 272 + 17 * 36)
      }
    }

    @Test("recipes list names every recipe, a line each that fits a terminal")
    func recipes() throws {
      let lines = try run(["recipes", "list"]).lines
      #expect(
        lines.map { $0.split(separator: " ").first.map(String.init) } == Recipe.all.map(\.name))
      #expect(lines.allSatisfy { $0.count <= 80 })
      let json = try run(["recipes", "list", "--json"]).output
      let rows = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [[String: String]]
      #expect(rows?.map { $0["citation"] } == Recipe.all.map(\.citation))
    }

    @Test("recipes show says what a recipe is, with the options that are asked for")
    func recipe() throws {
      let flags = [
        "--image-size", "3x16x16", "--set", "generator.hidden=[3,2]", "--set",
        "discriminator.hidden=[2,3]", "--set", "seed=7",
      ]
      let json = try run(["recipes", "show", "dcgan-32", "--json"] + flags).output
      let contents = try #require(
        try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
      #expect(contents["citation"] as? String == Recipe.dcgan32.citation)
      #expect((contents["options"] as? [String: Any])?["itemShape"] as? [Int] == [3, 16, 16])
      let networks = try #require(contents["networks"] as? [String: [String: Any]])
      let layers = try #require(networks["generator"]?["layers"] as? [[String: Any]])
      #expect(layers.last?["outputShape"] as? [Int] == [3, 16, 16])
      let step = try #require(contents["step"] as? [String: Int])
      #expect(Set(step.keys) == ["multiplyAdds", "stateBytes", "arenaBytes"])

      let text = try run(["recipes", "show", "dcgan-32"] + flags).output
      let seed = text.split(separator: "\n").first { $0.hasPrefix("seed:") }
      #expect(seed?.split(separator: " ") == ["seed:", "7", "#", "--set", "seed=7"])
      let parts = text.components(separatedBy: "as in the tutorial:")
      #expect(parts.count == 3)
      #expect(parts[0].contains("\nbatchSize:") == false)
      #expect(parts[1].contains("\nbatchSize:") && parts[2].contains("\npacking:"))

      let unknown = try Program.run(["recipes", "show", "dcgan28"], in: scratch.path)
      #expect(unknown.status == 64)
      #expect(unknown.errors.contains("did you mean dcgan-28?"))
    }

    @Test("A trace has the contract's tensors, and the same bytes whenever it is recorded")
    func trace() throws {
      let arguments =
        ["trace", "--data-dir", scratch.path, "--steps", "3", "--batch-size", "100"] + small
      _ = try run(arguments + ["-o", "first.safetensors"])
      _ = try run(arguments + ["-o", "second.safetensors"])
      let paths = ["first.safetensors", "second.safetensors"].map { scratch.path(of: $0) }
      let bytes = try paths.map { try Data(contentsOf: URL(filePath: $0)) }
      #expect(bytes[0] == bytes[1])

      let file = try SafetensorsFile(contentsOf: paths[0])
      let parameters = [0, 2, 4].flatMap { ["\($0).weight", "\($0).bias"] }
      var expected: Set<String> = []
      for player in ["generator", "discriminator"] {
        for name in parameters {
          expected.formUnion(["initial.\(player).\(name)", "final.\(player).\(name)"])
        }
      }
      for step in 0..<3 {
        for (update, roles) in [
          ("discriminator.0", ["real", "latents", "loss", "realScore", "fakeScore"]),
          ("generator", ["latents", "loss", "fakeScore"]),
        ] {
          let names = roles + parameters.map { "gradient.\($0)" }
          expected.formUnion(names.map { "step.\(step).\(update).\($0)" })
        }
      }
      #expect(Set(file.entries.map(\.name)) == expected)
      // The third batch of an epoch of 250 images holds what remains.
      #expect(file["step.1.discriminator.0.real"]?.shape.dimensions.first == 100)
      #expect(file["step.2.discriminator.0.real"]?.shape.dimensions.first == 50)
      #expect(file["step.2.generator.latents"]?.shape == [50, 64])
      #expect(Set(file.metadata.keys).isSuperset(of: ["options", "networks", "formatVersion"]))
    }

    @Test("A trace has every penalty's value and random numbers, and the generator's real images")
    func traceOfPenalties() throws {
      _ = try run(
        [
          "trace", "--data-dir", scratch.path, "--steps", "2", "--objective", "relativistic",
          "--penalty", "wgan-gp", "--penalty", "dragan", "--penalty", "r2", "--set",
          "penalty.r2.interval=2", "--set", "packing=2", "--output", "trace.safetensors",
        ] + small)
      let file = try SafetensorsFile(contentsOf: scratch.path(of: "trace.safetensors"))
      for (name, shape) in [
        ("discriminator.0.penalty.wgan-gp", []), ("discriminator.0.penalty.dragan", []),
        ("discriminator.0.interpolation", [50, 1]), ("discriminator.0.noise", [50, 72]),
        ("discriminator.0.scale", [50, 1]), ("generator.real", [100, 36]),
        ("generator.realScore", []),
      ] as [(String, Shape)] {
        for step in 0..<2 { #expect(file["step.\(step).\(name)"]?.shape == shape, "\(name)") }
      }
      #expect(file["step.0.discriminator.0.penalty.r2"]?.shape == [])
      #expect(file["step.1.discriminator.0.penalty.r2"] == nil)
    }

    @Test("Every recipe's step can be measured without data", arguments: Recipe.all.map(\.name))
    func benches(recipe: String) throws {
      // Four layers halve 64 rows to 4, whatever their width.
      let hidden = recipe == "dcgan-64" ? "[2,2,2,2]" : "[2,2]"
      let result = try run(
        ["bench", "--json", "--recipe", recipe, "--steps", "1", "--threads", "1"]
          + ["--batch-size", "2", "--set", "generator.hidden=\(hidden)"]
          + ["--set", "discriminator.hidden=\(hidden)"])
      #expect(result.status == 0, "\(result.errors)")
      #expect(result.output.contains("\"recipe\" : \"\(recipe)\""))
    }

    @Test("bench --json prints the contract's keys")
    func bench() throws {
      let output = try run(["bench", "--json", "--steps", "3"] + small).output
      let object = try #require(
        try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any])
      #expect(
        object.keys.sorted() == [
          "gflops", "imagesPerSecond", "instructionSet", "meanMillisecondsPerStep",
          "millisecondsPerStep", "peakFraction", "peakGFLOPS", "peakResidentMB", "precision",
          "recipe",
          "startupMilliseconds", "steps", "threads", "throttledMilliseconds", "throttledPeriods",
          "usefulMultiplyAddsPerStep",
        ])
      let quantiles = try #require(object["millisecondsPerStep"] as? [String: Double])
      #expect(quantiles.keys.sorted() == ["median", "p10", "p90"])
    }

    @Test("GAN_EXPLAIN=1 explains the step on standard error")
    func explain() throws {
      let result = try Program.run(
        ["bench", "--steps", "1"] + small, in: scratch.path, environment: ["GAN_EXPLAIN": "1"])
      #expect(result.errors.contains("state generator.0.weight"))
    }
  }
}
