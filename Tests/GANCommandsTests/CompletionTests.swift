import Foundation
import GANTestSupport
import Testing

extension CommandTests {
  @Suite("Shells complete")
  struct CompletionTests {
    private let scratch: SmallMNIST

    init() throws { scratch = try SmallMNIST() }

    /// Runs a script in a shell, and returns what it prints.
    private func shell(
      _ name: String, _ arguments: [String]
    ) throws -> (status: Int32, lines: [String]) {
      let process = Process()
      let output = Pipe()
      process.executableURL = URL(filePath: "/usr/bin/env")
      process.arguments = [name] + arguments
      process.currentDirectoryURL = URL(filePath: scratch.path)
      process.standardOutput = output
      try process.run()
      let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      process.waitUntilExit()
      return (process.terminationStatus, text.split(separator: "\n").map(String.init))
    }

    private func script(for shell: String) throws -> String {
      let result = try Program.run(["--generate-completion-script", shell], in: scratch.path)
      #expect(result.status == 0)
      let path = scratch.path(of: "completion.\(shell)")
      try result.output.write(toFile: path, atomically: true, encoding: .utf8)
      return path
    }

    @Test("Every shell's script knows the options", arguments: ["bash", "zsh", "fish"])
    func knows(name: String) throws {
      #expect(try String(contentsOfFile: script(for: name), encoding: .utf8).contains("objective"))
    }

    private func expectParsed(by name: String) throws {
      #expect(try shell(name, ["-n", script(for: name)]).status == 0)
    }

    @Test("bash parses its script", .enabled(if: Self.isInstalled("bash"), "there is no bash"))
    func bash() throws { try expectParsed(by: "bash") }

    @Test("zsh parses its script", .enabled(if: Self.isInstalled("zsh"), "there is no zsh"))
    func zsh() throws { try expectParsed(by: "zsh") }

    @Test("fish parses its script", .enabled(if: Self.isInstalled("fish"), "there is no fish"))
    func fish() throws { try expectParsed(by: "fish") }

    private static func isInstalled(_ shell: String) -> Bool {
      let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
      return folders.contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(shell)") }
    }

    @Test("bash offers commands, names, folders and files where each belongs")
    func offers() throws {
      // Calls the function as the shell does.
      let call = """
        source completion.bash; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMP_LINE="$*"
        COMP_POINT=${#COMP_LINE}
        _gan gan "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}" 2>/dev/null
        printf '%s\\n' "${COMPREPLY[@]}"
        """
      _ = try script(for: "bash")
      let manager = FileManager.default
      try manager.createDirectory(
        atPath: scratch.path(of: "folder"), withIntermediateDirectories: false)
      try Data().write(to: URL(filePath: scratch.path(of: "options.yaml")))
      for (words, offered, withheld) in [
        ([""], ["train", "sample", "doctor"], []), (["tr"], ["train", "trace"], ["sample"]),
        (["train", "--recipe", ""], ["tutorial"], []),
        (["recipes", ""], ["list", "show"], []), (["recipes", "show", ""], ["dcgan-28"], []),
        (["train", "--objective", ""], ["non-saturating", "minimax"], []),
        (["train", "--penalty", ""], ["wgan-gp", "r1"], []),
        (
          ["train", "--dataset", ""], ["auto", "mnist", "fashion-mnist", "kmnist", "strokes"],
          ["options.yaml"]
        ),
        (["bench", "--device", ""], ["auto", "cpu", "reference"], ["options.yaml"]),
        (["train", "--data-dir", ""], ["folder"], ["options.yaml"]),
        (["train", "--resume", ""], ["folder"], ["options.yaml"]),
        (["train", "--config", ""], ["options.yaml"], ["train-images-idx3-ubyte"]),
        (["sample", ""], ["folder", "train-images-idx3-ubyte"], []),
      ] as [([String], [String], [String])] {
        let replies = Set(try shell("bash", ["-c", call, "bash", "gan"] + words).lines)
        #expect(replies.isSuperset(of: offered), "\(words): \(replies)")
        #expect(replies.isDisjoint(with: withheld), "\(words): \(replies)")
      }
    }
  }
}
