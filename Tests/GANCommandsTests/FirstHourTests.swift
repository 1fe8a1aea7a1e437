import Foundation
import GANData
import GANFormats
import GANTestSupport
import GANTraining
import Testing

extension CommandTests {
  /// What somebody new tries, and reads.
  @Suite("The first hour")
  struct FirstHourTests {
    private let scratch: SmallMNIST

    init() throws { scratch = try SmallMNIST() }

    private func run(
      _ arguments: [String], environment: [String: String] = [:]
    ) throws -> Program.Result {
      let cache = ["XDG_CACHE_HOME": scratch.path(of: "cache")]
      return try Program.run(
        arguments, in: scratch.path, environment: cache.merging(environment) { $1 })
    }

    private func writePhotos(count: Int, side: Int = 16) throws {
      for number in 0..<count {
        let path = scratch.path(of: "photos/\(number % 2 == 0 ? "cat" : "dog")/\(number).png")
        try makeFolder((path as NSString).deletingLastPathComponent)
        try Data(
          PictureForge.png(.noise(width: side, height: side, channels: 3, seed: UInt64(number)))
        ).write(to: URL(filePath: path))
      }
    }

    @Test("Photos without --recipe get one that fits, and the length is said in steps")
    func photos() throws {
      try writePhotos(count: 20, side: 28)
      let small = ["--set", "generator.hidden=[4,4]", "--set", "discriminator.hidden=[4,4]"]
      let flags = ["train", "--data-dir", "photos", "--batch-size", "5", "--threads", "1"] + small
      let planned = try run(flags + ["--dry-run"])
      #expect(planned.status == 0, "\(planned.errors)")
      #expect(planned.lines[0].contains("photos-28") && planned.lines[0].hasSuffix("fits the data"))
      let result = try run(flags + ["--steps", "8", "--set", "roundSteps=4"])
      #expect(result.status == 0, "\(result.errors)")
      #expect(
        result.errors.contains(
          "recipe: photos-28 fits 20 colour images of 28x28; --recipe names another\n"))
      #expect(result.errors.contains("length: 8 steps, 4 an epoch\n"))
      #expect(result.lines[0].hasSuffix("photos-photos-28-hidden4-seed0"))
      let named = try run(
        ["train", "--data-dir", "photos", "--recipe", "tutorial", "--hidden-size", "4"]
          + ["--epochs", "2", "--threads", "1"])
      #expect(
        named.errors.contains(
          "length: 2 epochs of 1 step, 2 in all\n"
            + "length: tutorial is made for about 120,000 steps: --steps 120000\n"))
      #expect(named.errors.contains("verdict: "))
      #expect(named.errors.contains("; see docs/troubleshooting.md#"))
    }

    @Test("Rounds share lines, pictures and checkpoints; a resumed run has the same")
    func rounds() throws {
      let flags = [
        "train", "--data-dir", ".", "--hidden-size", "4", "--threads", "1", "--set", "roundSteps=5",
      ]
      // Three steps an epoch: two epochs a round, of which the last is cut.
      let whole = try run(flags + ["--epochs", "5"])
      #expect(whole.status == 0, "\(whole.errors)")
      let folder = scratch.path(of: whole.lines[0])
      let pictures = try FileManager.default.contentsOfDirectory(atPath: "\(folder)/samples")
      #expect(
        pictures.sorted() == [
          "fake_images-2.png", "fake_images-4.png", "fake_images-5.png", "real_images.png",
        ])
      let checkpoints = try FileManager.default.contentsOfDirectory(atPath: "\(folder)/checkpoints")
      #expect(
        checkpoints.sorted() == [
          "latest", "step-12.safetensors", "step-15.safetensors", "step-6.safetensors",
        ])
      #expect(whole.errors.split(separator: "\n").count { $0.hasPrefix("Epoch [") } == 3)
      // One that was made longer ends with the same files.
      let short = try run(flags + ["--epochs", "3"])
      let longer = try run(["train", "--resume", short.lines[0], "--epochs", "5"])
      #expect(longer.status == 0, "\(longer.errors)")
      let grown = try FileManager.default.contentsOfDirectory(
        atPath: scratch.path(of: short.lines[0] + "/samples"))
      #expect(grown.sorted() == pictures.sorted())
    }

    @Test("info fits a terminal, and leads with how it went and what is next")
    func info() throws {
      let flags = ["--data-dir", ".", "--hidden-size", "4", "--threads", "1", "--epochs", "2"]
      let run = try self.run(["train"] + flags).lines[0]
      let result = try self.run(["info", run])
      #expect(result.lines.count <= 24, "\(result.output)")
      // A command is never broken.
      let texts = result.lines.filter { !$0.contains(" gan ") }
      #expect(texts.allSatisfy { $0.count <= 80 }, "\(result.output)")
      #expect(result.lines[0].hasPrefix("\(run): a finished run of 6 steps, in "))
      for part in [
        "verdict ", "d_loss ", "D(G(z)) ", "balance   best in epoch ", "fake_images-2.png",
        "curves.svg", "next      gan sample \(run) --show", "gan train --resume \(run) --epochs 4",
      ] {
        #expect(result.output.contains(part), "\(part) in \(result.output)")
      }
      let all = try self.run(["info", run, "--all"])
      #expect(all.output.contains("multiply-adds") && all.output.contains("\"batchSize\" : 100"))
      // What it advises can be done.
      let advice = result.lines.drop { !$0.hasPrefix("next ") }
      #expect(advice.count == 3)
      for line in advice {
        let words = line.dropFirst(14).split(separator: " ").map(String.init)
        #expect(try self.run(words).status == 0, "\(line)")
      }
    }

    @Test(
      "Other programs' flags and commands are answered with ours",
      arguments: [
        (
          "train --lr 0.1",
          "error: Unknown option '--lr'\n  = help: did you mean --learning-rate?\n"
        ),
        ("train --num-epochs 3", "= help: did you mean --epochs?"),
        ("train --gpu 0", "= help: did you mean --device?"),
        ("train --set lr=1", "= help: did you mean learningRate?"),
        ("curves runs", "= help: gan plot RUN -o losses.svg; every run's folder has curves.svg"),
        ("trian", "= help: did you mean gan train?"),
        ("hlep", "= help: did you mean gan help?"),
        ("lab gradient", "= help: did you mean gan lab gradients?"),
        ("train --recipe dcgan", "= help: did you mean dcgan-28?"),
      ])
    func familiarNames(arguments: String, message: String) throws {
      let result = try run(arguments.split(separator: " ").map(String.init))
      #expect(result.status == 64)
      #expect(result.errors.contains(message), "\(result.errors)")
    }

    @Test("A variable with another program's name is answered with ours")
    func familiarVariables() throws {
      let result = try Program.run(
        ["train", "--dry-run"], in: scratch.path, environment: ["GAN_SET_LR": "2"])
      #expect(result.status == 78)
      #expect(result.errors.contains("did you mean GAN_SET_LEARNING_RATE?"), "\(result.errors)")
    }

    @Test("What is no run is called by its name, and a folder of runs leads to its newest")
    func infoOfOthers() throws {
      try writePhotos(count: 1)
      let picture = try run(["info", "photos/cat/0.png"])
      #expect(picture.status == 65 && picture.errors.contains(": a picture, not a file of a run"))
      let world = ["train", "--recipe", "ring-8", "--steps", "2", "--quiet"]
      let runs = try [0, 1].map { _ in try #require(try run(world).lines.last) }
      let result = try run(["info", "runs"])
      #expect(result.status == 66 && result.errors.contains("gan info \(runs[1])\n"))
      #expect(try run(["info", runs[1]]).status == 0)
    }

    @Test("Where no run is, the runs that are there are named, at most five, the newest first")
    func wrongRun() throws {
      let world = ["train", "--recipe", "ring-8", "--steps", "2", "--quiet"]
      let runs = try (0..<7).map { _ in try #require(try run(world).lines.last) }
      let list =
        "  = help: the runs there, the newest first:\n"
        + runs.reversed().prefix(5).map { "  = help:   \($0)\n" }.joined()
        + "  = help:   and 2 more: gan runs list runs\n"
      for command in [
        ["sample"], ["info"], ["diagnose"], ["evaluate"], ["plot"], ["report"], ["film"],
        ["export", "--onnx", "x.onnx"], ["train", "--resume"], ["train", "--from"],
        ["runs", "show"],
      ] {
        let result = try run(command + ["runs/00009"])
        #expect(result.status == 66)
        #expect(
          result.errors == "error: no such file or folder: runs/00009\n" + list,
          "\(command): \(result.errors)")
      }
      #expect(try run(["runs", "show", "9"]).errors.hasSuffix("has the number 9\n" + list))
      #expect(try run(["sample", "00009"]).errors.hasSuffix("folder: 00009\n" + list))
      #expect(try run(["sample", "runs"]).errors.hasSuffix(list))
      // The beginning of a name, and a folder that is called nearly so.
      #expect(
        try run(["sample", "runs/00003"]).errors.contains("  = help: did you mean \(runs[3])?\n"))
      let other = try run(["info", runs[3].replacing("runs/", with: "rnus/")])
      #expect(other.errors.contains("  = help: did you mean \(runs[3])?\n"), "\(other.errors)")
      #expect(!(try run(["sample", "nothing"])).errors.contains("help"))
    }

    @Test("The cache is listed with its sizes, and cleared")
    func cache() throws {
      try writePhotos(count: 4)
      #expect(try run(["data", "cache"]).lines.last?.hasPrefix("0.0 MB in ") == true)
      #expect(try run(["data", "inspect", "photos", "--image-size", "8"]).status == 0)
      let listed = try run(["data", "cache"])
      #expect(listed.lines.count == 2 && listed.lines[0].hasPrefix("packed    photos-"))
      let name = try #require(listed.lines[0].split(separator: " ").dropFirst().first)
      #expect(try run(["data", "cache", "nothing", "--clear"]).status == 66)
      #expect(try run(["data", "cache", String(name), "--clear"]).status == 0)
      #expect(try run(["data", "cache"]).lines.count == 1)
    }

    @Test("Class folders of a Mac are whole and aligned, and names cannot move the cursor")
    func names() throws {
      // 강아지, in the pieces that Apple's file systems keep.
      let dog = "\u{1100}\u{1161}\u{11BC}\u{110B}\u{1161}\u{110C}\u{1175}"
      for (folder, count) in [(dog, 2), ("cat", 3), ("e\u{1B}[2Jvil", 1)] {
        for number in 0..<count {
          let path = scratch.path(of: "pets/\(folder)/\(number).png")
          try makeFolder((path as NSString).deletingLastPathComponent)
          try Data(PictureForge.png(.noise(width: 8, height: 8, channels: 1, seed: UInt64(number))))
            .write(to: URL(filePath: path))
        }
      }
      let result = try run(["data", "inspect", "pets"])
      #expect(result.status == 0, "\(result.errors)")
      #expect(!result.output.contains("\u{1B}") && result.output.contains("e\\u{1B}[2Jvil"))
      #expect(result.lines.contains { $0.contains("강아지") && $0.contains("  2  ###") })
      #expect(!result.errors.contains("\u{1B}"))
    }

    @Test("A run of pictures in a folder with a Korean name is called so, and can be named so")
    func koreanRun() throws {
      for number in 0..<6 {
        let picture = PictureForge.png(.noise(width: 8, height: 8, channels: 1))
        try makeFolder(scratch.path(of: "사진"))
        try Data(picture).write(to: URL(filePath: scratch.path(of: "사진/\(number).png")))
      }
      let flags = ["--recipe", "tutorial", "--hidden-size", "4", "--batch-size", "5"]
      let trained = try run(["train", "--data-dir", "사진", "--steps", "2"] + flags)
      #expect(trained.status == 0, "\(trained.errors)")
      let folder = try #require(trained.lines.last)
      #expect(folder.hasPrefix("runs/00000-사진-tutorial-"))
      #expect(try run(["train", "--resume", folder, "--steps", "3"]).status == 0)
      #expect(try run(["sample", folder, "-o", "x.png"]).status == 0)
      #expect(try run(["info", folder]).output.contains("사진, 6 images of 1x8x8"))
    }

    @Test("fetch takes a folder in place of the cache")
    func fetch() throws {
      let result = try run(
        ["data", "fetch", "mnist", "--data-dir", "here", "--mirror", "http://127.0.0.1:1"])
      #expect(result.status == 69)
      #expect(try run(["data", "cache"]).lines.count == 1)
      #expect(isFolder(scratch.path(of: "here/mnist")))
    }
  }
}
