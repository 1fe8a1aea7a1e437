#if os(Linux)
  import Foundation
  import GANFormats
  import GANTestSupport
  import Testing

  extension CommandTests {
    @Suite("A command that is advised can be run as it is printed")
    struct AdviceTests {
      private let scratch: SmallMNIST
      /// What a shell would expand, were it not quoted.
      private static let runs = "it's [my] $HOME runs*"

      init() throws { scratch = try SmallMNIST() }

      /// How a command ends that was advised, and the words before it.
      private struct Advice {
        let words: String
        let status: Int32
      }

      private func program(
        _ arguments: [String], environment: [String: String] = [:]
      ) throws -> Program.Result {
        try Program.run(arguments, in: scratch.path, environment: environment)
      }

      /// The commands that end a line of what was printed, with the words before them.
      private func commands(in result: Program.Result) -> [(words: String, command: String)] {
        (result.errors + result.output).split(separator: "\n").compactMap { line in
          line.firstMatch(of: /^(.*?)(?:: |help: )(gan (?:train|data|sample|info|recipes) .*)$/)
            .map { (String($0.1), String($0.2)) }
        }
      }

      /// Runs each command that was printed in the shells there are, and compares how they end.
      private func check(
        _ result: Program.Result, _ advice: [Advice], environment: [String: String] = [:]
      ) throws {
        let found = commands(in: result)
        #expect(found.count == advice.count, "\(result.errors)\(result.output)")
        let path = Program.executable.deletingLastPathComponent().path()
        let shells = ["/bin/bash", "/bin/zsh", "/usr/bin/zsh"].filter {
          FileManager.default.isExecutableFile(atPath: $0)
        }
        try #require(!shells.isEmpty)
        for ((words, command), advice) in zip(found, advice) {
          #expect(advice.words.isEmpty || words.contains(advice.words), "\(words)")
          for shell in shells {
            let run = try Program.run(
              executable: URL(filePath: shell), ["-c", command], in: scratch.path,
              environment: environment.merging(["PATH": "\(path):/usr/bin:/bin"]) { $1 })
            #expect(run.status == advice.status, "\(command): \(run.errors)")
          }
        }
      }

      private func trained(_ flags: [String] = []) throws -> ShortRun {
        let run = ShortRun(scratch, runs: Self.runs)
        let result = try run.start(flags)
        try #require(result.status == 0, "\(result.errors)")
        return run
      }

      /// A sound run of which the rest is to be trained with steps far too large.
      private func doomed() throws -> ShortRun {
        let run = try trained()
        let folder = try #require(run.folder)
        let (rate, wild) = ("0.0002", "1e+20")
        let options = try String(contentsOfFile: "\(folder)/options.json", encoding: .utf8)
        try Data(options.replacing(rate, with: wild).utf8)
          .write(to: URL(filePath: "\(folder)/options.json"))
        let path = "\(folder)/checkpoints/step-9.safetensors"
        var file = try SafetensorsFile(contentsOf: path)
        file.metadata["options"] = try #require(file.metadata["options"]).replacing(
          rate, with: wild)
        try file.sealed().write(to: path)
        return run
      }

      @Test("After divergence: from the last checkpoint, or from the start, with smaller steps")
      func divergence() throws {
        let run = try doomed()
        let result = try run.resume(["--epochs", "5"])
        #expect(result.status == 75, "\(result.errors)")
        try check(result, [Advice(words: "from its last checkpoint", status: 0)])
        let other = try #require(run.folder)
        #expect(try nextCommand(of: other) == commands(in: result).first?.command)

        let start = try program([
          "train", "--data-dir", scratch.path, "--runs-dir", "[other]", "--steps", "9",
          "--threads", "1", "--learning-rate", "1e30",
        ])
        #expect(start.status == 75, "\(start.errors)")
        let runs = try FileManager.default.contentsOfDirectory(atPath: scratch.path(of: "[other]"))
        let next = try nextCommand(of: "[other]/\(try #require(runs.first))")
        #expect(next == commands(in: start).first?.command)
        try check(start, [Advice(words: "to start again with smaller steps", status: 0)])
      }

      /// What `gan info` says is to be done next.
      private func nextCommand(of run: String) throws -> String? {
        try program(["info", run]).lines.first { $0.hasPrefix("next ") }
          .map { String($0.trimmingPrefix("next").drop { $0 == " " }) }
      }

      @Test("Where a run cannot go on with what is asked for: a new run from it")
      func differences() throws {
        let run = try trained()
        let result = try run.resume([
          "--objective", "hinge", "--set", "augmentation=[translation]", "--set",
          "optimizer.generator.learningRate=2e-4 to 5e-5 over 2000 cosine",
        ])
        #expect(result.status == 78)
        try check(result, [Advice(words: "to start a new run so", status: 0)])
        let folder = try #require(run.folder)
        let runs = "\(scratch.path)/runs"
        let name = try #require(FileManager.default.contentsOfDirectory(atPath: runs).first)
        let options = try String(contentsOfFile: "\(runs)/\(name)/options.json", encoding: .utf8)
        #expect(options.contains("\"hinge\"") && options.contains("\"translation\""))
        #expect(isFolder(folder))
      }

      @Test("Where --resume or --from names what is no run: what there is to be done with it")
      func noRun() throws {
        let run = try trained()
        let folder = try #require(run.folder)
        let resumption = Advice(words: "go on with its run", status: 0)
        for (place, advice) in [
          ("checkpoints/step-9.safetensors", [resumption, Advice(words: "a new run", status: 0)]),
          ("checkpoints", [resumption]), ("samples/real_images.png", [resumption]),
          ("options.json", [resumption]), ("generator.safetensors", [resumption]),
        ] {
          let result = try program(["train", "--resume", "\(folder)/\(place)"])
          #expect(result.status == 66)
          try check(result, advice)
        }
        let copy = scratch.path(of: "a copy.safetensors")
        try FileManager.default.copyItem(
          atPath: "\(folder)/checkpoints/step-9.safetensors", toPath: copy)
        let file = try program(["train", "--resume", "a copy.safetensors"])
        try check(
          file, [Advice(words: "a new run", status: 0)],
          environment: ["GAN_SET_DATA_DIR": scratch.path])
        for flag in ["--resume", "--from"] {
          let runs = try program(["train", flag, Self.runs])
          #expect(runs.status == 66)
          try check(runs, [Advice(words: "the newest in it", status: 0)])
        }
      }

      @Test("A run that is stopped says how it goes on")
      func stopped() throws {
        let process = Process()
        process.executableURL = Program.executable
        process.arguments = [
          "train", "--data-dir", scratch.path, "--runs-dir", scratch.path(of: Self.runs), "--steps",
          "1000000", "--hidden-size", "4", "--threads", "1", "--set", "reportInterval=1",
        ]
        process.currentDirectoryURL = URL(filePath: scratch.path)
        let errors = scratch.path(of: "errors")
        try Data().write(to: URL(filePath: errors))
        process.standardError = try FileHandle(forWritingTo: URL(filePath: errors))
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        let deadline = ContinuousClock().now + Program.patience
        while try !String(contentsOfFile: errors, encoding: .utf8).contains("Step [") {
          try #require(ContinuousClock().now < deadline && process.isRunning)
          Thread.sleep(forTimeInterval: 0.02)
        }
        process.terminate()
        process.waitUntilExit()
        #expect(process.terminationStatus == 143)
        let text = try String(contentsOfFile: errors, encoding: .utf8)
        let line = try #require(text.split(separator: "\n").last)
        let command = try #require(line.firstMatch(of: /go on with: (gan .*)$/)).1
        let path = Program.executable.deletingLastPathComponent().path()
        // What it is told is where it goes on; it need not come to its end.
        let resumed = try Program.run(
          executable: URL(filePath: "/bin/bash"), ["-c", "\(command) --dry-run"], in: scratch.path,
          environment: ["PATH": "\(path):/usr/bin:/bin"])
        #expect(resumed.status == 0, "\(resumed.errors)")
      }

      @Test("What gan diagnose advises, of whatever looks wrong")
      func diagnosis() throws {
        // With a batch of one there is something to say of the options, too.
        let run = try trained(["--batch-size", "1"])
        let folder = try #require(run.folder)
        // Reports of everything that can look wrong at once, long after the run was young.
        let lines = (0..<40).map { report in
          let (step, fake) = (20_000 + 200 * report, report.isMultiple(of: 2) ? 0.05 : 0.95)
          return #"{"kind":"epoch","step":\#(step),"epoch":\#(report + 30),"#
            + #""discriminatorLoss":0.001,"#
            + #""fakeScore":\#(fake),"samples":{"spread":0.1,"closeness":0.1},"#
            + #""readings":{"generator.gradientNorm":{"mean":1e-12}}}"#
        }
        try Data((lines.joined(separator: "\n") + "\n").utf8)
          .write(to: URL(filePath: "\(folder)/stats.jsonl"))
        // Saturation, a stuck generator, collapse, copying, oscillation and the settings.
        let advice = [Advice](repeating: Advice(words: "to try", status: 0), count: 6)
        try check(program(["diagnose", folder]), advice)
        // So far its length says more, and going on may help.
        #expect(try nextCommand(of: folder)?.contains("sample") == true)
        // What does not end looks wrong whatever its length: another run is what helps.
        try FileManager.default.removeItem(atPath: "\(folder)/discriminator.safetensors")
        let restart = try #require(try commands(in: program(["diagnose", folder])).first?.command)
        #expect(try nextCommand(of: folder) == restart)
        #expect(!(try program(["info", folder])).output.contains("--resume"))
      }

      @Test("Names, data sets and pictures that are not there")
      func names() throws {
        try check(
          program(["train", "--set", "batchSiez=3"]),
          [Advice(words: "every option with its value", status: 0)])
        // The network is nobody's in a test: what is advised is understood, and needs it.
        for arguments in [["bench", "--dataset", "kmnist"], ["data", "inspect", "mnist"]] {
          try check(program(arguments), [Advice(words: "", status: 69)])
        }
        let doctor = try program(["doctor"])
        if doctor.output.contains("none found") {
          try check(doctor, [Advice(words: "to fetch it", status: 69)])
        }
        try check(
          program(["recipes", "show", "tutorial"]), [Advice(words: "run", status: 0)],
          environment: [
            "GAN_SET_STEPS": "1", "GAN_SET_DATA_DIR": scratch.path, "GAN_SET_HIDDEN_SIZE": "4",
          ])
        let folder = scratch.path(of: "[some] pictures")
        try makeFolder(folder)
        for index in 0..<30 {
          let bytes: [UInt8] =
            index == 0
            ? PictureForge.png(.noise(width: 8, height: 8, channels: 1)) : [1, 2, 3]
          try Data(bytes).write(to: URL(filePath: "\(folder)/\(index).png"))
        }
        try check(
          program(["train", "--data-dir", folder, "--steps", "1", "--hidden-size", "4"]),
          [Advice(words: "for their names", status: 0)])
      }
    }
  }
#endif
