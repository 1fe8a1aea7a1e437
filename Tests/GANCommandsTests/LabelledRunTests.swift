import Foundation
import GANFormats
import GANTestSupport
import GANTraining
import Testing

extension CommandTests {
  @Suite("A run with classes, an average, running statistics and dropout goes on like any other")
  struct LabelledRunTests {
    private static let flags = [
      "--set", "conditioning=concatenation", "--set", "average.halfLife=300",
      "--set", "generator.normalization=batch", "--set", "discriminator.dropout=0.2",
    ]

    private let scratch: SmallMNIST

    init() throws {
      scratch = try SmallMNIST()
      try SmallMNIST.writeLabels(toFolder: scratch.path) { $0 % 10 }
    }

    /// A run that came to its end.
    private func finishedRun(_ flags: [String] = [], in runs: String = "runs") throws -> ShortRun {
      let run = ShortRun(scratch, runs: runs)
      let result = try run.start(Self.flags + flags)
      try #require(result.status == 0, "\(result.errors)")
      return run
    }

    @Test(
      "It is refused other labels, fewer classes and none, before anything of it changes",
      arguments: [
        ("same", ""), ("turned", "its labels have the SHA-256 "),
        ("four", "its data have 10 classes, these 4 classes"),
        ("none", "its data have 10 classes, these no classes"),
      ])
    func labels(name: String, message: String) throws {
      let run = try finishedRun()
      let folder = try #require(run.folder)
      let data = scratch.path(of: name)
      try makeFolder(data)
      try SmallMNIST.write(toFolder: data)
      switch name {
      case "turned": try SmallMNIST.writeLabels(toFolder: data) { 9 - $0 % 10 }
      case "four": try SmallMNIST.writeLabels(toFolder: data) { $0 % 4 }
      case "same": try SmallMNIST.writeLabels(toFolder: data) { $0 % 10 }
      default: break
      }
      let before = try RunContents(of: folder)
      let result = try run.resume(["--epochs", "4", "--data-dir", data])
      #expect(result.status == (message.isEmpty ? 0 : 78))
      #expect(message.isEmpty || result.errors.contains(message), "\(result.errors)")
      let isUnchanged = try RunContents(of: folder) == before
      #expect(isUnchanged == !message.isEmpty)
    }

    @Test("Once it is to be longer, nothing calls itself the end of it")
    func formerEnd() throws {
      let folder = RunFolder(path: try #require(try finishedRun().folder))
      let networks = [
        folder.rawGenerator, folder.network(of: .generator), folder.network(of: .discriminator),
      ]
      for network in networks { #expect(FileManager.default.fileExists(atPath: network)) }
      let past = try PastRun(folder)
      var options = past.options
      options.epochs = 4
      try past.prepare(options, on: past.environment)
      for network in networks { #expect(!FileManager.default.fileExists(atPath: network)) }
    }

    @Test("Grown, it is what it would have been had it been asked for at once")
    func growth() throws {
      let run = try finishedRun()
      #expect(try run.resume(["--epochs", "5"]).status == 0)
      let longer = try finishedRun(["--set", "epochs=5"], in: "longer")
      let contents = try RunContents(of: #require(longer.folder))
      #expect(contents.names.contains("generator-raw.safetensors"))
      // The checkpoint that is kept for good says for how long the run was to be then.
      #expect(
        try RunContents(of: #require(run.folder)).differences(from: contents)
          == ["checkpoints/step-6.safetensors"])
    }

    @Test("Killed at 12 random moments, it ends with the bytes of one that never was")
    func kills() async throws {
      let flags = Self.flags + ["--set", "epochs=7"]
      let clock = ContinuousClock()
      let start = clock.now
      let whole = try finishedRun(["--set", "epochs=7"], in: "whole")
      let duration = clock.now - start
      let undisturbed = try RunContents(of: #require(whole.folder))
      var random = SplitMix(seed: 12)
      let moments = random.reals(12, in: 0...1)
      let found = await faults(in: moments) { [scratch] moment in
        let run = ShortRun(scratch, runs: "moment-\(moment)")
        _ = try run.start(flags, killedAfter: duration * (1.5 * moment))
        return try run.faults(comparedWith: undisturbed, startFlags: flags)
      }
      #expect(found.isEmpty, "\(found.joined(separator: "\n"))")
    }
  }
}
