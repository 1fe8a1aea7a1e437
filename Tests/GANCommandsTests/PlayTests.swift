import Foundation
import GANTestSupport
import Testing

extension CommandTests {
  @Suite("The playground")
  struct PlayTests {
    /// Why there is nothing to test with; nil where there is.
    private static let missing: String? = {
      let script =
        "import sys; sys.path.insert(0, sys.argv[1]); import browser; print(browser.missing() or '')"
      guard let said = try? PythonPeer.printed(by: script, folder) else {
        return "no python3, or no way to steer a browser"
      }
      let reason = said.trimmingCharacters(in: .whitespacesAndNewlines)
      return reason.isEmpty ? nil : reason
    }()
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Page").path()

    private let scratch: SmallMNIST

    init() throws { scratch = try SmallMNIST() }

    /// The claims are the functions of `Tests/Page/play.py`.
    @Test(
      "Every claim about the playground's page holds in a browser, and its console is silent",
      .enabled(if: missing == nil, "\(missing ?? "")"))
    func browser() throws {
      let pictures = ProcessInfo.processInfo.environment["GAN_TEST_PLOTS"]
      let result = try PythonPeer.run(
        [
          "\(Self.folder)/play.py", "--gan", Program.executable.path(), "--scratch",
          scratch.path(of: "browser"),
        ] + (pictures.map { ["--pictures", $0] } ?? []))
      for line in result.text.split(separator: "\n") where line.hasPrefix("failed") {
        Issue.record("\(line)")
      }
      #expect(result.status == 0, "\(result.text)")
    }

    @Test(
      "A port or a number of threads that cannot be is refused",
      arguments: [["--port", "70000"], ["--threads", "0"]])
    func refusals(arguments: [String]) throws {
      let result = try Program.run(["play"] + arguments, in: scratch.path)
      #expect(result.status == 64 && result.errors.contains(arguments[0]), "\(result.errors)")
    }
  }
}
