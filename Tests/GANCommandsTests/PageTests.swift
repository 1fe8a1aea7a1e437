import Foundation
import GANTestSupport
import Testing

extension CommandTests {
  @Suite("Pages, plots and reports of runs")
  struct PageTests {
    private static let missingBrowser: String? = {
      let script = "import browser; print(browser.missing() or '')"
      let said = try? PythonPeer.printed(
        by: "import sys; sys.path.insert(0, sys.argv[1]); " + script, folder)
      return said.map { $0.trimmingCharacters(in: .whitespacesAndNewlines) }.flatMap {
        $0.isEmpty ? nil : $0
      } ?? (said == nil ? "no python3" : nil)
    }()
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Page").path()

    private let scratch: SmallMNIST

    init() throws { scratch = try SmallMNIST() }

    /// The claims are the functions of `Tests/Page/pages.py`.
    @Test(
      "Every claim about the pages holds in a browser, and its console is silent",
      .enabled(if: missingBrowser == nil, "\(missingBrowser ?? "")"))
    func browser() throws {
      let pictures = ProcessInfo.processInfo.environment["GAN_TEST_PLOTS"]
      let result = try PythonPeer.run(
        [
          "\(Self.folder)/pages.py", "--gan", Program.executable.path(), "--data", scratch.path,
          "--scratch", scratch.path,
        ] + (pictures.map { ["--pictures", $0] } ?? []))
      for line in result.text.split(separator: "\n") where line.hasPrefix("failed") {
        Issue.record("\(line)")
      }
      #expect(result.status == 0, "\(result.text)")
    }

    @Test("Curves of one run and of several are written as SVG and PNG")
    func plots() throws {
      let runs = try ["a", "b"].enumerated().map { number, name in
        let run = ShortRun(scratch, runs: name)
        try #require(run.start(["--seed", "\(number)"]).status == 0)
        return try #require(run.folder)
      }
      let cases: [([String], String)] = [
        ([runs[0]], "losses.svg"), (runs, "two.png"),
        (runs + ["--join-seeds", "--log-y"], "mean.svg"),
        ([runs[0], "--panel", "gradients", "--smooth", "0.5", "--x", "seconds"], "more.svg"),
      ]
      for (flags, output) in cases {
        let result = try Program.run(["plot"] + flags + ["-o", output], in: scratch.path)
        #expect(result.status == 0 && result.output == "\(output)\n", "\(result.errors)")
        let bytes = try Data(contentsOf: URL(filePath: scratch.path(of: output)))
        let beginning: [UInt8] =
          output.hasSuffix("svg") ? Array("<svg".utf8) : [0x89, 0x50, 0x4e, 0x47]
        #expect(bytes.starts(with: beginning), "\(output)")
      }
      let mean = try String(contentsOfFile: scratch.path(of: "mean.svg"), encoding: .utf8)
      #expect(mean.contains("1 more seed"))
    }

    @Test(
      "A plot or a page that cannot be is refused, with the exit code of its kind",
      arguments: [
        (["plot", "RUN", "-o", "a.gif"], 64, ".svg or .png"),
        (["plot", "RUN", "--smooth", "1"], 64, "below 1"),
        (["plot", "RUN", "--panel", "charm"], 64, "losses"),
        (["plot", "nothing"], 66, "nothing"),
        (["report", "nothing"], 66, "nothing"),
        (["report", "RUN", "-o", "no/such/folder/a.html"], 73, "no/such/folder"),
        (["watch", "nothing"], 66, "nothing"),
        (["watch", "RUN", "--port", "70000"], 64, "--port"),
        (["train", "--open"], 64, "--page"),
      ] as [([String], Int32, String)])
    func refusals(arguments: [String], status: Int32, words: String) throws {
      let run = ShortRun(scratch)
      try #require(run.start().status == 0)
      let folder = try #require(run.folder)
      let result = try Program.run(
        arguments.map { $0.replacing("RUN", with: folder) }, in: scratch.path)
      #expect(result.status == status && result.errors.contains(words), "\(result.errors)")
    }

    @Test("A report is one file that names no other, with pictures, curves and options")
    func report() throws {
      let run = ShortRun(scratch)
      try #require(run.start().status == 0)
      let result = try Program.run(["report", #require(run.folder)], in: scratch.path)
      #expect(result.status == 0 && result.output == "report.html\n", "\(result.errors)")
      let html = try String(contentsOfFile: scratch.path(of: "report.html"), encoding: .utf8)
      for needed in ["data:image/webp;base64,", "data:image/png;base64,", "<svg", "batchSize"] {
        #expect(html.contains(needed), "\(needed)")
      }
      for attribute in ["src=\"", "href=\""] {
        let targets = html.components(separatedBy: attribute).dropFirst().map { $0.prefix(5) }
        #expect(targets.allSatisfy { $0 == "data:" || $0.hasPrefix("#") }, "\(targets)")
      }
    }

    @Test("A run that is paced and paged has the bytes of one that is not")
    func bits() throws {
      let alone = ShortRun(scratch, runs: "alone")
      let paged = ShortRun(scratch, runs: "paged")
      try #require(alone.start().status == 0)
      let result = try paged.start(["--page"])
      try #require(result.status == 0, "\(result.errors)")
      #expect(result.lines.count == 2 && result.lines[0].hasPrefix("http://127.0.0.1:"))
      let contents = try [alone, paged].map { try RunContents(of: #require($0.folder)) }
      #expect(contents[1].differences(from: contents[0]) == [])
    }
  }
}
