import Foundation
import GANData
import GANFormats
import GANTensor
import GANTestSupport
import GANTraining
import Testing

@testable import GANCommands

extension CommandTests {
  /// In this process: whoever reads a file must throw, and what is thrown must have an exit code.
  @Suite("A damaged file is refused, with an exit code and a message that names it")
  struct BadFileTests {
    private let scratch: SmallMNIST
    private let folder: RunFolder

    init() throws {
      scratch = try SmallMNIST()
      let run = ShortRun(scratch)
      #expect(try run.start().status == 0)
      folder = RunFolder(path: try #require(run.folder))
    }

    // MARK: Readers

    /// Reads a file as commands do.
    typealias Reader = @Sendable (_ path: String, _ run: RunFolder) throws -> Void

    /// Which damage is noticed for certain; what is not may be another sound file.
    enum Notices {
      /// Any change at all.
      case everything
      /// A bit in the header, a byte too few or too many.
      case structure
      /// What is no text of the format.
      case syntax
    }

    /// A file that the program reads, and by which commands.
    struct File: Sendable, CustomTestStringConvertible {
      let name: String
      /// How a command exits that finds it damaged, or finds something else in its place.
      let damaged: Status
      /// How it exits where the file is not there; nil where it can do without.
      let missing: Status?
      /// Where its header ends, which is damaged more than what follows.
      let headerBytes: @Sendable ([UInt8]) -> Int
      let notices: Notices
      let read: Reader

      var testDescription: String { name }
    }

    private static func wholeText(_ bytes: [UInt8]) -> Int { bytes.count }

    private static func idxHeader(_: [UInt8]) -> Int { 16 }

    private static func safetensorsHeader(_ bytes: [UInt8]) -> Int {
      8 + bytes.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    }

    /// What a command that resumes a run learns from its folder.
    private static func resume(_ run: RunFolder) throws {
      let past = try StartedRun(run)
      _ = try past.isFinished(past.options)
    }

    static let files: [File] = [
      File(
        name: "train-images-idx3-ubyte", damaged: .badFile, missing: .missing,
        headerBytes: idxHeader, notices: .structure
      ) { path, _ in
        let folder = (path as NSString).deletingLastPathComponent
        _ = try ImageDataset.mnist(in: folder)
      },
      File(
        name: "checkpoints/step-9.safetensors", damaged: .badFile, missing: .missing,
        headerBytes: safetensorsHeader, notices: .everything
      ) { _, run in try resume(run) },
      File(
        name: "generator.safetensors", damaged: .badFile, missing: .missing,
        headerBytes: safetensorsHeader, notices: .everything
      ) { path, _ in _ = try SavedNetwork(.generator, contentsOf: path) },
      File(
        name: "trace.safetensors", damaged: .badFile, missing: .missing,
        headerBytes: safetensorsHeader, notices: .everything
      ) { path, _ in _ = try RunSummary(ofFile: path).text() },
      File(
        name: "options.json", damaged: .badFile, missing: .missing, headerBytes: wholeText,
        notices: .syntax
      ) { _, run in try resume(run) },
      File(
        name: "environment.json", damaged: .badFile, missing: .missing, headerBytes: wholeText,
        notices: .syntax
      ) { _, run in _ = try run.readEnvironment() },
      File(
        name: "stats.jsonl", damaged: .badFile, missing: nil, headerBytes: wholeText,
        notices: .syntax
      ) { _, run in
        _ = try StartedRun(run).keptStatistics()
      },
      File(
        name: "checkpoints/latest", damaged: .badFile, missing: nil, headerBytes: wholeText,
        notices: .syntax
      ) { _, run in try resume(run) },
      File(
        name: "gan.yaml", damaged: .badOptions, missing: .missing, headerBytes: wholeText,
        notices: .syntax
      ) { path, _ in
        _ = try OptionSettings(ConfigurationFile(contentsOf: path).assignments)
      },
    ]

    /// Where the file is, made if the run has none.
    private func path(of file: File) throws -> String {
      switch file.name {
      case "train-images-idx3-ubyte": return scratch.path(of: file.name)
      case "gan.yaml":
        let text = """
          # a comment
          batchSize: 50
          generator: { hidden: [16, 16] }
          optimizer:
            generator:
              learningRate: 1e-4
          discriminator.hidden: [8]

          """
        try Data(text.utf8).write(to: URL(filePath: scratch.path(of: file.name)))
        return scratch.path(of: file.name)
      case "trace.safetensors":
        let result = try Program.run(
          [
            "trace", "--data-dir", scratch.path, "--steps", "1", "--hidden-size", "2",
            "--batch-size", "2", "--latent-size", "2", "-o", scratch.path(of: file.name), "--quiet",
          ], in: scratch.path)
        #expect(result.status == 0)
        return scratch.path(of: file.name)
      default: return "\(folder.path)/\(file.name)"
      }
    }

    // MARK: The table

    /// What is wrong with how `file`, holding `bytes`, is refused.
    private func fault(
      _ file: File, at path: String, holding bytes: [UInt8], mustNotice: Bool, _ change: String
    ) throws -> String? {
      try Data(bytes).write(to: URL(filePath: path))
      do {
        try file.read(path, folder)
      } catch {
        return refusalFault(error, file, path, statuses: [file.damaged], change)
      }
      return mustNotice ? "\(change) is not noticed" : nil
    }

    private func refusalFault(
      _ error: any Error, _ file: File, _ path: String, statuses: [Status], _ change: String
    ) -> String? {
      guard let known = description(of: error) else { return "\(change): unknown \(error)" }
      // A name in `latest` may be of a checkpoint that is not there.
      let statuses = file.name == "checkpoints/latest" ? statuses + [.missing] : statuses
      guard statuses.contains(known.status) else {
        return "\(change): \(known.status), \(known.message)"
      }
      let name = (path as NSString).lastPathComponent
      let isNamed = known.message.contains(name) || known.message.contains(folder.path)
      return isNamed && !known.message.contains("\n") ? nil : "\(change): \(known.message)"
    }

    @Test("Flipped, cut, overlong and foreign", arguments: files)
    func damage(file: File) throws {
      let path = try path(of: file)
      let url = URL(filePath: path)
      let sound = [UInt8](try Data(contentsOf: url))
      try file.read(path, folder)
      defer { try? Data(sound).write(to: url) }
      let header = file.headerBytes(sound)
      var faults: [String?] = []
      func check(_ bytes: [UInt8], _ change: String, isNoticed: Bool) throws {
        faults.append(
          try fault(file, at: path, holding: bytes, mustNotice: isNoticed, change))
      }

      // Every bit of a byte is as good as another: one of them, of every byte where the header
      // begins, of every fifth of its rest, which repeats itself, and of some of what follows.
      let payload = stride(from: header, to: sound.count, by: max(1, (sound.count - header) / 40))
      let places = Array(0..<min(header, 128)) + Array(stride(from: 128, to: header, by: 5))
      for place in places + Array(payload) {
        var bytes = sound
        bytes[place] ^= 1 << (place % 8)
        try check(
          bytes, "bit \(place % 8) of byte \(place)",
          isNoticed: file.notices == .everything || file.notices == .structure && place < header)
      }
      let starts = Array(0..<min(header, 64)) + Array(stride(from: 64, to: header, by: 17))
      for count in starts + [header, header + 1] + Array(payload) where count < sound.count {
        try check(
          [UInt8](sound[..<count]), "cut to \(count)", isNoticed: file.notices != .syntax)
      }
      try check(sound + [0], "a byte more", isNoticed: file.notices != .syntax)
      try check(
        [UInt8]("PK\u{3}\u{4}".utf8) + sound.dropFirst(4), "a zip's beginning", isNoticed: true)
      try check([0x1f, 0x8b] + sound.dropFirst(2), "a gzip's beginning", isNoticed: true)
      try check(
        [UInt8](repeating: 0xff, count: 16) + sound.dropFirst(16), "16 bytes of ff", isNoticed: true
      )
      try check([UInt8](repeating: 0, count: 64), "zeros", isNoticed: file.name != "stats.jsonl")
      try check(
        [UInt8](repeating: UInt8(ascii: "["), count: 100_000), "deep nesting",
        isNoticed: file.name != "stats.jsonl")
      let found = faults.compactMap(\.self)
      #expect(found.isEmpty, "\(found.count): \(found.prefix(20).joined(separator: "\n"))")
    }

    @Test("Missing, empty, a folder or a pipe in its place", arguments: files)
    func otherThings(file: File) throws {
      let path = try path(of: file)
      try FileManager.default.moveItem(atPath: path, toPath: "\(path)-kept")
      func check(_ place: String, _ statuses: [Status]?, _ make: () throws -> Void) throws {
        try make()
        defer { try? FileManager.default.removeItem(atPath: path) }
        do {
          try file.read(path, folder)
          #expect(statuses == nil, "\(place)")
        } catch {
          guard let statuses else {
            Issue.record("\(place): \(error)")
            return
          }
          let fault = refusalFault(error, file, path, statuses: statuses, place)
          #expect(fault == nil, "\(fault ?? "")")
        }
      }
      try check("missing", file.missing.map { [$0] }) {}
      // An empty configuration sets nothing, and a run may have been killed before it had a line.
      let isFine = ["gan.yaml", "stats.jsonl"].contains(file.name)
      try check("empty", isFine ? nil : [file.damaged]) {
        try Data().write(to: URL(filePath: path))
      }
      try check("a folder", [.missing]) { try makeFolder(path) }
      try check("a pipe", [.missing]) { #expect(mkfifo(path, 0o666) == 0) }
      if getuid() != 0 {
        try check("unreadable", [.missing]) {
          try Data([1]).write(to: URL(filePath: path))
          chmod(path, 0)
        }
      }
    }

    @Test("A sealed file whose networks, options or tensors contradict each other")
    func contradictions() throws {
      let path = "\(folder.path)/generator.safetensors"
      let sound = try SafetensorsFile(contentsOf: path)
      func refusal(
        _ key: String, _ old: String, _ new: String, in file: SafetensorsFile
      ) throws -> String {
        var changed = file
        let text = try #require(file.metadata[key])
        #expect(text.contains(old), "\(text)")
        changed.metadata[key] = text.replacing(old, with: new)
        let other = scratch.path(of: "changed.safetensors")
        try changed.sealed().write(to: other)
        let errors = [
          #expect(throws: (any Error).self) { try RunSummary(ofFile: other).text() },
          #expect(throws: (any Error).self) { try SavedNetwork(.generator, contentsOf: other) },
        ].compactMap(\.self)
        let known = errors.compactMap(description(of:))
        #expect(known.map(\.status) == [.badFile, .badFile])
        return known.first?.message ?? ""
      }
      let shape = "\"itemShape\":[1,6,6]"
      let greatest = Int.max
      for (key, old, new, reason) in [
        ("options", shape, "\"itemShape\":[1,3,3]", "its generator makes [36], not items of"),
        ("options", shape, "\"itemShape\":[1,-6,-6]", "itemShape must be a list of whole numbers"),
        (
          "options", shape, "\"itemShape\":[4,3,3]",
          "itemShape must be [1 or 3, rows, columns] or [dimensions]"
        ),
        (
          "options", shape, "\"itemShape\":[]",
          "itemShape must be [1 or 3, rows, columns] or [dimensions]"
        ),
        (
          "options", shape, "\"itemShape\":[1,\(greatest),\(greatest)]",
          "itemShape must be a list of whole numbers"
        ),
        ("options", "\"datasetCount\":250", "\"datasetCount\":\(greatest)", "datasetCount must be"),
        ("options", "\"epochs\":3", "\"epochs\":3,\"steps\":4", "both give the length"),
        ("options", "\"batchSize\":100", "\"batchSize\":0", "batchSize must be"),
        ("networks", "\"inputs\":2", "\"inputs\":-2", "or have them damaged"),
        ("networks", "\"inputs\":2", "\"inputs\":\(greatest)", "or have them damaged"),
        ("networks", "\"inputs\":2", "\"inputs\":4", "does not take [2]"),
        ("networks", "\"outputs\":36", "\"outputs\":35", "its generator makes [35], not items of"),
        ("networks", "\"inputShape\":[2]", "\"inputShape\":[-2]", "or have them damaged"),
        ("networks", "\"generator\":", "\"somebody\":", ""),
        ("step", "9", "-9", "or have them damaged"),
        ("step", "9", "nine", "or have them damaged"),
        ("kind", "network", "checkpoint", "generator.0.weight is not there as float32[3, 2]"),
      ] where !reason.isEmpty {
        let message = try refusal(key, old, new, in: sound)
        #expect(message.contains(reason), "\(key) \(new): \(message)")
      }
      // The right names with other shapes and types.
      let integers = HostTensor(shape: [3], [1, 2, 3] as [Int32])
      for (name, tensor) in [
        ("0.weight", HostTensor(shape: [2, 3], [Float](repeating: 0, count: 6))),
        ("0.bias", integers), ("0.bias", HostTensor(shape: [], [0] as [Float])),
      ] {
        let tensors = sound.entries.map {
          (name: $0.name, tensor: $0.name == name ? tensor : $0.tensor)
        }
        let file = SafetensorsFile(metadata: sound.metadata, tensors: tensors)
        #expect(try refusal("step", "9", "9", in: file).contains("\(name) is not there as float32"))
      }
    }

    @Test("A checkpoint of another run, another step or another kind is not gone on from")
    func foreignCheckpoints() throws {
      let place = "\(folder.path)/checkpoints/step-9.safetensors"
      let other = ShortRun(scratch, runs: "other")
      #expect(try other.start(["--set", "seed=1"]).status == 0)
      for (source, reason) in [
        ("\(other.folder ?? "")/checkpoints/step-9.safetensors", "its options are not those of "),
        ("\(folder.path)/checkpoints/step-6.safetensors", "it is of step 6"),
        ("\(folder.path)/generator.safetensors", "a network, not a checkpoint"),
      ] {
        try FileManager.default.removeItem(atPath: place)
        try FileManager.default.copyItem(atPath: source, toPath: place)
        let error = #expect(throws: TrainingError.self) { try StartedRun(folder) }
        #expect(error?.description.contains(reason) == true, "\(String(describing: error))")
      }
    }
  }
}
