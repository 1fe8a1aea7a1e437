import Foundation
import GANData
import GANFormats
import GANTestSupport
import GANTraining
import Testing

extension CommandTests {
  @Suite("Data sets by name")
  struct DataTests {
    private let scratch: SmallMNIST
    private let small = ["--hidden-size", "16", "--threads", "1", "--steps", "2"]

    init() throws { scratch = try SmallMNIST() }

    private func run(
      _ arguments: [String], environment: [String: String] = [:]
    ) throws -> Program.Result {
      try Program.run(arguments, in: scratch.path, environment: environment)
    }

    private func train(_ flags: String...) throws -> Program.Result {
      try run(["train"] + small + flags)
    }

    private func cached(_ name: String) -> String {
      scratch.path(of: "cache/swift-gan/mnist/\(name)")
    }

    @Test("auto says why it takes another data set than MNIST")
    func fallback() throws {
      let result = try train()
      #expect(result.status == 0)
      #expect(result.errors.contains("data: no MNIST: cannot fetch mnist: dataMirror=none forbids"))
      let other = ImageDataset.systemFashionMNISTFolder == nil ? "strokes" : "fashion-mnist"
      #expect(result.errors.contains("data: instead of it "))
      #expect(result.errors.contains("data: \(other), 60000 images of 1x28x28, "))
      #expect(result.output.hasPrefix("runs/00000-\(other)-"))
    }

    @Test("A data set asked for by name is never replaced")
    func named() throws {
      for name in ["mnist", "kmnist"] {
        let result = try train("--dataset", name)
        #expect(result.status == 69)
        #expect(!FileManager.default.fileExists(atPath: scratch.path(of: "runs")))
      }
    }

    @Test(
      "The built-in digits are resumed without being kept",
      // Debug builds take half a minute to write them.
      .enabled(if: Program.isForRelease, Program.isForDebugging))
    func strokes() throws {
      let started = try run(["train", "--dataset", "strokes"] + small)
      let resumed = try run(["train", "--resume", started.lines[0], "--steps", "3"])
      #expect(resumed.status == 0, "\(resumed.errors)")
      #expect(resumed.errors.contains("data: strokes, 60000 images of 1x28x28, built in\n"))
    }

    @Test("list says what is where")
    func list() throws {
      let result = try run(["data", "list", "--json"])
      let rows = try #require(
        try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [[String: Any]])
      // All that --dataset takes.
      #expect(rows.map { $0["name"] as? String } == DataSource(cache: nil).names)
      #expect(rows[1]["place"] == nil)
      #expect(rows[2]["place"] as? String == ImageDataset.systemFashionMNISTFolder)
      for (row, dataset) in zip(rows.dropFirst(), NamedDataset.all) where dataset.files == nil {
        #expect(row["place"] as? String == "built in")
      }
      let lines = try run(["data", "list"]).lines
      #expect(lines.count == NamedDataset.all.count + 2)
      #expect(lines.contains { $0.hasPrefix("cifar-10 ") && $0.hasSuffix("--data-dir folder") })
      #expect(lines[1].hasPrefix("auto "))
      #expect(lines[2].hasPrefix("mnist ") && lines[2].hasSuffix("not here: gan data fetch mnist"))
    }

    @Test("inspect counts, measures and shows what a folder holds")
    func inspect() throws {
      let folder = scratch.path
      let images = try ImageDataset.mnist(in: folder)
      let result = try run(["data", "inspect", folder, "--json", "--output", "grid.png"])
      let summary = try #require(
        try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
      let splits = try #require(summary["splits"] as? [[String: Any]])
      #expect(summary["name"] as? String == "mnist")
      #expect(splits.count == 1)
      #expect(splits[0]["name"] as? String == "train")
      #expect(splits[0]["imageCount"] as? Int == 250)
      #expect(splits[0]["imageShape"] as? [Int] == [1, 6, 6])
      #expect(splits[0]["pixelSHA256"] as? String == images.pixelDigest())
      let unit = images.pixels.map { Double($0) / 255 }
      let mean = unit.reduce(0, +) / Double(unit.count)
      let variance = unit.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / Double(unit.count)
      // Two ways of summing 9,000 doubles.
      #expect(abs(try #require(splits[0]["mean"] as? Double) - mean) < 1e-12)
      #expect(
        abs(try #require(splits[0]["deviation"] as? Double) - variance.squareRoot()) < 1e-12)

      // The grid shows the very bytes: its first image begins behind a border of 2.
      let grid = try PNG.read(scratch.path(of: "grid.png"))
      #expect((grid.width, grid.height) == (66, 66))
      for row in 0..<6 {
        let start = (row + 2) * 66 + 2
        #expect(
          grid.pixels[start..<start + 6].elementsEqual(images.pixels[row * 6..<row * 6 + 6]))
      }
      let text = try run(["data", "inspect", folder, "--show"]).lines
      #expect(text[1].hasPrefix("train  250 images of 1x6x6, mean 0."))
      #expect(text.contains("  no labels"))
      #expect(text.count > 6)
    }

    @Test("inspect counts labels")
    func labels() throws {
      let labels = (0..<250).map { UInt8($0 % 3) + ($0 < 5 ? 9 : 0) }
      try Data([0, 0, 8, 1, 0, 0, 0, 250] + labels)
        .write(to: URL(filePath: scratch.path(of: "train-labels-idx1-ubyte")))
      let result = try run(["data", "inspect", scratch.path, "--json"])
      let summary = try #require(
        try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
      let splits = try #require(summary["splits"] as? [[String: Any]])
      #expect(
        splits[0]["labelCounts"] as? [Int]
          == (0..<12).map { label in labels.count { $0 == label } })
    }

    @Test(
      "MNIST is fetched once, proved at every start, mended, and found again on resuming",
      .enabled(if: RealMNIST.folder != nil, "\(RealMNIST.absence)"))
    func fetch() throws {
      let mirror = try Mirror()
      let source = try #require(RealMNIST.folder)
      for name in try FileManager.default.contentsOfDirectory(atPath: source) {
        try mirror.add("mnist/\(name)", try Data(contentsOf: URL(filePath: "\(source)/\(name)")))
      }
      let network = [
        "GAN_SET_DATA_MIRROR": "\(mirror.address("cut-3000000")) \(mirror.address("ranges"))"
      ]

      // Fetched by training itself, in pieces.
      let first = try run(["train"] + small, environment: network)
      #expect(first.status == 0, "\(first.errors)")
      #expect(first.errors.contains("data: mnist fetched in "))
      #expect(first.output.hasPrefix("runs/00000-mnist-"))
      let requests = mirror.requests.count

      // From now on nothing is asked for.
      let again = try run(["data", "fetch", "mnist"], environment: network)
      #expect(again.output == scratch.path(of: "cache/swift-gan/mnist") + "\n")
      #expect(try train().status == 0)
      #expect(mirror.requests.count == requests)

      // A flipped bit is found, and mended if there is a network.
      let images = cached("train-images-idx3-ubyte")
      let sound = try Data(contentsOf: URL(filePath: images))
      var damaged = sound
      damaged[20_000_000] ^= 1
      try damaged.write(to: URL(filePath: images))
      let refused = try train("--dataset", "mnist")
      #expect(refused.status == 69)
      #expect(refused.errors.contains("data: damaged, to be fetched again: \(images)\n"))
      let inspected = try run(["data", "inspect", "mnist"])
      #expect(inspected.status == 65)
      #expect(
        inspected.errors.contains("error: damaged: \(images)\n  = help: gan data fetch mnist"))
      let resumed = try run(
        ["train", "--resume", first.lines[0], "--steps", "3"], environment: network)
      #expect(resumed.status == 0, "\(resumed.errors)")
      #expect(try Data(contentsOf: URL(filePath: images)) == sound)
    }

    @Test(
      "Exit codes say whose fault it is",
      arguments: [("foreign", 65), ("page", 65), ("missing", 69), ("missing foreign", 69)])
    func exitCodes(ways: String, status: Int32) throws {
      let mirror = try Mirror()
      let mirrors = ways.split(separator: " ").map { mirror.address(String($0)) }
      let result = try run(
        ["data", "fetch", "mnist", "--mirror", mirrors.joined(separator: " ")])
      #expect(result.status == status)
      // What failed, what to do about it, and only then what each mirror said.
      let lines = result.errors.split(separator: "\n").drop { !$0.hasPrefix("error: ") }
      #expect(
        lines.first == "error: cannot fetch mnist: no mirror gives train-images-idx3-ubyte.gz")
      let advice = lines.dropFirst().prefix { $0.hasPrefix("  = help: ") }
      #expect(advice.first?.contains("gan train --dataset fashion-mnist") == true, "\(lines)")
      #expect(advice.contains { $0.hasSuffix(": gan train --dataset strokes") })
      let notes = lines.dropFirst(1 + advice.count)
      #expect(notes.count == mirrors.count)
      for (note, mirror) in zip(notes, mirrors) {
        #expect(note.hasPrefix("  = note: \(mirror)/mnist: "))
      }
    }

    @Test(
      "Where MNIST cannot be had the line that says so names no mirror, and what is taken follows")
    func unreachable() throws {
      let result = try run(
        ["train"] + small, environment: ["GAN_SET_DATA_MIRROR": "http://127.0.0.1:1"])
      #expect(result.status == 0, "\(result.errors)")
      let lines = result.errors.split(separator: "\n")
      let index = try #require(lines.firstIndex { $0.hasPrefix("data: no MNIST: ") })
      #expect(
        lines[index]
          == "data: no MNIST: cannot fetch mnist: no mirror gives train-images-idx3-ubyte.gz")
      #expect(lines[index + 1].hasPrefix("data: instead of it the "))
    }

    @Test("A cache that cannot be written exits with 73")
    func unwritable() throws {
      let file = scratch.path(of: "train-images-idx3-ubyte")
      let result = try run(
        ["data", "fetch", "mnist"],
        environment: [
          "XDG_CACHE_HOME": file, "GAN_SET_DATA_MIRROR": "http://127.0.0.1:1",
        ])
      #expect(result.status == 73)
      #expect(result.errors.hasPrefix("error: cannot write \(file)/swift-gan"))
    }

    @Test("Nothing that ships knows where tests find their data")
    func ignorance() throws {
      let package = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
      var judged = 0
      for part in ["Sources", "Scripts", "Makefile", "Package.swift"] {
        let root = package.appending(path: part)
        let files = FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil)
        let nested = (files?.allObjects as? [URL]) ?? []
        for file in [root] + nested {
          guard let text = try? String(contentsOf: file, encoding: .utf8) else { continue }
          judged += 1
          #expect(!text.contains("shared/data"), "\(file.path())")
          #expect(!text.contains("GAN_TEST_MNIST"), "\(file.path())")
        }
      }
      #expect(judged > 100)
    }
  }
}
