#if os(Linux)
  import Foundation
  import GANFormats
  import GANTensor
  import GANTestSupport
  import GANTraining
  import Testing

  /// A run of 30 epochs and 6,000 steps on images of MNIST's size.
  private struct LongRun {
    static let flags = [
      "train", "--data-dir", ".", "--hidden-size", "16", "--batch-size", "10", "--threads", "1",
      "--epochs", "30",
    ]
    static let name = "runs/00000-mnist-tutorial-hidden16-seed0"

    /// What the networks of a run never interrupted hold.
    private static let uninterrupted = Result {
      let run = try LongRun()
      let result = try Program.run(flags + ["--quiet"], in: run.scratch.path)
      try #require(result.status == 0, "\(result.errors)")
      return try run.contents()
    }

    let scratch: SmallMNIST

    init() throws {
      scratch = try SmallMNIST()
      let extents = [2_000, 28, 28].flatMap { extent in
        withUnsafeBytes(of: UInt32(extent).bigEndian) { [UInt8]($0) }
      }
      let pixels = (0..<2_000 * 784).map { UInt8(truncatingIfNeeded: $0 &* $0 / 784) }
      try Data([0, 0, 8, 3] + extents + pixels)
        .write(to: URL(filePath: scratch.path(of: "train-images-idx3-ubyte")))
    }

    /// Pictures until the run waits for `goOn`: those of four epochs and the real images' before them.
    private static let gate = 6

    /// Starts it in a terminal, slowed down by its pictures so that it has progress to show.
    ///
    /// A test that watches it may be slow, too, and must have its turn before the run's end: with five
    /// epochs done it waits for the test to say `goOn`.
    func start(
      _ flags: [String] = [], columns: Int = 80, rows: Int = 24,
      environment: [String: String] = [:]
    ) throws -> PseudoTerminal {
      let pace = [
        "LD_PRELOAD": try Interposer.slow.get().path, "PACE_PATH": "/samples/",
        // Progress is shown every tenth of a second.
        "PACE_SECONDS": "0.1", "GATE_AT": "\(Self.gate)", "GATE": gate,
      ]
      return try PseudoTerminal(
        Self.flags + flags, in: scratch.path, columns: columns, rows: rows,
        environment: environment.merging(pace) { $1 })
    }

    /// Lets the run go on beyond its fifth epoch.
    func goOn() throws { try Data().write(to: URL(filePath: gate)) }

    private var gate: String { scratch.path(of: "gate") }

    /// Asks the run to stop, and lets it go on once it knows.
    func stop(_ terminal: PseudoTerminal, by ask: (PseudoTerminal) -> Void) throws {
      ask(terminal)
      #expect(terminal.wait { $0.text.contains("stopping after this step") })
      try goOn()
    }

    /// The environment in which every use of a file with `part` in its path takes that long.
    func slow(_ part: String, seconds: Double) -> [String: String] {
      [
        "SLOW_PATH": part, "SLOW_SECONDS": "\(seconds)",
        "SLOW_MARK": scratch.path(of: "slow-mark"),
      ]
    }

    /// Seconds that no test waits for: the program ends before.
    static let forever = 3_600.0

    /// Whether a slow file is, or was, being used.
    var isSlow: Bool { FileManager.default.fileExists(atPath: scratch.path(of: "slow-mark")) }

    /// Every tensor of the networks, and the last picture.
    private func contents() throws -> [String: [UInt8]] {
      var contents: [String: [UInt8]] = [:]
      for player in ["generator", "discriminator"] {
        let path = scratch.path(of: "\(Self.name)/\(player).safetensors")
        for entry in try SafetensorsFile(contentsOf: path).entries {
          contents["\(player).\(entry.name)"] = entry.tensor.bytes
        }
      }
      let picture = scratch.path(of: "\(Self.name)/samples/fake_images-30.png")
      contents["picture"] = [UInt8](try Data(contentsOf: URL(filePath: picture)))
      return contents
    }

    /// Resumes it and compares its end with that of a run never interrupted.
    func expectSameBitsAfterResuming() throws {
      let result = try Program.run(["train", "--resume", Self.name, "--quiet"], in: scratch.path)
      #expect(result.status == 0, "\(result.errors)")
      #expect(try contents() == Self.uninterrupted.get())
    }
  }

  extension CommandTests {
    @Suite("Ctrl-C in a terminal")
    struct InterruptionTests {
      private let run: LongRun

      init() throws { run = try LongRun() }

      @Test("Once, it stops after the step, saves and says how to go on, to the same bits")
      func once() throws {
        let terminal = try run.start(columns: 130)
        #expect(terminal.wait { $0.text.contains(" left") })
        try run.stop(terminal) { $0.type(control: "C") }
        #expect(try terminal.finish() == 130)
        #expect(terminal.screen.isClean, "\(terminal.screen.surprises)")
        let lines = terminal.screen.text
        #expect(lines.contains("stopping after this step; again to leave at once"))
        let last = lines.suffix(2).joined(separator: "|")
        let resumption = /stopped at step [0-9]+; go on with: gan train --resume (.*)\|/
        #expect(last.wholeMatch(of: resumption)?.output.1 == LongRun.name[...], "\(last)")
        #expect(!lines.contains { $0.contains("^C") || $0.contains(" left") }, "\(lines)")
        try run.expectSameBitsAfterResuming()
      }

      /// Those that are not ignored where the tests run, as a closed terminal's is under `nohup`.
      static let announcing = [SIGHUP, SIGUSR1, SIGUSR2, SIGXCPU].filter { number in
        var action = sigaction()
        sigaction(number, nil, &action)
        return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
          != unsafeBitCast(SIG_IGN, to: Int.self)
      }

      @Test(
        "Signals that announce an end do the same, and nothing more when they come again",
        arguments: announcing)
      func announced(number: Int32) throws {
        let terminal = try run.start()
        #expect(terminal.wait { $0.text.contains(" left") })
        try run.stop(terminal) {
          kill($0.process, number)
          // While it is being answered: two that wait at once are one.
          #expect($0.wait { $0.text.contains("stopping after this step") })
          kill($0.process, number)
        }
        #expect(try terminal.finish() == 128 + number)
        #expect(terminal.text.contains("go on with: gan train --resume \(LongRun.name)\r\n"))
      }

      @Test("SIGTERM does the same, and the exit code is 143")
      func terminated() throws {
        let terminal = try run.start()
        #expect(terminal.wait { $0.text.contains(" left") })
        try run.stop(terminal) { kill($0.process, SIGTERM) }
        #expect(try terminal.finish() == 143)
        #expect(terminal.screen.isClean, "\(terminal.screen.surprises)")
        #expect(terminal.text.contains("go on with: gan train --resume \(LongRun.name)\r\n"))
      }

      @Test("While an epoch is being saved, it waits for that and saves where it is")
      func whileSaving() throws {
        let terminal = try run.start(environment: run.slow("checkpoints/", seconds: 0.2))
        #expect(terminal.wait { _ in run.isSlow })
        try run.stop(terminal) { $0.type(control: "C") }
        #expect(try terminal.finish() == 130)
        #expect(terminal.screen.isClean, "\(terminal.screen.surprises)")
        #expect(terminal.text.contains("stopped at step "))
        try run.expectSameBitsAfterResuming()
      }

      @Test(
        "Twice, it leaves at once, and what was saved before leads to the same bits",
        // While the first epoch is being saved, and while the run saves where it stopped.
        arguments: ["1", "1000"])
      func twice(checkpointInterval: String) throws {
        let terminal = try run.start(
          ["--set", "checkpointInterval=\(checkpointInterval)"],
          environment: run.slow("checkpoints/", seconds: LongRun.forever))
        let isStoppedFirst = checkpointInterval == "1000"
        #expect(terminal.wait { isStoppedFirst ? $0.text.contains(" left") : run.isSlow })
        try run.stop(terminal) { $0.type(control: "C") }
        #expect(terminal.wait { run.isSlow && $0.text.contains("again to leave at once") })
        terminal.type(control: "C")
        #expect(try terminal.finish() == 130)
        #expect(terminal.screen.isClean, "\(terminal.screen.surprises)")
        #expect(!terminal.text.contains("stopped at step"))
        try run.expectSameBitsAfterResuming()
      }

      @Test("While data are loading there is nothing to save, and it leaves at once")
      func whileLoading() throws {
        let terminal = try run.start(
          environment: run.slow("train-images", seconds: LongRun.forever))
        #expect(terminal.wait { _ in run.isSlow })
        terminal.type(control: "C")
        #expect(try terminal.finish() == 130)
        #expect(terminal.screen.isClean, "\(terminal.screen.surprises)")
        #expect(terminal.screen.text.count == 2, "\(terminal.screen.text)")
        #expect(!isFolder(run.scratch.path(of: "runs")))
      }

      @Test("After Ctrl-Z and a continuation the block is drawn below what the shell wrote")
      func suspension() throws {
        let terminal = try run.start()
        // Once a picture is drawn whole, with the line of progress below it.
        #expect(terminal.wait { $0.text.contains("▀") })
        #expect(terminal.wait { $0.screen.text.last?.contains(" left") == true })
        terminal.type(control: "Z")
        #expect(terminal.wait { $0.isStopped })
        terminal.drain()
        #expect(terminal.screen.isClean, "\(terminal.screen.surprises)")
        #expect(terminal.screen.text.last?.isEmpty == true)
        terminal.intrude("\r\n[1]+  Stopped\r\n$ fg\r\n")
        let shown = terminal.screen.text.dropLast()
        kill(terminal.process, SIGCONT)
        try run.goOn()
        // Lines said since then have moved the block down.
        let lineCount = shown.count + 12
        #expect(terminal.wait { $0.screen.text.count > lineCount })
        #expect(terminal.screen.text.starts(with: shown))
      }
    }

    @Suite("A terminal shows")
    struct ScreenTests {
      private let run: LongRun

      init() throws { run = try LongRun() }

      /// Waits for a picture and a line of progress, stops the run, and returns the screens before
      /// and after.
      private func screens(
        columns: Int, rows: Int, _ environment: [String: String], _ flags: [String] = []
      ) throws -> (running: Screen, stopped: Screen, text: String) {
        let terminal = try run.start(
          flags, columns: columns, rows: rows, environment: environment)
        #expect(terminal.wait { $0.screen.text.contains { $0.hasPrefix("Epoch [1/30]") } })
        #expect(terminal.wait { $0.screen.text.last?.contains(" left") == true })
        let running = terminal.screen
        try run.stop(terminal) { kill($0.process, SIGTERM) }
        #expect(try terminal.finish() == 143)
        return (running, terminal.screen, terminal.text)
      }

      @Test(
        "the log's lines, below them samples and one line of progress, as wide as it is",
        arguments: [
          // Lines of the picture, and a row of it in pixels.
          (80, 24, 16, 76), (200, 50, 30, 6 * 29 + 1),
        ],
        [
          [:], ["COLORTERM": "truecolor"], ["NO_COLOR": "1"], ["LANG": "C.ISO-8859-1"],
        ] as [[String: String]])
      func block(
        size: (columns: Int, rows: Int, lines: Int, width: Int), environment: [String: String]
      ) throws {
        let (running, stopped, text) = try screens(
          columns: size.columns, rows: size.rows, environment)
        let isColoured = environment["NO_COLOR"] == nil && environment["LANG"] == nil
        let log = try String(
          contentsOfFile: run.scratch.path(of: "\(LongRun.name)/log.txt"), encoding: .utf8
        ).split(separator: "\n").map(String.init)

        // Every line of the log in order, in fewer words where it must not wrap.
        let block = running.text.suffix(size.lines + 1)
        let above = running.text.dropLast(size.lines + 1)
        // The log has what was said since, too.
        #expect(above.count <= log.count)
        for (shown, said) in zip(above, log) {
          let beginning = said.split(separator: ", d_loss")[0]
          #expect(
            shown == said
              || shown.count <= size.columns && shown.hasPrefix(beginning)
                && shown.contains("D(G(z)) ")
          )
        }
        #expect(above.count > 4)
        #expect(!running.didWrap)
        #expect(block.last?.contains("d") == true && block.last?.contains(" left") == true)

        // Samples as wide as the reckoning says, in colours or without any.
        let cells = running.cells.filter { $0.contains { $0.background != nil } }
        #expect(cells.count == (isColoured ? size.lines : 0))
        for row in cells {
          #expect(row.lastIndex { $0.background != nil } == size.width - 1)
          let kind = environment["COLORTERM"] == nil ? 5 : 2
          #expect(row.prefix(size.width).allSatisfy { $0.background?.first == kind })
        }
        if environment["NO_COLOR"] != nil {
          #expect(!text.contains(/\u{1B}\[[34][0-9;]*m/))
          #expect(block.dropLast().joined().contains { "░▒▓█▀▄".contains($0) })
        }
        if environment["LANG"] != nil {
          #expect(block.joined().allSatisfy { $0.isASCII })
        }
        #expect(stopped.isClean, "\(stopped.surprises)")
        #expect(stopped.text.filter { $0.contains(" left") }.isEmpty)
      }

      @Test("no pictures with --no-preview")
      func noPreview() throws {
        let (running, stopped, text) = try screens(columns: 80, rows: 24, [:], ["--no-preview"])
        #expect(!text.contains("▀") && !text.contains("48;5"))
        #expect(running.text.suffix(2).first?.hasPrefix("Epoch [") == true)
        #expect(stopped.isClean)
      }

      @Test(
        "nothing but plain lines where it is dumb, with --quiet, or when statistics go there",
        arguments: [
          ([], ["TERM": "dumb"], "Epoch [1/2], Step [200/200]"), (["--quiet"], [:], LongRun.name),
          (["--json-lines"], [:], #"{"kind":"epoch","epoch":2,"#),
          ([], ["GAN_EXPLAIN": "1"], "state generator.0.weight"),
        ] as [([String], [String: String], String)])
      func plain(flags: [String], environment: [String: String], line: String) throws {
        let terminal = try run.start(["--epochs", "2"] + flags, environment: environment)
        #expect(try terminal.finish() == 0)
        #expect(terminal.text.contains(line))
        #expect(!terminal.text.contains("\u{1B}"))
        #expect(!terminal.text.replacing("\r\n", with: "\n").contains("\r"))
        #expect(terminal.screen.isClean)
      }

      @Test("a finished run's last samples, how long it took, and its folder")
      func end() throws {
        let terminal = try run.start(["--epochs", "4"])
        #expect(try terminal.finish() == 0)
        #expect(terminal.screen.isClean, "\(terminal.screen.surprises)")
        let last = terminal.screen.text.drop { !$0.hasPrefix("done: ") }
        #expect(last.dropFirst().first?.hasPrefix("verdict: ") == true, "\(last)")
        #expect(last.suffix(2) == [LongRun.name, ""])
        #expect(!terminal.screen.text.contains { $0.contains(" left") })
        let picture = terminal.screen.cells.filter { $0[0].background != nil }
        #expect(picture.count == 16)
      }
    }
  }
#endif
