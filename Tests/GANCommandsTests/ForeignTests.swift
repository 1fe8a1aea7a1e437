import Foundation
import GANFormats
import GANTensor
import GANTestSupport
import Testing

extension CommandTests {
  @Suite("Weights that another program saved")
  struct ForeignTests {
    private let scratch: SmallMNIST
    private let folder: String
    /// A generator's weights as PyTorch saves them, in a module of their own.
    private let plain: String

    /// The layers of a short run's generator.
    private static let network = """
      {"inputShape":[2],"layers":[{"kind":"linear","inputs":2,"outputs":3,"bias":true},\
      {"kind":"relu"},{"kind":"linear","inputs":3,"outputs":36,"bias":true},{"kind":"tanh"}]}
      """

    init() throws {
      scratch = try SmallMNIST()
      let run = ShortRun(scratch)
      try #require(run.start().status == 0)
      folder = try #require(run.folder)
      plain = scratch.path(of: "plain.safetensors")
      try Self.rename(folder, to: plain) { "module.main.\($0)" }
    }

    private static func rename(
      _ folder: String, to path: String, _ name: (String) -> String
    ) throws {
      let file = try SafetensorsFile(contentsOf: "\(folder)/generator.safetensors")
      try SafetensorsFile(
        metadata: ["format": "pt"], tensors: file.entries.map { (name($0.name), $0.tensor) }
      ).write(to: path)
    }

    private func gan(_ arguments: String...) throws -> Program.Result {
      try Program.run(arguments, in: scratch.path)
    }

    @Test("They make the images that the run makes, with layers in JSON, in a file or not")
    func samples() throws {
      #expect(try gan("sample", folder, "-o", "own.npy").status == 0)
      try Self.network.write(
        toFile: scratch.path(of: "network.json"), atomically: true, encoding: .utf8)
      let own = try Data(contentsOf: URL(filePath: scratch.path(of: "own.npy")))
      for network in [Self.network, "network.json", "{\"generator\":\(Self.network)}"] {
        let result = try gan("sample", plain, "--network", network, "-o", "other.npy")
        #expect(result.status == 0, "\(result.errors)")
        #expect(try Data(contentsOf: URL(filePath: scratch.path(of: "other.npy"))) == own)
      }
      // Names that count other modules are taken in their order.
      let other = scratch.path(of: "other.safetensors")
      try Self.rename(folder, to: other) {
        $0.replacing("2.", with: "10.").replacing("0.w", with: "3.w").replacing("0.b", with: "3.b")
          .replacing("13.", with: "10.")
      }
      let ordered = try gan("sample", other, "--network", Self.network, "-o", "ordered.npy")
      #expect(ordered.status == 0, "\(ordered.errors)")
      #expect(try Data(contentsOf: URL(filePath: scratch.path(of: "ordered.npy"))) == own)
    }

    @Test("What they hold is said, they are written as ONNX, and a run starts from them")
    func uses() throws {
      let told = try gan("info", plain)
      #expect(told.status == 0 && told.output.contains("module.main.0.weight"))
      #expect(told.errors.contains("--network"))
      let summary = try gan("info", plain, "--network", Self.network)
      #expect(summary.status == 0 && summary.output.contains("parameters"), "\(summary.errors)")
      let export = try gan(
        "export", plain, "--network", Self.network, "--onnx", "generator.onnx")
      #expect(export.status == 0, "\(export.errors)")
      let trained = try gan(
        "train", "--from", plain, "--network", Self.network, "--data-dir", scratch.path,
        "--latent-size", "2", "--set", "generator.hidden=[3]", "--set", "discriminator.hidden=[4]",
        "--steps", "1", "--runs-dir", "others", "--threads", "1")
      #expect(trained.status == 0, "\(trained.errors)")
      #expect(trained.errors.contains("4 of 4 tensors of the generator"))
    }

    @Test(
      "What cannot be known, or does not fit, is said",
      arguments: [
        (["sample", "PLAIN"], 65, "--network says which layers"),
        (["train", "--from", "PLAIN"], 65, "--network says which layers"),
        (["sample", "PLAIN", "--network", "tutorial"], 65, "does not fit it"),
        (["sample", "PLAIN", "--network", "tutorials"], 64, "tutorial"),
        (["sample", "PLAIN", "--network", "dcgan-28"], 65, "does not fit it"),
        (["sample", "PLAIN", "--network", "{}"], 65, "not a network in JSON"),
        (["sample", "RUN", "--network", "tutorial"], 64, "a file of a generator's weights"),
        (["train", "--network", "tutorial"], 64, "--network is for --from"),
      ] as [([String], Int32, String)])
    func refusals(arguments: [String], status: Int32, words: String) throws {
      let result = try Program.run(
        arguments.map { $0 == "PLAIN" ? plain : $0 == "RUN" ? folder : $0 }, in: scratch.path)
      #expect(result.status == status && result.errors.contains(words), "\(result.errors)")
    }
  }
}
