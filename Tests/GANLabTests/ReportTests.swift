import Foundation
import GANPlots
import Testing

@testable import GANLab

@Suite("Reports say numbers as they are")
struct ReportTests {
  @Test("A spread's mean and standard error are those of the textbook")
  func spread() throws {
    let spread = Spread([1, 2, 3, 6])
    #expect(spread.mean == 3)
    // Squares 4 + 1 + 0 + 9 over 3, over 4.
    #expect(try #require(spread.standardError) == (14.0 / 12).squareRoot())
    #expect(spread.range == 1...6)
    #expect(Spread([5]).standardError == nil)
    #expect(Spread([5]).words(1) == "5.0")
  }

  @Test("What is not finite is null in JSON and a word in text")
  func notFinite() throws {
    let json = try JSONEncoder().encode([Finite(1.5), Finite(.infinity), Finite(.nan)])
    #expect(String(decoding: json, as: UTF8.self) == "[1.5,null,null]")
    #expect(fixed(.infinity, 2) == "infinity")
    #expect(fixed(-.infinity, 2) == "-infinity")
    #expect(significant(.nan) == "none")
    #expect(significant(0.00012345) == "0.000123")
  }

  @Test("A cell of a table cannot end it")
  func table() {
    var table = MarkdownTable("|a|", "b")
    table.add("x|y", "z")
    #expect(table.text == "| \\|a\\| | b |\n| --- | --- |\n| x\\|y | z |")
  }

  @Test("Runs that end early do not stop the mean of the others")
  func runs() {
    let line = Line("n", runs: [[(0, 1), (5, 3)], [(0, 3), (5, nil)], [(0, 5)]])
    #expect(line.x == [0, 5])
    #expect(line.y == [3, 3])
    #expect(line.band == Line.Band(lower: [1, 3], upper: [5, 3]))
  }

  @Test("Folders get the next free number")
  func folders() throws {
    let folder = NSTemporaryDirectory() + "/gan-lab-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    #expect(try LabFolder(numberedIn: folder, for: "optimum").path == "\(folder)/00000-optimum")
    #expect(try LabFolder(numberedIn: folder, for: "modes").path == "\(folder)/00001-modes")
  }
}
