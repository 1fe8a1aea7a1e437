import Foundation
import GANTestSupport
import Testing

extension CommandTests {
  @Suite("gan lab")
  struct LabTests {
    private let scratch: SmallMNIST

    init() throws { scratch = try SmallMNIST() }

    private func lab(_ arguments: [String]) throws -> Program.Result {
      try Program.run(["lab"] + arguments, in: scratch.path)
    }

    @Test("An experiment prints its findings and its numbered folder, or its report")
    func output() throws {
      let pair = ["divergence", "0.5,0.5", "0.1,0.9"]
      let first = try lab(pair + ["--quiet"])
      #expect(first.status == 0 && first.errors.isEmpty)
      #expect(first.output == "lab/00000-divergence\n")
      let second = try lab(pair)
      #expect(second.lines.last == "lab/00001-divergence")
      // The README's table without its marks, as wide as a terminal.
      #expect(second.lines.contains { $0.hasPrefix("JSD ") || $0.contains("JSD(") })
      #expect(!second.output.contains("|--") && !second.output.contains("**"))
      #expect(second.lines.dropLast().contains { $0.contains("0.") })
      let report = try lab(pair + ["--json", "--output", "here"]).output
      #expect(
        report
          == (try String(contentsOfFile: scratch.path(of: "here/report.json"), encoding: .utf8)))
      let names = try FileManager.default.contentsOfDirectory(atPath: scratch.path(of: "here"))
      #expect(
        names.sorted() == [
          "README.md", "divergence-dark.png", "divergence.png", "divergence.svg", "report.json",
        ])
    }

    /// Each as small as it can be; what they measure is judged elsewhere.
    static let small = [
      [
        "optimum", "normal(0,1)", "normal(1,1)", "--steps", "3", "--batch-size", "4", "--seeds",
        "0-1",
      ],
      ["descent", "normal(0,1)", "--steps", "2", "--discriminator-steps", "1", "--samples", "50"],
      ["gradients", "--data-dir", ".", "--steps", "2", "--hidden-size", "8"],
      [
        "proportions", "--steps", "2", "--objectives", "hinge", "--hidden-size", "8", "--seeds",
        "0",
      ],
      [
        "modes", "grid-25", "--steps", "2", "--samples", "50", "--latent-size", "2", "--penalty",
        "r2", "--seeds", "1",
      ],
      [
        "ablation", "ring-8", "--losses", "relativistic-r1-r2-lazy,non-saturating", "--steps", "2",
        "--samples", "50", "--latent-size", "2", "--weight", "0.5",
      ],
      [
        "compare", "--steps", "2", "--objective", "minimax", "--samples", "50", "--latent-size",
        "2", "--seed", "4",
      ],
    ]

    @Test("Every experiment takes its flags and says how to repeat it", arguments: small)
    func experiments(arguments: [String]) throws {
      let result = try lab(arguments + ["--output", "out"])
      try #require(result.status == 0, "\(arguments): \(result.errors)")
      #expect(result.lines.last == "out" && result.lines.count > 5)
      let readme = try String(contentsOfFile: scratch.path(of: "out/README.md"), encoding: .utf8)
      let quoted = arguments.map { $0.contains("(") ? "'\($0)'" : $0 }
      let command = (["gan", "lab"] + quoted + ["--output", "out"]).joined(separator: " ")
      #expect(readme.contains("```\n\(command)\n```"))
    }

    @Test(
      "What is wrong has the exit code and the reason of its kind",
      arguments: [
        (["divergence", "normal(0)", "0.5,0.5"], 64, "write normal(mean,deviation)"),
        (["divergence", "0.5,0.4", "0.5,0.5"], 64, "must sum to 1"),
        (["divergence", "0.5,0.5", "0.2,0.3,0.5"], 64, "same outcomes"),
        (["divergence", "no.json", "0.5,0.5"], 66, "no.json"),
        (["divergence", "broken.json", "0.5,0.5"], 65, "broken.json"),
        (["optimum", "normal(0,1)"], 64, "name two distributions"),
        (["optimum", "--steps", "0"], 64, "--steps must be from 1"),
        (["optimum", "--seed", "1", "--seeds", "0-2"], 64, "--seed and --seeds"),
        (["optimum", "--seeds", "4-2"], 64, "4-2"),
        (["descent", "--objective", "hinge"], 64, "minimax or non-saturating"),
        (["modes", "moons"], 64, "no modes"),
        (["modes", "--objective", "best"], 64, "best"),
        (["ablation", "moons"], 64, "no modes"),
        (["ablation", "mnist"], 64, "mnist has no modes to count; stacked data sets have"),
        (["ablation", "ring-8", "--data-dir", "."], 64, "--data-dir is for a stacked data set"),
        (["ablation", "stacked-mnist-2", "--data-dir", "nowhere"], 66, "nowhere"),
        (["ablation", "stacked-strokes-2", "--data-dir", "."], 78, "built in"),
        (["ablation", "--losses", "r1,r1"], 64, "relativistic-r1-r2-lazy"),
        (["ablation", "--weight", "much"], 64, "--weight much"),
        (["compare", "--objectives", "hinge", "--objective", "hinge"], 64, "both say which"),
        (["gradients", "--data-dir", "nowhere", "--dataset", "mnist"], 66, "nowhere"),
        (["divergence", "0.5,0.5", "0.5,0.5", "--output", "broken.json"], 73, "broken.json"),
      ])
    func errors(arguments: [String], status: Int32, reason: String) throws {
      try Data("{".utf8).write(to: URL(filePath: scratch.path(of: "broken.json")))
      let result = try lab(arguments)
      #expect(result.status == status, "\(arguments): \(result.errors)")
      #expect(result.errors.hasPrefix("error: ") && result.errors.contains(reason))
      #expect(result.output.isEmpty)
    }
  }
}
