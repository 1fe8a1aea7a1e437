import Foundation
import GANData
import GANFormats
import GANRuntime
import GANTensor
import GANTestSupport
import GANTraining
import Testing

@testable import GANCommands

extension CommandTests {
  @Suite("--resume goes on with a run, and with no other")
  struct ResumeTests {
    private let scratch: SmallMNIST
    private let run: ShortRun
    private let folder: String

    init() throws {
      scratch = try SmallMNIST()
      run = ShortRun(scratch)
      #expect(try run.start().status == 0)
      folder = try #require(run.folder)
    }

    /// What is asked for, how the program exits and what it says.
    struct Case: CustomTestStringConvertible {
      let flags: String
      let status: Int32
      let message: String
      let environment: [String: String]

      init(
        _ flags: String, _ status: Int32, _ message: String, environment: [String: String] = [:]
      ) {
        (self.flags, self.status, self.message) = (flags, status, message)
        self.environment = environment
      }

      var testDescription: String { "\(flags) \(environment)" }
    }

    /// `SAME`, `OTHER` and `CUT` stand for folders with the same images, with others, and with the
    /// same bytes as images of another size; the run has 3 epochs of 3 steps.
    @Test(
      arguments: [
        Case("", 0, "is finished: 9 steps\n"),
        Case("--epochs 3 --quiet", 0, ""),
        Case("--steps 9 --json-lines", 0, "is finished: 9 steps\n"),
        Case("--epochs 4", 0, ", from step 9\n"),
        Case("--steps 11", 0, ", from step 9\n"),
        Case("--epochs 4 --data-dir SAME", 0, ", from step 9\n"),
        Case("--epochs 4 --threads 2", 0, ", from step 9\n"),
        Case("--epochs 2", 78, ": it has 9 steps, 6 are fewer\n  = help: a run can only grow"),
        Case("--steps 8", 78, ": it has 9 steps, 8 are fewer\n"),
        Case("--batch-size 50", 78, ": it has batchSize = 100, --batch-size asks for 50\n"),
        Case(
          "--seed 1 --batch-size 50 --threads 2", 78,
          ": it has batchSize = 100, --batch-size asks for 50; it has seed = 0, --seed asks for 1\n"
        ),
        Case(
          "", 78, "environment GAN_SET_SEED asks for 5\n", environment: ["GAN_SET_SEED": "5"]),
        Case("--config seed.yaml", 78, "seed.yaml:2 asks for 5\n"),
        Case("--dataset kmnist", 78, "it has dataset = mnist, --dataset asks for kmnist\n"),
        Case("--runs-dir other", 78, "it stays in its folder, --runs-dir asks for another\n"),
        Case("--epochs 4 --data-dir OTHER", 78, ": its data have the SHA-256 "),
        Case(
          "--epochs 4 --data-dir CUT", 78,
          ": its data are 250 items of [1, 6, 6], these 500 of [1, 6, 6]; "),
        Case("--epochs 4 --data-dir /nowhere", 66, "--data-dir /nowhere: no such file or folder"),
        Case("--batch-size x", 64, "error: --batch-size: batchSize must be a whole number"),
      ])
    func table(test: Case) throws {
      try makeFolder(scratch.path(of: "SAME"))
      try SmallMNIST.write(toFolder: scratch.path(of: "SAME"))
      for (name, byte, extents) in [("OTHER", 20, [250, 6, 6]), ("CUT", -1, [500, 6, 3])] {
        try makeFolder(scratch.path(of: name))
        var bytes = try Data(
          contentsOf: URL(filePath: scratch.path(of: "train-images-idx3-ubyte")))
        for (axis, extent) in extents.enumerated() {
          bytes.replaceSubrange(
            4 + 4 * axis..<8 + 4 * axis,
            with: [0, 0, UInt8(extent / 256), UInt8(extent % 256)])
        }
        if byte >= 0 { bytes[byte] ^= 1 }
        try bytes.write(to: URL(filePath: scratch.path(of: "\(name)/train-images-idx3-ubyte")))
      }
      try Data("# another run's\nseed: 5\n".utf8)
        .write(to: URL(filePath: scratch.path(of: "seed.yaml")))
      let before = try RunContents(of: folder)
      let result = try run.resume(
        test.flags.split(separator: " ").map(String.init), environment: test.environment)
      #expect(result.status == test.status)
      #expect(
        test.message.isEmpty ? result.errors.isEmpty : result.errors.contains(test.message),
        "\(result.errors)")
      let differences = try RunContents(of: folder).differences(from: before)
      // What is refused or finished changes nothing; what goes on, the end of the run.
      let grows = test.message.contains("from step 9")
      #expect(differences.contains("generator.safetensors") == grows)
      #expect(differences.isEmpty == !grows, "\(differences)")
      #expect(!differences.contains("samples/fake_images-3.png"))
    }

    @Test(
      "A run that has grown is what it would have been had it been asked for at once",
      arguments: [[], ShortRun.conditional])
    func growth(flags: [String]) throws {
      try SmallMNIST.writeLabels(toFolder: scratch.path) { $0 % 10 }
      let grown = ShortRun(scratch, runs: "grown")
      let longer = ShortRun(scratch, runs: "longer")
      #expect(try grown.start(flags).status == 0)
      #expect(try grown.resume(["--epochs", "5"]).status == 0)
      #expect(try longer.start(flags + ["--set", "epochs=5"]).status == 0)
      let contents = try RunContents(of: #require(longer.folder))
      #expect(contents.names.contains("generator-raw.safetensors") == !flags.isEmpty)
      let differences = try RunContents(of: #require(grown.folder)).differences(from: contents)
      // What is kept for good says for how long the run was to be then.
      let averages = flags.isEmpty ? [] : [3, 6, 9].map { "averages/step-\($0).safetensors" }
      #expect(differences == averages + ["checkpoints/step-6.safetensors"])
    }

    @Test("No option but those that may change can be changed, whichever options there are")
    func everyOption() throws {
      let past = try StartedRun(RunFolder(path: folder))
      let values = [
        "1", "2", "7", "0.25", "[5]", "minimax", "tanh", "[r1]", "true", "false", "dcgan",
        "projection", "batch", "[cutout]", "bfloat16", "kid", "128", "rank",
      ]
      for key in OptionKey.all where !["epochs", "steps", "threads"].contains(key.path) {
        let changed = values.first { value in
          var options = past.options
          guard (try? key.set(in: &options, to: value, from: nil)) != nil else { return false }
          return key.text(of: options) != key.text(of: past.options)
        }
        let value = try #require(changed, "\(key.path)")
        let assignment = "\(key.path)=\(value)"
        let error = #expect(throws: (any Error).self, "\(key.path)") {
          let settings = try past.settings([OptionAssignment(assignment: assignment)])
          try past.check(settings)
        }
        let known = try #require(error.flatMap(description(of:)))
        #expect(known.status == .badOptions)
        // Some options would not even have an effect.
        let words = "it has \(key.path) = \(key.text(of: past.options)), --set \(assignment) asks"
        #expect(
          known.message.contains(words)
            || known.message.hasPrefix("--set \(assignment) has no effect"), "\(known.message)")
      }
    }

    @Test(
      "A run goes on to the same bits with other threads and other vectors that fuse alike",
      .enabled(
        if: InstructionSet.available.contains(.avx2), "this processor has no AVX2"),
      arguments: [[:], ["GAN_MAX_ISA": "avx2"]])
    func otherShares(environment: [String: String]) throws {
      let whole = ShortRun(scratch, runs: "whole")
      #expect(try whole.start(["--set", "epochs=4"]).status == 0)
      let parts = ShortRun(scratch, runs: "parts")
      #expect(try parts.start().status == 0)
      let flags = ["--epochs", "4", "--threads", "3"]
      #expect(try parts.resume(flags, environment: environment).status == 0)
      for name in ["generator.safetensors", "discriminator.safetensors"] {
        let files = try [whole, parts].map { run in
          try SafetensorsFile(contentsOf: "\(try #require(run.folder))/\(name)")
        }
        #expect(files[0].entries == files[1].entries, "\(name)")
      }
    }

    @Test("A run that another process trains is refused")
    func lock() throws {
      var lock: RunLock? = try RunLock(RunFolder(path: folder))
      let result = try withExtendedLifetime(lock) { try run.resume(["--epochs", "4"]) }
      lock = nil
      #expect(result.status == 73)
      #expect(result.errors.hasPrefix("error: another process is training \(folder)\n"))
      #expect(try run.resume(["--epochs", "4"]).status == 0)
    }

    @Test("A run without a checkpoint starts over, and says so")
    func noCheckpoint() throws {
      let before = try RunContents(of: folder)
      for name in ["checkpoints", "samples", "generator.safetensors", "discriminator.safetensors"] {
        try FileManager.default.removeItem(atPath: "\(folder)/\(name)")
      }
      let result = try run.resume()
      #expect(result.status == 0)
      #expect(result.errors.contains(", from the start, as it has no checkpoint\n"))
      #expect(try RunContents(of: folder).differences(from: before).isEmpty)
    }

    @Test("A run that diverges says so, and again when resumed, and keeps its last good checkpoint")
    func divergence() throws {
      // A sound checkpoint. In the next steps squares of gradients overflow, but no sum and so no loss,
      // in whichever order it is taken: the look at every tensor at the epoch's end finds it.
      let path = "\(folder)/checkpoints/step-9.safetensors"
      let sound = try SafetensorsFile(contentsOf: path)
      let tensors = sound.entries.map { entry in
        let isWeight = entry.name == "discriminator.0.weight"
        let great = [Float](repeating: 1e30, count: entry.tensor.shape.elementCount)
        let tensor = isWeight ? HostTensor(shape: entry.tensor.shape, great) : entry.tensor
        return (name: entry.name, tensor: tensor)
      }
      try SafetensorsFile(metadata: sound.metadata, tensors: tensors).sealed().write(to: path)
      let names = try RunContents(of: folder).names.filter { $0.hasPrefix("checkpoints/") }

      let first = try run.resume(["--epochs", "5"])
      let before = try RunContents(of: folder)
      let second = try run.resume()
      for result in [first, second] {
        #expect(result.status == 75)
        #expect(
          result.errors.contains(
            "error: the run diverged at step 12, in epoch 4: "
              + "optimizer.generator.0.weight.secondMoment is not finite\n"
              + "  = help: to start a new run from its last checkpoint, with smaller steps: "
              + "gan train --from \(folder) --learning-rate 2e-05 --runs-dir \(run.runs)\n"))
      }
      #expect(try RunContents(of: folder).differences(from: before).isEmpty)
      #expect(before.names.filter { $0.hasPrefix("checkpoints/") } == names)
      #expect(
        try String(contentsOfFile: "\(folder)/log.txt", encoding: .utf8)
          .contains("\nerror: the run diverged at step 12"))
    }
  }
}
