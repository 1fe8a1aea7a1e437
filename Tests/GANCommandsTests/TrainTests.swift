import Foundation
import GANFormats
import GANTensor
import GANTestSupport
import GANTraining
import Testing

extension CommandTests {
  @Suite("gan train")
  struct TrainTests {
    private let scratch: SmallMNIST

    init() throws { scratch = try SmallMNIST() }

    private func train(_ flags: String...) throws -> Program.Result {
      try Program.run(
        ["train", "--data-dir", scratch.path, "--hidden-size", "16"] + flags, in: scratch.path)
    }

    @Test("A run leaves every file of the contract, and its folder is the result")
    func files() throws {
      let result = try train("--epochs", "2", "--threads", "1")
      #expect(result.status == 0, "\(result.errors)")
      #expect(result.output == "runs/00000-mnist-tutorial-hidden16-seed0\n")
      let run = scratch.path(of: "runs/00000-mnist-tutorial-hidden16-seed0")
      let files = try #require(FileManager.default.enumerator(atPath: run)?.allObjects as? [String])
      #expect(
        files.sorted() == [
          "checkpoints", "checkpoints/latest", "checkpoints/step-3.safetensors",
          "checkpoints/step-6.safetensors", "curves.svg", "diagnosis.json",
          "discriminator.safetensors", "environment.json",
          "generator.safetensors", "log.txt", "options.json", "samples",
          "samples/fake_images-1.png", "samples/fake_images-2.png", "samples/real_images.png",
          "stats.jsonl",
        ])
      #expect(try String(contentsOfFile: "\(run)/log.txt", encoding: .utf8) == result.errors)
      let grid = try PNG.read("\(run)/samples/fake_images-2.png")
      #expect((grid.width, grid.height) == (8 * (6 + 2) + 2, 8 * (6 + 2) + 2))
    }

    @Test("A toy world trains without files, and its samples are points in an array")
    func points() throws {
      let flags = ["--recipe", "ring-8", "--hidden-size", "8", "--threads", "1"]
      let result = try Program.run(["train", "--steps", "3"] + flags, in: scratch.path)
      #expect(result.status == 0, "\(result.errors)")
      #expect(result.output == "runs/00000-ring-8-ring-8-hidden8-seed0\n")
      let run = scratch.path(of: "runs/00000-ring-8-ring-8-hidden8-seed0")
      #expect(try Npy.read("\(run)/samples/real_points.npy").shape.rank == 2)
      let sampled = try Program.run(["sample", run, "--count", "7"], in: scratch.path)
      #expect(sampled.output == "samples.npy\n")
      #expect(try Npy.read(scratch.path(of: "samples.npy")).shape == [7, 2])
      let refused = try Program.run(["sample", run, "-o", "points.png"], in: scratch.path)
      #expect(refused.status == 64)
      #expect(refused.errors.contains("--output points.png: \(run) generates points"))

      let traced = try Program.run(["trace", "--steps", "2"] + flags, in: scratch.path)
      #expect(traced.status == 0, "\(traced.errors)")
    }

    @Test("The console says the tutorial's lines on standard error")
    func console() throws {
      let errors = try train("--epochs", "1", "--threads", "1").errors
      let number = #"-?[0-9]+\.[0-9]{4}"#
      let score = #"[0-9]\.[0-9]{2}"#
      let line =
        #"Epoch \[0/1\], Step \[3/3\], d_loss: \#(number), g_loss: \#(number), "#
        + #"D\(x\): \#(score), D\(G\(z\)\): \#(score)"#
      #expect(errors.contains(try Regex("(?m)^\(line)$")))
      #expect(errors.contains("device: cpu ("))
      #expect(errors.contains("data: mnist, 250 images of 1x6x6, from \(scratch.path)\n"))
      #expect(!errors.contains("\r"))
    }

    @Test("Two runs with the same seed and threads write identical files")
    func determinism() throws {
      for _ in 0..<2 {
        #expect(try train("--epochs", "2", "--threads", "2", "--seed", "5", "--quiet").status == 0)
      }
      let runs = (0..<2).map { scratch.path(of: "runs/0000\($0)-mnist-tutorial-hidden16-seed5") }
      let contents = try runs.map { try RunContents(of: $0) }
      #expect(contents[0].differences(from: contents[1]).isEmpty)
      #expect(contents[0].names.count == 11)
    }

    @Test("--quiet silences the terminal but not the log; --json-lines prints the statistics")
    func quiet() throws {
      let result = try train("--steps", "4", "--threads", "1", "--quiet", "--json-lines")
      #expect(result.errors.isEmpty)
      let run = scratch.path(of: "runs/00000-mnist-tutorial-hidden16-seed0")
      #expect(result.output == (try String(contentsOfFile: "\(run)/stats.jsonl", encoding: .utf8)))
      #expect(try String(contentsOfFile: "\(run)/log.txt", encoding: .utf8).contains("Step [1/3]"))
    }

    @Test("--dry-run prints the options and touches nothing")
    func dryRun() throws {
      let result = try train("--dry-run", "--steps", "9", "--set", "previewCount=3")
      #expect(result.status == 0)
      let rows = result.lines.map { line in
        line.split(whereSeparator: \.isWhitespace).joined(separator: " ")
      }
      #expect(rows.contains("steps: 9 # --steps"))
      #expect(rows.contains("previewCount: 3 # --set previewCount=3"))
      #expect(rows.contains("generator.hidden: [16,16] # --hidden-size"))
      #expect(!isFolder(scratch.path(of: "runs")))
    }
  }
}
