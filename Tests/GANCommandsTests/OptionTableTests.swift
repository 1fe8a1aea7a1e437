import Foundation
import GANRuntime
import GANTestSupport
import GANTraining
import Testing

@testable import GANCommands

@Suite("The table of options")
struct OptionTableTests {
  @Test("The table says where each value comes from")
  func origins() throws {
    let settings = try OptionSettings([OptionAssignment("batchSize", "50", .flag("--batch-size"))])
    let lines = settings.table.split(separator: "\n").map { line in
      line.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
    #expect(lines.contains("batchSize: 50 # --batch-size"))
    #expect(lines.contains("latentSize: 64 # recipe tutorial"))
    #expect(
      lines.contains {
        $0.hasPrefix("threads: ") && $0.hasSuffix(" # this machine, \(DefaultThreads.ofProcess)")
      })
    #expect(lines.count == OptionKey.choices.count + OptionKey.all.count)
  }

  @Test("The table is a configuration file that comes to the same values, whatever is in them")
  func roundTrip() throws {
    let scratch = try SmallMNIST()
    let path = scratch.path(of: "saved.yaml")
    for texts in [
      [], ["dataDir=/a b/강아지: #1 \"\\'\t[x]", "imageSize=1x32x32", "steps=7"],
      ["dataDir=- no", "runsDir=~/runs", "dataMirror=https://example.org/a?b=c&d"],
      ["recipe=wgan-gp", "optimizer.generator.learningRate=2e-4 to 5e-5 over 2000000 cosine"],
      ["augmentation=[color,translation]", "generator.hidden=[]"],
      ["objective=wasserstein", "wasserstein.clip=0.02"],
    ] {
      let settings = try OptionSettings(texts.map { try OptionAssignment(assignment: $0) })
      try Data(settings.table.utf8).write(to: URL(filePath: path))
      let again = try OptionSettings(ConfigurationFile(contentsOf: path).assignments)
      #expect(again.options == settings.options && again.choices == settings.choices, "\(texts)")
    }
  }
}
