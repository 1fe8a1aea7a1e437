import Foundation
import GANFormats
import GANNetworks
import GANTestSupport
import GANTraining
import Testing

@testable import GANCommands

extension CommandTests {
  @Suite("A value that an option cannot have is refused, whichever way it comes")
  struct BadOptionTests {
    private let scratch: SmallMNIST

    init() throws { scratch = try SmallMNIST() }

    /// Texts of the wrong type, not a number, negative, huge, half a list, and some that fit.
    static let texts = [
      "", " ", "x", "nan", "-nan", "inf", "-inf", "1e999", "-1", "-0", "0", "1", "1.5", "0x10",
      "1_000", "+1", " 1", "1 ", "65536", "65537", "1000000000", "4294967296",
      "9223372036854775807", "18446744073709551616", "1e-400", "null", "true", "[", "]", "[]",
      "[1", "[nan]", "[-1]", "[1,]", "[,]", "[99999999999999999999]", "[65536,65536,65536]",
      "[1.5]", "[[1]]", "{}", "é", "\u{0}", "٣", "1=2", "auto", "minimax", "tanh", "tutorial",
      "none", "mlp", "pytorch", "float32", "frechet-distance",
      "rank", "a\nb",
    ]

    /// The ways in which a value may come, and how a command exits that refuses it.
    enum Way: CaseIterable {
      case flag, assignment, environment, file

      var status: Status {
        switch self {
        case .flag, .assignment: .usage
        case .environment, .file: .badOptions
        }
      }
    }

    private func settings(_ path: String, _ text: String, by way: Way) throws -> OptionSettings {
      switch way {
      case .flag:
        return try OptionSettings([OptionAssignment(path, text, .flag("--\(path)"))])
      case .assignment:
        return try OptionSettings([OptionAssignment(assignment: "\(path)=\(text)")])
      case .environment:
        let name = OptionAssignment.environmentName(of: path)
        return try OptionSettings(OptionAssignment.all(in: [name: text]))
      case .file:
        let file = scratch.path(of: "gan.yaml")
        let quoted = text.unicodeScalars.map { "\\U" + hexadecimal($0.value) }.joined()
        try Data("\(path): \"\(quoted)\"\n".utf8).write(to: URL(filePath: file))
        return try OptionSettings(ConfigurationFile(contentsOf: file).assignments)
      }
    }

    private func hexadecimal(_ value: UInt32) -> String {
      let digits = String(value, radix: 16)
      return String(repeating: "0", count: 8 - digits.count) + digits
    }

    @Test("Every option, every wrong text, every way", arguments: OptionSettings.settablePaths)
    func table(path: String) throws {
      var acceptedCount = 0
      for text in Self.texts {
        var isAccepted: Set<Bool> = []
        for way in Way.allCases where way != .environment || !text.contains("\0") {
          do {
            let settings = try settings(path, text, by: way)
            try settings.validate()
            touch(settings.options)
            isAccepted.insert(true)
          } catch OptionsError.contradiction(let message) {
            // The value is one; it does not go with the others.
            let error = OptionsError.contradiction(message)
            #expect(description(of: error)?.status == .badOptions)
            isAccepted.insert(true)
          } catch {
            let known = try #require(description(of: error), "\(path) \(text): \(error)")
            // A device may be known but not there.
            let isOther = known.status == .unavailable
            #expect(known.status == way.status || isOther, "\(path)=\(text) by \(way)")
            #expect(known.message.contains(path) || isOther, "\(known.message)")
            isAccepted.insert(false)
          }
        }
        // What is refused in one way is refused in all.
        #expect(isAccepted.count == 1, "\(path)=\(text)")
        if isAccepted.contains(true) { acceptedCount += 1 }
      }
      // A table of nothing but refusals would prove little.
      #expect(acceptedCount > 0)
    }

    /// Does the arithmetic that rests on options: none of it may overflow.
    private func touch(_ options: TrainingOptions) {
      for epochs in [options.epochs, 1_000_000_000] where options.steps == nil {
        for count in [1, options.datasetCount, Int(Int32.max)] {
          var longest = options
          (longest.epochs, longest.datasetCount) = (epochs, count)
          let position = RunPosition(
            step: max(1, longest.totalSteps), stepsPerEpoch: longest.stepsPerEpoch,
            totalSteps: longest.totalSteps)
          #expect(position.isLast && position.endsRound)
          #expect(longest.epochPlan.itemCount(beforeStep: position.step) > 0)
          #expect(position.isCheckpointDue(everyRounds: longest.checkpointInterval))
        }
      }
      for player in Role.pair { #expect(options.network(of: player).parameterCount > 0) }
    }

    @Test(
      "Values that contradict each other",
      arguments: [
        (["--steps=1", "--epochs=1"], "--steps and --epochs both give the length of the run"),
        (["steps=1", "epochs=1"], "--set steps=1 and --set epochs=1 both give the length"),
        (
          ["architecture=dcgan", "discriminator.hidden=[]"],
          "architecture dcgan needs hidden layers of the discriminator"
        ),
        (["epochs=null"], "neither epochs nor steps gives the length of the run"),
      ] as [([String], String)])
    func contradictions(assignments: [String], message: String) throws {
      let parsed = try assignments.map { text in
        guard text.hasPrefix("--") else { return try OptionAssignment(assignment: text) }
        let parts = text.split(separator: "=").map(String.init)
        return OptionAssignment(String(parts[0].dropFirst(2)), parts[1], .flag(parts[0]))
      }
      let error = #expect(throws: (any Error).self) {
        try OptionSettings(parsed).validate()
      }
      let known = error.flatMap(description(of:))
      #expect(known?.status == .badOptions)
      #expect(known?.message.hasPrefix(message) == true)
    }

    @Test("A whole program refuses, or takes, what is huge")
    func huge() throws {
      // 2 TB, so that no machine that runs tests takes it.
      let widest = "[" + [String](repeating: "65536", count: 21).joined(separator: ",") + "]"
      for (arguments, status, message) in [
        ("train --dry-run --steps 1000000000", 0, ""),
        ("train --dry-run --seed 18446744073709551615 --batch-size 65536", 0, ""),
        ("train --data-dir DATA --steps 1 --batch-size 65536 --hidden-size 2", 0, "done"),
        ("train --data-dir DATA --steps 1 --threads 64 --hidden-size 2", 0, "done"),
        (
          "train --data-dir DATA --steps 1 --set generator.hidden=\(widest)", 69,
          "error: parameters, moments and a copy to save take 2061"
        ),
        ("train --data-dir DATA --steps 1000000001", 64, "steps must be a whole number from 1"),
        ("train --data-dir DATA --seed 18446744073709551616", 64, "--seed: seed must be a whole"),
        (
          "trace --data-dir DATA --steps 1000000000 --batch-size 65536", 69,
          "error: 1000000000 steps of a trace take "
        ),
        (
          "recipes show tutorial --set discriminatorSteps=1000 --set batchSize=65536 "
            + "--image-size 1024", 69,
          "error: 65536000 random items take 68719"
        ),
        ("sample RUN --count 1000001 -o x.npy", 64, "--count must be from 1 to 1000000"),
        ("sample RUN --count 1000000 -o x.png", 64, "would have 1000002 rows, the most is 1000000"),
        ("sample RUN --count 1 --seed 18446744073709551615 -o x.npy", 0, ""),
        ("sample RUN --count 1 --threads 1025", 64, "--threads must be from 1 to 1024"),
        ("sample RUN -o absent/x.png", 73, "cannot write absent/x.png: No such file or directory"),
        ("sample RUN -o train-images-idx3-ubyte", 73, "cannot write train-images-idx3-ubyte: File"),
        ("sample RUN -o x.jpg", 64, "cannot write .jpg"),
        ("sample RUN -o x.npy", 0, ""),
        ("train --set seed=a\u{1b}[31m\n1", 64, "got a\\u{1B}[31m\\n1\n"),
        ("sample a\nb", 66, "error: no such file or folder: a\\nb\n"),
      ] as [(String, Int32, String)] {
        let run = ShortRun(scratch, runs: "run")
        if run.folder == nil { #expect(try run.start().status == 0) }
        let filled = arguments.replacing("DATA", with: scratch.path)
          .replacing("RUN", with: run.folder ?? "")
        let result = try Program.run(
          filled.split(separator: " ").map(String.init), in: scratch.path)
        #expect(!result.isKilled && result.status == status, "\(arguments): \(result.errors)")
        #expect(message.isEmpty || result.errors.contains(message), "\(result.errors)")
      }
    }
  }
}
