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
    #expect(lines.contains("batchSize = 50 --batch-size"))
    #expect(lines.contains("latentSize = 64 recipe tutorial"))
    #expect(lines.contains { $0.hasPrefix("threads = ") && $0.hasSuffix(" this machine") })
    #expect(lines.count == OptionKey.choices.count + OptionKey.all.count)
  }
}
