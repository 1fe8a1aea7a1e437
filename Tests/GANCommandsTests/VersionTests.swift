import Foundation
import GANFormats
import GANTensor
import GANTestSupport
import Testing

@testable import GANCommands
@testable import GANTraining

extension CommandTests {
  @Suite("Files outlive the version that wrote them")
  struct VersionTests {
    private let scratch: SmallMNIST

    init() throws { scratch = try SmallMNIST() }

    private func program(_ arguments: String...) throws -> Program.Result {
      try Program.run(arguments, in: scratch.path)
    }

    /// A copy of a run of 4ddcba4's.
    private func copy(of run: String) throws -> RunFolder {
      let place = scratch.path(of: run)
      try FileManager.default.copyItem(atPath: "\(OldFiles.folder)/runs/\(run)", toPath: place)
      return RunFolder(path: place)
    }

    private func goOn(_ run: RunFolder, epochs: Int, _ flags: String...) throws -> Program.Result {
      try Program.run(
        ["train", "--resume", run.path, "--epochs", "\(epochs)"]
          + ["--data-dir", "\(OldFiles.folder)/data"] + flags, in: scratch.path)
    }

    // MARK: Older files

    @Test("What 4ddcba4 wrote is described and sampled", arguments: OldFiles.runs)
    func older(name: String) throws {
      let run = try copy(of: name)
      let info = try program("info", run.path)
      #expect(info.status == 0, "\(info.errors)")
      #expect(info.output.contains(": a finished run of 6 steps, in "))
      #expect(info.output.contains("made by   gan 0.1.0-dev on "))
      for (file, kind) in [
        ("generator.safetensors", "network"), ("trace.safetensors", "trace"),
        ("runs/\(name)/checkpoints/step-3.safetensors", "checkpoint"),
      ] {
        let result = try program("info", "\(OldFiles.folder)/\(file)")
        #expect(result.output.contains(": a \(kind) of "), "\(result.errors)")
      }
      for (index, source) in [
        run.path, "\(OldFiles.folder)/generator.safetensors",
        "\(run.path)/checkpoints/step-3.safetensors",
      ].enumerated() {
        let place = scratch.path(of: "\(index).npy")
        #expect(try program("sample", source, "--count", "4", "-o", place).status == 0)
        #expect(try Npy.read(place).shape == [4, 1, 8, 8])
      }
    }

    @Test("A run of 4ddcba4 goes on to the right step, with sound losses", arguments: OldFiles.runs)
    func olderGoesOn(name: String) throws {
      let run = try copy(of: name)
      let names = try RunContents(of: run.path).names
      let result = try goOn(run, epochs: 3, "--allow-different-bits")
      #expect(result.status == 0, "\(result.errors)")
      #expect(result.errors.contains("\(run.path), from step 6\n"))
      let grown = try RunContents(of: run.path).names
      #expect(
        Set(grown)
          == Set(names).union([
            "checkpoints/step-9.safetensors", "samples/fake_images-3.png", "curves.svg",
            "diagnosis.json",
          ]))
      #expect(try RunSummary(of: run).step == 9)
      struct Line: Decodable {
        let step: Int
        let discriminatorLoss, generatorLoss: Float
      }
      let lines = try String(contentsOfFile: run.statistics, encoding: .utf8).split(separator: "\n")
        .map { try JSONDecoder().decode(Line.self, from: Data($0.utf8)) }
      #expect(lines.last?.step == 9)
      // Some of the second run's hold an r1 that is due every 8th time, and 8 times as heavy.
      for line in lines {
        #expect((0.1...200).contains(line.discriminatorLoss), "\(line)")
        #expect((0.1...5).contains(line.generatorLoss), "\(line)")
      }
    }

    @Test(
      "While the engine computes as 4ddcba4 did, its runs go on to the same bits",
      arguments: OldFiles.runs)
    func olderBits(name: String) throws {
      let run = try copy(of: name)
      var circumstances = try run.readEnvironment().circumstances
      circumstances.instructionSet = try OldFiles.instructionSet
      #expect(circumstances.engineRevision == 1)
      // Back to the first epoch's end.
      for file in run.endFiles { unlink(file) }
      unlink("\(run.checkpoints)/step-6.safetensors")
      try Data("step-3.safetensors\n".utf8).write(to: URL(filePath: run.latestCheckpointName))
      #expect(try goOn(run, epochs: 2, "--allow-different-bits").status == 0)
      let options = try run.readOptions()
      guard circumstances.differences(from: .current, of: options).isEmpty else { return }
      let old = "\(OldFiles.folder)/runs/\(name)"
      for file in try RunContents(of: old).names {
        guard file.hasSuffix(".safetensors") else {
          let isSame = FileManager.default.contentsEqual(
            atPath: "\(old)/\(file)", andPath: "\(run.path)/\(file)")
          #expect(isSame, "\(file)")
          continue
        }
        let (before, now) = (
          try SafetensorsFile(contentsOf: "\(old)/\(file)"),
          try SafetensorsFile(contentsOf: "\(run.path)/\(file)")
        )
        #expect(before.entries.map(\.name) == now.entries.map(\.name))
        for (entry, other) in zip(before.entries, now.entries) {
          #expect(entry.tensor == other.tensor, "\(file) \(entry.name)")
        }
        // Versions add to metadata and to the options in them, and change nothing.
        for (key, value) in before.metadata where !["sha256", "options"].contains(key) {
          #expect(now.metadata[key] == value, "\(file) \(key)")
        }
        let options = (try object(before.metadata["options"]), try object(now.metadata["options"]))
        for (key, value) in options.0 {
          #expect(value.isEqual(options.1[key]), "\(file), option \(key)")
        }
      }
    }

    private func object(_ json: String?) throws -> [String: NSObject] {
      let data = Data(try #require(json).utf8)
      return try #require(JSONSerialization.jsonObject(with: data) as? [String: NSObject])
    }

    // MARK: Newer files

    /// Changes a text in a file.
    private func edit(_ path: String, _ old: String, _ new: String) throws {
      let text = try String(contentsOfFile: path, encoding: .utf8)
      #expect(text.contains(old))
      try Data(text.replacing(old, with: new).utf8).write(to: URL(filePath: path))
    }

    @Test("A run of a newer version is refused with what is new in it and the version")
    func newerRun() throws {
      let run = try copy(of: OldFiles.runs[0])
      try edit(run.environment, "0.1.0-dev", "0.9.0")
      for (old, new, novelty) in [
        ("\"seed\" : 0", "\"frobnication\" : 3, \"seed\" : 0", "the option frobnication"),
        ("\"non-saturating\"", "\"foo\"", "the objective foo"),
      ] {
        try edit(run.options, old, new)
        for arguments in [["info", run.path], ["train", "--resume", run.path, "--epochs", "3"]] {
          let result = try Program.run(arguments, in: scratch.path)
          #expect(result.status == 65)
          #expect(
            result.errors == """
              error: cannot use \(run.options): written by a newer gan, 0.9.0, with \(novelty), \
              which this one, \(Version.current), does not know
                = help: use gan 0.9.0, or a later one

              """)
        }
        try edit(run.options, new, old)
      }
      // What a version before the option would have written.
      try edit(run.options, "  \"minibatchDeviation\" : 0,\n", "")
      #expect(try program("info", run.path).status == 0)
      #expect(try goOn(run, epochs: 3, "--allow-different-bits").status == 0)
    }

    @Test(
      "A file of a newer version is refused with what is new in it and the version",
      arguments: [
        ("options", "\"seed\":0", "\"frobnication\":3,\"seed\":0", "the option frobnication"),
        ("options", "\"non-saturating\"", "\"foo\"", "the objective foo"),
        (
          "options", "\"learningRate\":0.0002", "\"learningRate\":\"1 to 2 over 3 sine\"",
          "the curve sine of optimizer.generator.learningRate"
        ),
        ("networks", "\"relu\"", "\"gelu\"", "the layer gelu"),
        (
          "networks", "\"kind\":\"relu\"", "\"kind\":\"relu\",\"slope\":1",
          "generator.layers.1.slope of its networks"
        ),
        ("formatVersion", "1", "2", "the file format 2"),
      ])
    func newerFile(key: String, old: String, new: String, novelty: String) throws {
      var file = try SafetensorsFile(contentsOf: "\(OldFiles.folder)/generator.safetensors")
      let text = try #require(file.metadata[key])
      #expect(text.contains(old))
      file.metadata[key] = text.replacing(old, with: new)
      let place = scratch.path(of: "newer.safetensors")
      for version in [nil, "0.9.0"] {
        file.metadata["version"] = version
        try file.sealed().write(to: place)
        let errors = [
          #expect(throws: TrainingError.self) { try RunSummary(ofFile: place) },
          #expect(throws: TrainingError.self) { try SavedNetwork(.generator, contentsOf: place) },
        ]
        for error in errors {
          #expect(error == .newer(path: place, version: version, novelty: novelty))
          #expect(error.flatMap { description(of: $0) }?.status == .badFile)
        }
      }
    }

    // MARK: Other circumstances

    @Test(
      "A run goes on to other bits only where that is allowed",
      arguments: [
        (
          "engineRevision",
          "its engine is of revision 99, this one of \(ComputingCircumstances.current.engineRevision)"
        ),
        ("instructionSet", "its instruction set was 99, this is "),
      ])
    func circumstances(key: String, reason: String) throws {
      let short = ShortRun(scratch)
      #expect(try short.start().status == 0)
      let run = RunFolder(path: try #require(short.folder))
      let environment = try run.readEnvironment()
      #expect(environment.circumstances == .current)
      let checkpoint = "\(run.checkpoints)/step-9.safetensors"
      let sound = try SafetensorsFile(contentsOf: checkpoint)
      #expect(ComputingCircumstances(metadata: sound.metadata) == .current)

      // Either may be older: the environment, of a run that was killed before its next checkpoint.
      var doctored = environment
      switch key {
      case "engineRevision": doctored.engineRevision = 99
      default: doctored.instructionSet = "99"
      }
      try run.write(doctored)
      let first = try short.resume(["--epochs", "4"])
      try run.write(environment)
      var other = sound
      other.metadata[key] = "99"
      try other.sealed().write(to: checkpoint)
      let second = try short.resume(["--epochs", "4"])
      for result in [first, second] {
        #expect(result.status == 78)
        #expect(result.errors.contains("error: cannot resume \(run.path): \(reason)"))
        #expect(result.errors.contains("= help: --allow-different-bits accepts that"))
      }
      // A finished run says so: nothing is computed.
      #expect(try short.resume().status == 0)
      #expect(try short.resume(["--epochs", "4", "--allow-different-bits"]).status == 0)
      // From then on it is a run of this engine.
      #expect(try short.resume(["--epochs", "5"]).status == 0)
    }

    @Test(
      "A limit on the instruction set counts as another one",
      .enabled(if: ComputingCircumstances.current.instructionSet?.hasPrefix("x86-64-v") == true))
    func limitedInstructions() throws {
      let short = ShortRun(scratch)
      let limit = ["GAN_MAX_ISA": "baseline"]
      #expect(try short.start(environment: limit).status == 0)
      let run = RunFolder(path: try #require(short.folder))
      #expect(try run.readEnvironment().instructionSet == "x86-64")
      let result = try short.resume(["--epochs", "4"])
      #expect(result.status == 78)
      #expect(result.errors.contains("its instruction set was x86-64, this is x86-64-v"))
      #expect(try short.resume(["--epochs", "4"], environment: limit).status == 0)
    }

    @Test("A run that goes on elsewhere says what was there before")
    func changes() throws {
      let short = ShortRun(scratch)
      #expect(try short.start().status == 0)
      let run = RunFolder(path: try #require(short.folder))
      let environment = try run.readEnvironment()
      var doctored = environment
      doctored.processor = "Another Processor 9000"
      doctored.operatingSystem = "Another System 3"
      doctored.version = "0.0.9"
      doctored.libraries = ["zlib": "0.9", "libcrypto": "OpenSSL 1.0", "gone": "1"]
      try run.write(doctored)
      let result = try short.resume(["--epochs", "4"])
      #expect(result.status == 0, "\(result.errors)")
      #expect(
        result.errors.contains(
          "before: gan 0.0.9, processor Another Processor 9000, system Another System 3, "
            + "libcrypto OpenSSL 1.0, zlib 0.9\n"), "\(result.errors)")
      #expect(try run.readEnvironment().processor == environment.processor)
      #expect(try !short.resume(["--epochs", "5"]).errors.contains("before: "))
      // What was not recorded is not known to have changed.
      doctored = environment
      (doctored.libraries, doctored.instructionSet) = (nil, nil)
      #expect(doctored.differences(from: environment).isEmpty)
    }

    @Test("What an older version did not record is no reason to refuse")
    func unrecorded() throws {
      let short = ShortRun(scratch)
      #expect(try short.start().status == 0)
      let run = RunFolder(path: try #require(short.folder))
      let checkpoint = "\(run.checkpoints)/step-9.safetensors"
      var file = try SafetensorsFile(contentsOf: checkpoint)
      for key in ["instructionSet", "version"] {
        #expect(file.metadata.removeValue(forKey: key) != nil)
      }
      try file.sealed().write(to: checkpoint)
      var environment = try run.readEnvironment()
      environment.instructionSet = nil
      try run.write(environment)
      #expect(try short.resume(["--epochs", "4"]).status == 0)
    }
  }
}
