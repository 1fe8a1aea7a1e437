import Foundation
import GANData
import GANFormats
import GANTensor
import GANTestSupport
import Testing

extension CommandTests {
  @Suite("Data as people have them, from the shell")
  struct DataFaultTests {
    typealias Forge = PictureForge

    private let scratch: SmallMNIST
    private let small = [
      "--hidden-size", "16", "--threads", "1", "--steps", "2", "--batch-size", "5",
    ]

    init() throws { scratch = try SmallMNIST() }

    private func run(
      _ arguments: [String], environment: [String: String] = [:]
    ) throws -> Program.Result {
      try Program.run(arguments, in: scratch.path, environment: environment)
    }

    private func write(_ name: String, _ bytes: [UInt8]) throws {
      let url = URL(filePath: scratch.path(of: name))
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(bytes).write(to: url)
    }

    private func write(_ name: String, shade: UInt8) throws {
      try write(name, Forge.png(.plain(width: 8, height: 8, [shade])))
    }

    private func summary(_ source: String) throws -> [String: Any] {
      let result = try run(["data", "inspect", source, "--json"])
      #expect(result.status == 0, "\(result.errors)")
      return try #require(
        try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
    }

    private func training(_ source: String) throws -> [String: Any] {
      try #require((try summary(source)["splits"] as? [[String: Any]])?.first)
    }

    // MARK: Classes

    @Test("The generator is told only classes that have images, and they are called as they were")
    func gaps() throws {
      try SmallMNIST.writeLabels(toFolder: scratch.path) { 8 + $0 % 2 }
      let trace = try run(
        ["trace", "--recipe", "cgan", "--data-dir", ".", "-o", "trace"]
          + small.dropLast(4) + ["--steps", "2"])
      #expect(trace.status == 0, "\(trace.errors)")
      let told = try SafetensorsFile(contentsOf: scratch.path(of: "trace")).entries
        .filter { $0.name.hasSuffix("atentLabels") || $0.name.hasSuffix("realLabels") }
      #expect(told.count > 4)
      #expect(Set(told.flatMap { $0.tensor.int64s }) == [0, 1])

      let trained = try run(["train", "--recipe", "cgan", "--data-dir", "."] + small)
      #expect(trained.status == 0, "\(trained.errors)")
      #expect(
        trained.errors.contains(
          "data: no images of 0, 1, 2, 3, 4, 5, 6, 7, left out; the classes are 8, 9\n"))
      let folder = trained.lines[0]
      let wrong = try run(["sample", folder, "--label", "0", "-o", "x.npy"])
      #expect(wrong.status == 64 || wrong.status == 78, "\(wrong.errors)")
      #expect(wrong.errors.contains("a class of which there were images: 8, 9"), "\(wrong.errors)")
      for (label, output) in [("8", "8.npy"), ("9", "9.npy"), ("each", "each.npy")] {
        #expect(try run(["sample", folder, "--label", label, "-o", output]).status == 0)
      }
      #expect(try Npy.read(scratch.path(of: "each.npy")).dimensions[0] == 20)
      let resumed = try run(["train", "--resume", folder, "--steps", "3"])
      #expect(resumed.status == 0, "\(resumed.errors)")

      let split = try training(".")
      #expect(split["emptyClasses"] as? [String] == (0..<8).map(String.init))
      let text = try run(["data", "inspect", "."]).output
      #expect(text.contains("  no images of 0, 1, 2, 3, 4, 5, 6, 7; training leaves these out\n"))
    }

    @Test("A class of which no picture can be read is left out by name")
    func unreadableClass() throws {
      for number in 0..<5 {
        try write("things/ant/\(number).heic", [0, 0, 0, 24] + [UInt8]("ftypheic".utf8))
        try write("things/bee/\(number).png", shade: 10)
        try write("things/cow/\(number).png", shade: 200)
      }
      let trained = try run(["train", "--data-dir", "things", "--recipe", "cgan"] + small)
      #expect(trained.status == 0, "\(trained.errors)")
      #expect(
        trained.errors.contains("left out: 5 HEIC pictures, the first ant/0.heic; to convert"))
      #expect(trained.errors.contains("no images of ant, left out; the classes are bee, cow\n"))
      #expect(
        try run(["sample", trained.lines[0], "--label", "cow", "-o", "cow.npy"]).status == 0)
      let split = try training("things")
      #expect(split["classNames"] as? [String] == ["ant", "bee", "cow"])
      #expect(split["emptyClasses"] as? [String] == ["ant"])
    }

    @Test(
      "A number is a class's name where classes are called by numbers, and else a place that is said"
    )
    func numbers() throws {
      for number in 0..<5 {
        for name in ["001", "002", "003"] { try write("three/\(name)/\(number).png", shade: 9) }
        for name in ["cat", "dog"] { try write("two/\(name)/\(number).png", shade: 9) }
      }
      let three = try run(["train", "--data-dir", "three", "--recipe", "cgan"] + small).lines[0]
      for (label, output) in [("1", "1"), ("001", "001"), ("002", "002")] {
        #expect(try run(["sample", three, "--label", label, "-o", "\(output).npy"]).status == 0)
      }
      func bytes(_ name: String) throws -> Data {
        try Data(contentsOf: URL(filePath: scratch.path(of: name)))
      }
      #expect(try bytes("1.npy") == bytes("001.npy"))
      #expect(try bytes("1.npy") != bytes("002.npy"))
      let none = try run(["sample", three, "--label", "0"])
      #expect(none.status != 0 && none.errors.contains("001, 002, 003"), "\(none.errors)")
      let two = try run(["train", "--data-dir", "two", "--recipe", "cgan"] + small).lines[0]
      let place = try run(["sample", two, "--label", "1", "-o", "dog.npy"])
      #expect(place.status == 0 && place.errors.contains("--label 1 is the class dog"))
    }

    // MARK: Folders

    @Test("Folders of training and test pictures are told apart, in a line")
    func splits() throws {
      for number in 0..<40 {
        let part = number < 30 ? "training" : "testing"
        try write("digits/\(part)/\(number % 10)/\(number).png", shade: UInt8(6 * number))
      }
      let split = try training("digits")
      #expect(split["classNames"] as? [String] == (0..<10).map(String.init))
      #expect(split["imageCount"] as? Int == 30)
      let result = try run(["train", "--data-dir", "digits"] + small)
      #expect(
        result.errors.contains(
          "data: digits: 30 pictures of training in 10 class folders; "
            + "passed over: 10 of testing, held back\n"), "\(result.errors)")
    }

    @Test("In the folder in which it is used, it trains on the pictures and not on its own")
    func ownOutput() throws {
      for number in 0..<6 {
        try write("photos/\(number).png", Forge.png(.noise(width: 8, height: 8, channels: 1)))
      }
      let photos = scratch.path(of: "photos")
      func run(_ arguments: [String]) throws -> Program.Result {
        let result = try Program.run(arguments, in: photos)
        #expect(result.status == 0, "\(result.errors)")
        return result
      }
      let training = ["train", "--data-dir", ".", "--recipe", "tutorial"] + small
      let first = try run(training)
      _ = try run(["sample", first.lines[0]])
      _ = try run(["data", "inspect", ".", "-o", "grid.png"])
      let second = try run(training)
      #expect(second.errors.contains("data: photos: 6 pictures, without classes; passed over: "))
      #expect(second.errors.contains("1 run of gan, 2 pictures made by gan"), "\(second.errors)")
      #expect(second.errors.contains("data: photos, 6 images of 1x8x8"), "\(second.errors)")
    }

    @Test("Pictures without a usual ending are taken, and what is passed over is counted")
    func endings() throws {
      let jpeg = Forge.jpeg(.noise(width: 8, height: 8, channels: 1))
      for number in 0..<4 {
        try write("things/cat/\(number).jfif", jpeg)
        try write("things/cow/\(number)", jpeg)
        try write("things/dog/\(number).png", shade: 3)
        try write("things/dog/\(number).txt", [1])
        try write("things/dog/\(number).gif", [UInt8]("GIF89a".utf8))
      }
      let split = try training("things")
      #expect(split["classNames"] as? [String] == ["cat", "cow", "dog"])
      #expect(split["labelCounts"] as? [Int] == [4, 4, 4])
      let result = try run(["data", "inspect", "things"])
      #expect(
        result.errors.contains("in 3 class folders; passed over: 4 .txt\n"), "\(result.errors)")
      #expect(result.output.contains("  not read: 4 GIF pictures, the first dog/0.gif; to convert"))
    }

    @Test("Gray pictures in BMP are gray")
    func grayBMP() throws {
      let palette = (0..<256).flatMap { (shade: Int) -> [UInt8] in
        [UInt8(shade), UInt8(shade), UInt8(shade), 0]
      }
      try write(
        "gray/1.bmp",
        Forge.bmp(
          width: 4, height: 1, bitsPerPixel: 8, rows: [[0, 50, 100, 255]], palette: palette))
      let split = try training("gray")
      #expect(split["imageShape"] as? [Int] == [1, 1, 4])
    }

    @Test("Pictures replaced by others of the same names, lengths and times are decoded again")
    func replaced() throws {
      func put(_ shade: UInt8) throws -> String? {
        for number in 0..<4 {
          let name = "things/\(number).bmp"
          try write(
            name,
            Forge.bmp(
              width: 4, height: 1, bitsPerPixel: 24, rows: [[UInt8](repeating: shade, count: 12)]))
          try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSince1970: 946_684_800)],
            ofItemAtPath: scratch.path(of: name))
        }
        return try training("things")["pixelSHA256"] as? String
      }
      let digests = [try put(10), try put(200), try put(10)]
      #expect(digests[0] != digests[1])
      #expect(digests[0] == digests[2])
    }

    @Test("A folder with as long a name as can be is trained on")
    func longName() throws {
      let name = String(repeating: "x", count: 245)
      for number in 0..<4 { try write("\(name)/\(number).png", shade: 9) }
      let result = try run(["train", "--data-dir", name] + small)
      #expect(result.status == 0, "\(result.errors)")
    }

    @Test(
      "Without a home, or one that can be written, pictures are decoded for the run alone",
      arguments: [["HOME": "", "XDG_CACHE_HOME": ""], ["XDG_CACHE_HOME": "/proc/none"]])
    func noCache(environment: [String: String]) throws {
      for number in 0..<8 { try write("things/\(number).png", shade: 9) }
      let result = try run(["train", "--data-dir", "things"] + small, environment: environment)
      #expect(result.status == 0, "\(result.errors)")
      #expect(result.errors.contains("data: not kept for later runs: "), "\(result.errors)")
      let resumed = try run(
        ["train", "--resume", result.lines[0], "--steps", "3"], environment: environment)
      #expect(resumed.status == 0, "\(resumed.errors)")
      let packed = try run(["data", "pack", "things"], environment: environment)
      #expect(packed.status == 73, "\(packed.errors)")
      #expect(try run(["data", "pack", "things", "-o", "x"], environment: environment).status == 0)
    }

    // MARK: Files

    @Test(
      "Arrays, tables and archives are trained on, and a run of them goes on",
      arguments: ["digits.csv", "points.csv", "things.zip", "things.tar.gz", "images.safetensors"])
    func files(name: String) throws {
      switch name {
      case "digits.csv":
        let row = [String](repeating: "200", count: 64).joined(separator: ",")
        try write(name, [UInt8]((0..<10).map { "\($0 % 2),\(row)\n" }.joined().utf8))
      case "points.csv":
        try write(name, [UInt8]((0..<20).map { "\($0),\(0.5 * Double($0))\n" }.joined().utf8))
      case "images.safetensors":
        let images = HostTensor(shape: [10, 4, 4], [UInt8](repeating: 7, count: 160))
        try SafetensorsFile(tensors: [("images", images)]).write(to: scratch.path(of: name))
      default:
        for number in 0..<10 { try write("things/\(number % 2)/\(number).png", shade: 9) }
        let script = """
          import shutil, sys
          shutil.make_archive(sys.argv[1] + "/things", sys.argv[2], sys.argv[1], "things")
          """
        _ = try PythonPeer.printed(
          by: script, scratch.path, name.hasSuffix("zip") ? "zip" : "gztar")
      }
      let recipe = name == "points.csv" ? ["--recipe", "ring-8"] : []
      let result = try run(["train", "--data-dir", name] + recipe + small)
      #expect(result.status == 0, "\(result.errors)")
      let own = name.prefix { $0 != "." }
      #expect(result.lines[0].hasPrefix("runs/00000-\(own)-"), "\(result.lines)")
      #expect(result.errors.contains(", from \(name)\n"), "\(result.errors)")
      let resumed = try run(["train", "--resume", result.lines[0], "--steps", "3"])
      #expect(resumed.status == 0, "\(resumed.errors)")
    }

    @Test("MNIST in an archive is MNIST")
    func archivedMNIST() throws {
      let script = """
        import sys, zipfile
        with zipfile.ZipFile(sys.argv[1] + "/archive.zip", "w") as archive:
            archive.write(sys.argv[1] + "/train-images-idx3-ubyte", "train-images.idx3-ubyte")
        """
      _ = try PythonPeer.printed(by: script, scratch.path)
      let result = try run(["train", "--data-dir", "archive.zip"] + small)
      #expect(
        result.errors.contains("data: mnist, 250 images of 1x6x6, from archive.zip\n"),
        "\(result.errors)")
      let resumed = try run(["train", "--resume", result.lines[0], "--steps", "3"])
      #expect(resumed.status == 0, "\(resumed.errors)")
    }

    @Test("Of several data sets in a folder one is taken, and the others are named")
    func several() throws {
      for number in 1...5 {
        try write(
          "root/cifar-10-batches-bin/data_batch_\(number).bin", [UInt8](repeating: 1, count: 3073))
      }
      try FileManager.default.createDirectory(
        atPath: scratch.path(of: "root/MNIST/raw"), withIntermediateDirectories: true)
      try SmallMNIST.write(toFolder: scratch.path(of: "root/MNIST/raw"))
      let result = try run(["train", "--data-dir", "root"] + small)
      #expect(
        result.errors.contains(
          "data: MNIST is taken; there are also CIFAR-10 (--dataset cifar-10)\n"),
        "\(result.errors)")
    }

    @Test("Weights that another program saved again without the seal are used, and that is said")
    func unsealed() throws {
      let trained = try run(["train", "--data-dir", "."] + small)
      var file = try SafetensorsFile(
        contentsOf: scratch.path(of: trained.lines[0] + "/generator.safetensors"))
      #expect(file.metadata.removeValue(forKey: "sha256") != nil)
      try file.write(to: scratch.path(of: "edited.safetensors"))
      let sampled = try run(["sample", "edited.safetensors", "-o", "x.npy"])
      #expect(sampled.status == 0, "\(sampled.errors)")
      #expect(sampled.errors.contains("edited.safetensors has no seal"))
      // A checkpoint without one is refused for that.
      let checkpoints = scratch.path(of: trained.lines[0] + "/checkpoints")
      let name = try #require(
        try FileManager.default.contentsOfDirectory(atPath: checkpoints)
          .first { $0.hasSuffix(".safetensors") })
      var checkpoint = try SafetensorsFile(contentsOf: "\(checkpoints)/\(name)")
      checkpoint.metadata["sha256"] = nil
      try checkpoint.write(to: scratch.path(of: "bare.safetensors"))
      let refused = try run(["sample", "bare.safetensors", "-o", "x.npy"])
      #expect(refused.status == 65 && refused.errors.contains("its seal is missing"))
    }
  }
}
