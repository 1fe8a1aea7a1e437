import Foundation
import GANTestSupport
import GANTraining
import Testing

@testable import GANCommands

extension CommandTests {
  @Suite("Help")
  struct HelpTests {
    private let scratch: SmallMNIST

    init() throws { scratch = try SmallMNIST() }

    /// After a change on purpose: `for c in train sample evaluate film trace bench info doctor data
    /// "data list" "data fetch" "data pack" "data inspect" "data cache" lab "lab divergence"
    /// "lab optimum" "lab descent" "lab gradients" "lab proportions" "lab modes" "lab compare"
    /// "lab ablation" recipes "recipes list" "recipes show" export film runs "runs list" "runs show" "runs compare"
    /// "runs best" "runs remove" watch plot report sweep serve latents invert neighbours
    /// diagnose "lab metrics" play; do COLUMNS=80 gan $c --help >
    /// "Tests/GANCommandsTests/Help/$c.txt"; done`, and `gan --help` into `gan.txt`.
    @Test(
      "A help screen is the committed one",
      arguments: [
        "gan", "train", "sample", "evaluate", "trace", "bench", "info", "doctor", "data",
        "data list", "data fetch", "data pack", "data inspect", "data cache", "lab",
        "lab divergence", "lab optimum",
        "lab descent", "lab gradients", "lab proportions", "lab modes", "lab compare",
        "lab ablation", "recipes",
        "recipes list", "recipes show", "export", "film", "watch", "plot", "report", "runs",
        "runs list", "runs show", "runs compare", "runs best", "runs remove", "sweep", "serve",
        "latents", "invert", "neighbours", "diagnose", "lab metrics", "play",
      ])
    func screen(name: String) throws {
      let expected = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "Help/\(name).txt")
      let arguments =
        name == "gan" ? ["--help"] : name.split(separator: " ").map(String.init) + ["--help"]
      let result = try Program.run(arguments, in: scratch.path)
      #expect(result.status == 0)
      #expect(result.output == (try String(contentsOf: expected, encoding: .utf8)))
    }

    /// After a change on purpose: `gan options-page > docs/options.md`.
    @Test("docs/options.md says what the rows of the options say")
    func optionsPage() throws {
      let page = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../docs/options.md").standardized
      #expect(OptionsPage.text == (try String(contentsOf: page, encoding: .utf8)))
    }

    @Test("--version is the package's")
    func version() throws {
      let result = try Program.run(["--version"], in: scratch.path)
      #expect(result.output == "gan \(Version.current)\n")
      #expect(result.status == 0)
    }
  }
}
