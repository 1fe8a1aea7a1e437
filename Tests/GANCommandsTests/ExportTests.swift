import Foundation
import GANTestSupport
import GANTraining
import Testing

extension CommandTests {
  @Suite("What is written for other tools")
  struct ExportTests {
    private static let missingFidelity = PythonPeer.missingModules("onnx_fidelity, onnxruntime")
    private static let missingBoard = PythonPeer.missingModules("tensorboard")
    private let scratch: SmallMNIST

    init() throws { scratch = try SmallMNIST() }

    @Test("An averaged generator that is told classes is written, the same bytes each time")
    func onnx() throws {
      try SmallMNIST.writeLabels(toFolder: scratch.path) { $0 % 10 }
      let run = ShortRun(scratch)
      try #require(run.start(ShortRun.conditional).status == 0)
      let folder = try #require(run.folder)
      let sources = [folder, "\(folder)/generator.safetensors"]
      let files = try sources.enumerated().map { number, source in
        let path = scratch.path(of: "\(number).onnx")
        let result = try Program.run(["export", source, "--onnx", path], in: scratch.path)
        #expect(result.status == 0 && result.output == "\(path)\n", "\(result.errors)")
        return try Data(contentsOf: URL(filePath: path))
      }
      #expect(files[0] == files[1])
      let discriminator = try Program.run(
        ["export", folder, "--onnx", "d.onnx", "--discriminator"], in: scratch.path)
      #expect(discriminator.status == 0)
    }

    @Test(
      "What cannot be written is refused, with the exit code of its kind",
      arguments: [
        (["RUN"], 64, "name what to write"),
        (["RUN", "--onnx", ""], 64, "must name a file"),
        (["RUN", "--tensorboard", "b", "--uint8-rgb"], 64, "are for --onnx"),
        (["RUN", "--onnx", "a", "--uint8-rgb", "--discriminator"], 64, "makes none"),
        (["RUN/generator.safetensors", "--tensorboard", "b"], 64, "only a run's folder"),
        (["nothing", "--onnx", "a"], 66, "nothing"),
        (["RUN/options.json", "--onnx", "a"], 65, "options.json"),
        (["RUN", "--onnx", "no/such/folder/a"], 73, "no/such/folder/a"),
        (["train-images-idx3-ubyte", "--onnx", "a"], 65, "train-images"),
      ] as [([String], Int32, String)])
    func refusals(arguments: [String], status: Int32, words: String) throws {
      let run = ShortRun(scratch)
      try #require(run.start().status == 0)
      let folder = try #require(run.folder)
      let result = try Program.run(
        ["export"] + arguments.map { $0.replacing("RUN", with: folder) }, in: scratch.path)
      #expect(result.status == status && result.errors.contains(words), "\(result.errors)")
      #expect(!FileManager.default.fileExists(atPath: scratch.path(of: "a")))
    }

    @Test(
      "TensorBoard shows one line of a run that lost its last epoch, went on and grew",
      .enabled(if: missingBoard == nil, "\(missingBoard ?? "")"))
    func tensorBoard() throws {
      let run = ShortRun(scratch)
      let flags = ["--set", "reportInterval=1", "--tensorboard"]
      try #require(run.start(flags).status == 0)
      let folder = try #require(run.folder)
      // As a kill in the third epoch leaves it: its events are there, its checkpoint is not.
      for file in [
        "checkpoints/step-9.safetensors", "checkpoints/latest", "generator.safetensors",
        "discriminator.safetensors",
      ] {
        try FileManager.default.removeItem(atPath: "\(folder)/\(file)")
      }
      // Who goes on does not say again that it is recorded.
      #expect(try run.resume().status == 0)
      #expect(try run.resume(["--epochs", "6"]).status == 0)
      let name = URL(filePath: folder).lastPathComponent
      let copy = scratch.path(of: "board/\(name)")
      let export = try Program.run(["export", folder, "--tensorboard", copy], in: scratch.path)
      #expect(export.status == 0, "\(export.errors)")
      for logs in [run.runs, scratch.path(of: "board")] {
        for loader in [[], ["--fast"]] {
          let result = try PythonPeer.run(["tensorboard_reading.py", logs, folder] + loader)
          #expect(result.status == 0, "\(logs) \(loader): \(result.text)")
        }
      }
    }

    @Test(
      "torch-fidelity's own loader judges a file of bytes whole",
      .enabled(if: missingFidelity == nil, "\(missingFidelity ?? "")"))
    func fidelity() throws {
      let run = ShortRun(scratch)
      try #require(run.start().status == 0)
      let folder = try #require(run.folder)
      let (model, samples) = (scratch.path(of: "bytes.onnx"), scratch.path(of: "samples.npy"))
      for arguments in [
        ["export", folder, "--onnx", model, "--uint8-rgb"],
        ["sample", folder, "--count", "500", "--seed", "3", "-o", samples],
      ] {
        try #require(try Program.run(arguments, in: scratch.path).status == 0)
      }
      let result = try PythonPeer.run(["onnx_fidelity.py", model, "2", samples])
      #expect(result.status == 0, "\(result.text)")
    }

    @Test("Nobody who did not ask for events has any")
    func off() throws {
      let run = ShortRun(scratch)
      try #require(run.start().status == 0)
      let names = try FileManager.default.contentsOfDirectory(atPath: try #require(run.folder))
      #expect(!names.contains { $0.contains("tfevents") })
    }
  }
}
