import Foundation
import GANData
import GANFormats
import GANTensor
import GANTestSupport
import Testing

extension CommandTests {
  @Suite("Folders of pictures, from the shell")
  struct PictureTests {
    typealias Forge = PictureForge

    private let scratch: SmallMNIST
    private let small = [
      "--hidden-size", "16", "--threads", "1", "--steps", "4", "--batch-size", "5",
    ]

    init() throws { scratch = try SmallMNIST() }

    private func run(_ arguments: [String]) throws -> Program.Result {
      try Program.run(arguments, in: scratch.path)
    }

    private func write(_ name: String, _ bytes: [UInt8]) throws {
      let url = URL(filePath: scratch.path(of: name))
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(bytes).write(to: url)
    }

    /// Ten pictures of two classes, of two sizes and in two formats, and one that is none.
    private func writePets() throws {
      for number in 0..<5 {
        try write(
          "my pets/cat/\(number).png",
          Forge.png(.noise(width: 12, height: 8, channels: 3, seed: UInt64(number))))
        try write(
          "my pets/dog/\(number).jpg",
          Forge.jpeg(.noise(width: 9, height: 9, channels: 1, seed: UInt64(number))))
      }
      try write("my pets/cat/not.png", [1, 2, 3])
    }

    @Test("train packs a folder once, names what it leaves out, and resumes from it")
    func train() throws {
      try writePets()
      let flags = ["train", "--data-dir", "my pets", "--image-size", "6"] + small
      let first = try run(flags)
      #expect(first.status == 0, "\(first.errors)")
      #expect(
        first.errors.contains(
          "data: left out: file is not PNG, JPEG, WebP or BMP: cat/not.png (bytes 00-02 are 01 02 03)"
        ))
      #expect(first.errors.contains("data: 10 pictures packed in "))
      #expect(first.errors.contains("data: my-pets, 10 images of 3x6x6, from my pets\n"))
      #expect(first.output == "runs/00000-my-pets-mlp-large-hidden16-seed0\n")
      let picture = try PNG.read(scratch.path(of: first.lines[0] + "/samples/real_images.png"))
      #expect(picture.channels == 3)

      let second = try run(flags)
      #expect(
        second.errors.contains(
          "data: 1 left out as unreadable; for their names: gan data inspect 'my pets'"))
      #expect(!second.errors.contains("packed in"))
      let resumed = try run(["train", "--resume", first.lines[0], "--steps", "6"])
      #expect(resumed.status == 0, "\(resumed.errors)")
      #expect(!resumed.errors.contains("packed in"))

      // Other pictures are other data.
      try write("my pets/dog/5.jpg", Forge.jpeg(.noise(width: 9, height: 9, channels: 3)))
      let changed = try run(["train", "--resume", first.lines[0], "--steps", "8"])
      #expect(changed.status == 78)
      #expect(changed.errors.contains("data: 11 pictures packed in "))
      #expect(changed.errors.contains("its data have the SHA-256 "))
    }

    @Test("pack writes a file that train takes, under any name")
    func pack() throws {
      try writePets()
      let packed = try run(
        [
          "data", "pack", "my pets", "--image-size", "1x5x7", "--background", "102030", "--name",
          "pets", "--output", "pets.safetensors",
        ])
      #expect(packed.status == 0, "\(packed.errors)")
      #expect(packed.output == "pets.safetensors\n")
      for (name, flags) in [("pets", []), ("others", ["--dataset", "others"])] {
        let trained = try run(["train", "--data-dir", "pets.safetensors"] + small + flags)
        #expect(trained.status == 0, "\(trained.errors)")
        #expect(trained.errors.contains("data: \(name), 10 images of 1x5x7, from pets.safetensors"))
        let resumed = try run(["train", "--resume", trained.lines[0], "--steps", "6"])
        #expect(resumed.status == 0, "\(resumed.errors)")
      }
      // A name in a file leads nowhere outside of the runs' folder.
      var foreign = try SafetensorsFile(contentsOf: scratch.path(of: "pets.safetensors"))
      foreign.metadata["name"] = "../../mnist"
      try foreign.write(to: scratch.path(of: "foreign.safetensors"))
      let trained = try run(["train", "--data-dir", "foreign.safetensors"] + small)
      let name = "mnist-pictures-mlp-large-hidden16-seed0"
      #expect(trained.lines == ["runs/00002-\(name)"], "\(trained.errors)")

      let cached = try run(["data", "pack", "my pets", "--quiet"])
      #expect(cached.lines[0].hasPrefix(scratch.path(of: "cache/swift-gan/packed/my-pets-")))
      #expect(try PackedImages(contentsOf: cached.lines[0]).dataset.imageShape == [3, 64, 64])
    }

    @Test("inspect says what pictures were like and what they became")
    func inspect() throws {
      try writePets()
      let result = try run(
        ["data", "inspect", "my pets", "--image-size", "6", "--json", "--output", "grid.png"])
      let summary = try #require(
        try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
      let pictures = try #require(summary["pictures"] as? [String: Any])
      #expect(pictures["extents"] as? [String: Int] == ["8x12": 5, "9x9": 5])
      #expect(pictures["modes"] as? [String: Int] == ["PNG colour": 5, "JPEG gray": 5])
      #expect((pictures["unreadable"] as? [String])?.count == 1)
      let split = try #require((summary["splits"] as? [[String: Any]])?.first)
      #expect(split["classNames"] as? [String] == ["cat", "dog"])
      #expect(split["labelCounts"] as? [Int] == [5, 5])
      let channels = try #require(split["channels"] as? [[String: Double]])
      #expect(channels.count == 3)
      let mean = try channels.map { try #require($0["mean"]) }.reduce(0, +) / 3
      #expect(abs(mean - (try #require(split["mean"] as? Double))) < 1e-12)
      #expect(try PNG.read(scratch.path(of: "grid.png")).channels == 3)

      let lines = try run(["data", "inspect", "my pets", "--image-size", "6"]).lines
      #expect(lines[0] == "my-pets, my pets")
      #expect(lines.contains("   0  cat  5  ########################################"))
      #expect(lines.contains("pictures  10 read, 1 unreadable"))
      #expect(lines.contains("  sizes  5 8x12, 5 9x9 (rows x columns)"))
      #expect(lines.contains("  transparent pixels on white"))
    }

    @Test("inspect lays pictures on a background, and says on which, of a packed file too")
    func background() throws {
      try write("clear/a/1.png", Forge.png(.plain(width: 4, height: 4, [9, 9, 9, 0])))
      for (flags, name, mean) in [
        ([], "white", "1.0000"), (["--background", "black"], "black", "0.0000"),
        (["--background", "330000"], "330000", "0.0667"),
      ] as [([String], String, String)] {
        // 0x33 is a fifth of 0xff, in one channel of three.
        let line = "train  1 images of 3x4x4, mean \(mean), "
        let packed = try run(["data", "pack", "clear", "--output", name] + flags)
        #expect(packed.status == 0, "\(packed.errors)")
        for source in [["clear"] + flags, [name]] {
          let lines = try run(["data", "inspect"] + source).lines
          #expect(lines.contains("  transparent pixels on \(name)"), "\(lines)")
          #expect(lines.contains { $0.hasPrefix(line) }, "\(lines)")
        }
      }
    }

    @Test("inspect says why there are no labels, of a packed file too")
    func unlabelled() throws {
      let picture = Forge.png(.plain(width: 4, height: 4, [9]))
      try write("flat/1.png", picture)
      try write("flat/a/1.png", picture)
      for number in 0...256 { try write("many/\(number)/1.png", picture) }
      for (folder, reason) in [
        ("flat", "1 of 2 pictures outside of class folders, the first 1.png"),
        ("many", "257 class folders are more than 256"),
      ] {
        let packed = try run(["data", "pack", folder, "--output", "packed"])
        #expect(packed.errors.contains("data: no labels: \(reason)\n"), "\(packed.errors)")
        for source in [folder, "packed"] {
          let lines = try run(["data", "inspect", source]).lines
          #expect(lines.contains("  no labels: \(reason)"), "\(lines)")
        }
      }
    }

    @Test("Images are as large as turned pictures are seen")
    func turned() throws {
      let exif = Forge.exif(orientation: 6, isLittleEndian: true)
      for number in 1...2 {
        let picture = Forge.Picture.noise(width: 48, height: 24, channels: 3, seed: UInt64(number))
        try write("turned/\(number).png", Forge.png(picture, chunks: [("eXIf", exif)]))
      }
      let lines = try run(["data", "inspect", "turned"]).lines
      #expect(lines.contains { $0.hasPrefix("train  2 images of 3x48x24, ") }, "\(lines)")
      #expect(lines.contains("pictures  2 read, 2 turned upright, 0 unreadable"))
      #expect(lines.contains("  sizes  2 48x24 (rows x columns)"))
    }

    @Test(
      "Pictures of which none can be read are named, with their reasons",
      arguments: [
        ("train --data-dir bad", 20), ("data pack bad", 20), ("data pack bad -o packed", 20),
        ("data inspect bad", 22),
      ])
    func noneReadable(command: String, namedCount: Int) throws {
      for number in 10...30 { try write("bad/\(number).png", [1, 2, 3]) }
      try write("bad/09.png/readme", [])
      let result = try run(command.split(separator: " ").map(String.init))
      #expect(result.status == 66)
      let lines = result.errors.split(separator: "\n").map(String.init)
      let expected =
        ["data: left out: not a file: 09.png"]
        + (10...30).map {
          "data: left out: file is not PNG, JPEG, WebP or BMP: \($0).png (bytes 00-02 are 01 02 03)"
        }
      #expect(
        lines.filter { $0.hasPrefix("data: left out: ") } == Array(expected.prefix(namedCount)))
      let rest = namedCount < 22 ? ["data: and 2 more; for their names: gan data inspect bad"] : []
      let error = ["error: none of the 22 pictures in bad can be read"]
      #expect(lines.suffix(rest.count + 1) == (rest + error)[...], "\(lines)")
      #expect(result.output.isEmpty)
    }

    @Test(
      "What cannot be is said, with what to do",
      arguments: [
        (["data", "pack", "absent"], 66, "no such file or folder: absent"),
        (["data", "pack", "none"], 66, "no pictures in none (looked for .jpg, "),
        (
          ["data", "pack", "bad"], 66,
          "(bytes 00-00 are 01)\nerror: none of the 1 pictures in bad can be read\n"
        ),
        (
          ["data", "pack", "my pets", "--unreadable", "refuse"], 65,
          "file is not PNG, JPEG, WebP or BMP: my pets/cat/not.png"
        ),
        (["data", "pack", "my pets", "--image-size", "0"], 64, "--image-size 0: must be auto, or"),
        (
          ["data", "pack", "my pets", "--background", "red"], 64, "--background red: must be white"
        ),
        (["data", "pack", "my pets", "--name", "mnist"], 64, "name mnist: another data set"),
        (["data", "pack", "my pets", "--name", "a/b"], 64, "name a/b: must be letters"),
        (
          ["train", "--data-dir", "none"], 66,
          "error: --data-dir none: there are neither MNIST's files (train-images-idx3-ubyte) nor "
            + "CIFAR-10's (data_batch_1.bin) nor pictures (.jpg, "
        ),
        (
          ["data", "inspect", "none"], 66,
          "error: none: there are neither MNIST's files (train-images-idx3-ubyte) nor "
            + "CIFAR-10's (data_batch_1.bin) nor pictures (.jpg, "
        ),
        (
          ["train", "--data-dir", "absent"], 66,
          "no such file or folder: absent\n  = help: name a folder with MNIST's files, CIFAR-10's or "
            + "pictures, "
        ),
        (["data", "inspect", "absent"], 66, "neither a data set nor a folder: absent"),
        (
          ["data", "inspect", "my pets", "--unreadable", "refuse"], 65,
          "file is not PNG, JPEG, WebP or BMP: my pets/cat/not.png"
        ),
        (
          ["data", "inspect", "my pets", "--background", "red"], 64,
          "--background red: must be white"
        ),
        (
          ["data", "inspect", ".", "--background", "black"], 78,
          "--background black has no effect: . is not a folder of pictures"
        ),
        (
          ["data", "inspect", ".", "--unreadable", "skip"], 78,
          "--unreadable skip has no effect: . is not a folder of pictures"
        ),
        (["train", "--data-dir", "none", "--dataset", "mnits"], 64, "did you mean mnist?"),
        (
          ["train", "--data-dir", "my pets", "--image-size", "2x0"], 64,
          "--image-size: imageSize must be auto, or rows and columns"
        ),
        (["train", "--dataset", "cifar-10"], 66, "no folder to take it from"),
        (
          ["train", "--data-dir", ".", "--recipe", "dcgan-28"], 78,
          "needs images whose side is a multiple of 4, not 6\n  = help: --image-size 8 resizes them"
        ),
        (
          ["train", "--data-dir", ".", "--recipe", "dcgan-32", "--image-size", "20"], 78,
          "needs images whose side is a multiple of 8, not 20\n  = help: --image-size 24"
        ),
        (
          ["trace", "--data-dir", ".", "--recipe", "cgan"], 78, "needs classes, and mnist has none"
        ),
      ] as [([String], Int32, String)])
    func refusals(arguments: [String], status: Int32, text: String) throws {
      try writePets()
      try write("none/notes.txt", [1])
      try write("bad/1.png", [1])
      let result = try run(arguments)
      #expect(result.status == status)
      #expect(result.errors.contains(text), "\(result.errors)")
      #expect(!FileManager.default.fileExists(atPath: scratch.path(of: "runs")))
    }

    @Test("Data of every kind come in the size that is asked for, and again when a run goes on")
    func resizing() throws {
      for number in 1...5 {
        try write(
          "cifar/data_batch_\(number).bin",
          [UInt8(number)] + (0..<3072).map { UInt8(truncatingIfNeeded: $0 * number) })
      }
      try writePets()
      let packed = try run(["data", "pack", "my pets", "--image-size", "12", "-o", "pets"])
      #expect(packed.status == 0, "\(packed.errors)")
      for (data, size, words) in [
        (".", "3x10x8", "mnist, 250 images of 3x10x8, from ., resized from 1x6x6"),
        ("cifar", "1x8x8", "cifar-10, 5 images of 1x8x8, from cifar, resized from 3x32x32"),
        ("pets", "9", "my-pets, 10 images of 3x9x9, from pets, resized from 3x12x12"),
      ] {
        let trained = try run(["train", "--data-dir", data, "--image-size", size] + small)
        #expect(trained.status == 0, "\(trained.errors)")
        #expect(trained.errors.contains("data: \(words)\n"), "\(trained.errors)")
        let resumed = try run(["train", "--resume", trained.lines[0], "--steps", "6"])
        #expect(resumed.status == 0, "\(resumed.errors)")
        let other = try run(
          ["train", "--resume", trained.lines[0], "--steps", "8", "--image-size", "7"])
        #expect(other.status == 78, "\(other.errors)")
        #expect(other.errors.contains("of [3, 7, 7]") || other.errors.contains("of [1, 7, 7]"))
      }
      // A recipe's own size is no less asked for.
      let recipe = try run(
        ["trace", "--recipe", "dcgan-32", "--data-dir", ".", "--steps", "1", "--batch-size", "2"]
          + ["--set", "generator.hidden=[2]", "--set", "discriminator.hidden=[2]"])
      #expect(recipe.errors.contains("250 images of 1x32x32, from ., resized from 1x6x6\n"))
      #expect(recipe.status == 0, "\(recipe.errors)")
      let inspected = try run(["data", "inspect", ".", "--image-size", "3x12x9"]).lines
      #expect(inspected.contains { $0.hasPrefix("train  250 images of 3x12x9, ") })
    }

    @Test("CIFAR-10 is found by its files")
    func cifar10() throws {
      for number in 1...5 {
        let record = [UInt8(number)] + [UInt8](repeating: UInt8(10 * number), count: 3072)
        try write("cifar/cifar-10-batches-bin/data_batch_\(number).bin", record)
      }
      for flags in [[], ["--dataset", "cifar-10"]] {
        let result = try run(["train", "--data-dir", "cifar"] + small + flags)
        #expect(result.errors.contains("data: cifar-10, 5 images of 3x32x32, from cifar\n"))
      }
      let lines = try run(["data", "inspect", "cifar"]).lines
      #expect(lines.contains { $0.hasPrefix("   5  dog         1  ###") })
    }

    #if os(Linux)
      @Test("Hostile pictures are named, and take less than 200 MB beyond the program's own")
      func hostile() throws {
        let sound = Forge.png(.noise(width: 8, height: 8, channels: 3))
        try write("hostile/a/sound.png", sound)
        for (kind, size) in [("png", 60_000), ("bmp", 60_000), ("png", 1_000_000)] {
          let bytes =
            kind == "png"
            ? Forge.png(width: size, height: size, bitDepth: 16, .colourAlpha, rows: [[0]])
            : Forge.bmp(width: size, height: size, bitsPerPixel: 32, rows: [])
          try write("hostile/a/vast-\(size).\(kind)", bytes)
        }
        try write("hostile/a/empty.png", [])
        try write("hostile/a/cut.png", Array(sound.prefix(60)))
        try write("hostile/a/other.jpg", Forge.webP(.noise(width: 8, height: 8, channels: 4)))
        try write("hostile/a/ink.jpg", Forge.jpeg(.noise(width: 8, height: 8, channels: 4)))
        try write("hostile/a/folder.png/1.png", sound)
        let loop = scratch.path(of: "hostile/a/loop.png")
        #expect(symlink("loop.png", loop) == 0)
        #expect(symlink("..", scratch.path(of: "hostile/a/round")) == 0)
        let sparse = scratch.path(of: "hostile/a/sparse.webp")
        try write("hostile/a/sparse.webp", [])
        #expect(truncate(sparse, 1 << 40) == 0)

        // The program alone fits in 200 MB of addresses.
        let result = try Program.run(
          executable: URL(filePath: "/bin/sh"),
          [
            "-c", "ulimit -v 400000; exec \"$0\" data pack hostile -o packed --image-size 8",
            Program.executable.path,
          ], in: scratch.path)
        #expect(result.status == 0, "\(result.errors)")
        let packed = try PackedImages(contentsOf: scratch.path(of: "packed"))
        #expect(packed.dataset.count == 3)
        #expect(
          packed.report.modes == ["PNG colour": 1, "WebP colour with alpha": 1, "JPEG YCCK": 1])
        for name in [
          "vast-60000.png", "vast-60000.bmp", "vast-1000000.png", "empty.png", "cut.png",
          "folder.png", "loop.png", "round", "sparse.webp",
        ] {
          #expect(
            result.errors.split(separator: "\n")
              .count { $0.hasPrefix("data: left out: ") && $0.contains("a/\(name)") } == 1,
            "\(name)")
        }
        #expect(packed.report.unreadable.count == 9)
      }
    #endif
  }
}
