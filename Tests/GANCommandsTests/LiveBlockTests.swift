import Foundation
import GANCommands
import GANTestSupport
import GANTraining
import Testing

/// The line after a step of a run of 200 epochs of 1,000 steps.
private func line(
  step: Int, loss: Float = 1.25, stepsPerSecond: Double? = 100,
  palette: HalfBlocks.Palette = .indexed
) -> ProgressLine {
  var losses = StepReport()
  losses.discriminatorLoss = loss
  losses.generatorLoss = 2.5
  losses.realScore = 0.75
  losses.fakeScore = 0.25
  return ProgressLine(
    RunPosition(step: step, stepsPerEpoch: 1_000, totalSteps: 200_000), losses,
    stepsPerSecond: stepsPerSecond, palette: palette)
}

@Suite("The block at the bottom of a terminal")
struct LiveBlockTests {
  /// A block and the terminal it is drawn on, which puts a carriage return before a line feed.
  private struct Stage {
    var block = LiveBlock()
    var screen: Screen
    var size: Terminal.Size { Terminal.Size(columns: screen.columns, rows: screen.rows) }

    init(columns: Int, rows: Int) { screen = Screen(columns: columns, rows: rows) }

    mutating func apply(_ change: (inout LiveBlock, Terminal.Size) -> String) {
      screen.write(change(&block, size).replacing("\n", with: "\r\n"))
    }

    mutating func say(_ line: String) { apply { $0.say(line, on: $1) } }
    mutating func show(step: Int) {
      apply { $0.show(line(step: step), on: $1) }
    }
    mutating func show(picture: [String]) { apply { $0.show(picture: picture, on: $1) } }
  }

  @Test(
    "Whatever is said and drawn in any order, the screen shows every line, then the last block",
    arguments: [(80, 24), (200, 50), (80, 6), (30, 10)], 0..<8 as Range<UInt64>)
  func order(terminal: (columns: Int, rows: Int), seed: UInt64) {
    var stage = Stage(columns: terminal.columns, rows: terminal.rows)
    var random = SplitMix(seed: seed)
    var said: [String] = []
    var (picture, step): ([String], Int?) = ([], nil)
    for number in 1...60 {
      switch random.next() % 4 as UInt64 {
      case 0:
        said.append("line \(number)")
        stage.say("line \(number)")
      case 1:
        picture = (0..<Int(random.next() % 3 as UInt64) + 1).map { "picture \(number), row \($0)" }
        stage.show(picture: picture.map { "\u{1B}[48;5;240m\($0)\u{1B}[0m" })
      default:
        step = number
        stage.show(step: number)
      }
      let progress = step.map {
        line(step: $0, palette: .shades).text(columns: terminal.columns)
      }
      let expected = said + (progress.map { picture + [$0] } ?? [""])
      #expect(stage.screen.text == expected, "seed \(seed), change \(number)")
      #expect(stage.screen.isClean, "\(stage.screen.surprises)")
    }
    stage.apply { block, _ in block.leave() }
    #expect(stage.screen.text == said + (step == nil ? [] : picture) + [""])
    #expect(stage.screen.isClean && !stage.screen.didWrap)
  }

  @Test("A picture higher than what a terminal has left is not drawn")
  func highPicture() {
    var stage = Stage(columns: 40, rows: 5)
    stage.show(step: 1)
    stage.show(picture: ["1", "2", "3", "4"])
    #expect(stage.screen.text.count == 1)
    stage.show(picture: ["1", "2", "3"])
    #expect(stage.screen.text.count == 4)
  }

  @Test("On a narrower terminal only the line of progress is erased: the rest has moved")
  func narrower() {
    var block = LiveBlock()
    let line = line(step: 1)
    _ = block.show(line, on: Terminal.Size(columns: 80, rows: 24))
    _ = block.show(picture: ["one", "two"], on: Terminal.Size(columns: 80, rows: 24))
    let text = block.show(line, on: Terminal.Size(columns: 60, rows: 24))
    #expect(text == "\r\u{1B}[0m\u{1B}[J" + line.text(columns: 60) + "\r")
    // A wider one moves nothing.
    let wider = block.show(line, on: Terminal.Size(columns: 90, rows: 24))
    #expect(wider == "\r" + line.text(columns: 90) + "\u{1B}[K\r")
  }

  @Test("What somebody else wrote is not erased")
  func forgotten() {
    var stage = Stage(columns: 60, rows: 10)
    stage.show(picture: ["picture"])
    stage.show(step: 1)
    stage.block.forget()
    stage.screen.write("\r\n$ fg\r\n")
    stage.show(step: 2)
    #expect(stage.screen.text[2...3] == ["$ fg", "picture"])
  }
}

@Suite("The line of progress")
struct ProgressLineTests {
  @Test(
    "says as much as fits",
    arguments: [
      (
        200,
        String(repeating: "━", count: 20) + "\u{1B}[2m" + String(repeating: "─", count: 20)
          + "\u{1B}[0m  Epoch [99/200]  step 100000/200000  100 steps/s  d_loss 1.2500  "
          + "g_loss 2.5000  D(x) 0.75  D(G(z)) 0.25  16 min 40 s left"
      ),
      (
        130,
        "Epoch [99/200]  step 100000/200000  100 steps/s  d_loss 1.2500  "
          + "g_loss 2.5000  D(x) 0.75  D(G(z)) 0.25  16 min 40 s left"
      ),
      (
        90, "step 100000/200000  100/s  d 1.2500  g 2.5000  D(x) 0.75  D(G(z)) 0.25  16:40 left"
      ),
      (80, "step 100000/200000  100/s  d 1.25  g 2.50  D(x) 0.75  D(G(z)) 0.25  16:40 left"),
      (78, "step 100000/200000  d 1.25 g 2.50 D(x) 0.75 D(G(z)) 0.25  16:40 left"),
      (68, "d 1.25 g 2.50 D(x) 0.75 D(G(z)) 0.25  16:40 left"),
      (50, "d 1.25 g 2.50 D(x) 0.75 D(G(z)) 0.25  16:40 left"),
      (48, "step 100000/200000  100/s  16:40 left"), (31, "step 100000/200000  16:40 left"),
      (11, "step 10000"), (1, ""), (0, ""),
    ])
  func widths(columns: Int, text: String) {
    #expect(line(step: 100_000).text(columns: columns) == text)
  }

  @Test("says hours, rates of less than ten, what is not a number and what nobody knows")
  func rates() {
    let slow = line(step: 100_000, loss: .nan, stepsPerSecond: 0.5)
    #expect(
      slow.text(columns: 90)
        == "step 100000/200000  0.50/s  d nan  g 2.5000  D(x) 0.75  D(G(z)) 0.25  55:33:20 left")
    #expect(line(step: 1, stepsPerSecond: nil).text(columns: 40) == "step 1/200000  ?/s  ?:?? left")
  }

  @Test("A rate follows what is now, and forgets what was")
  func rate() throws {
    var rate = StepRate()
    #expect(rate.stepsPerSecond == nil)
    rate.note(500, at: 3)
    #expect(rate.stepsPerSecond == nil)
    for tick in 1...300 { rate.note(500 + 10 * tick, at: 3 + 0.1 * Double(tick)) }
    let steady = try #require(rate.stepsPerSecond)
    #expect(abs(steady - 100) < 1e-6)
    // After 60 s, four times the memory, e⁻⁴ of the past is left: under 2 % of the difference.
    for tick in 1...600 { rate.note(3_500 + 5 * tick, at: 33 + 0.1 * Double(tick)) }
    let changed = try #require(rate.stepsPerSecond)
    #expect((50..<51).contains(changed))
  }
}

@Suite("What a terminal can show")
struct TerminalTests {
  @Test(
    arguments: [
      (["TERM": "xterm-256color", "COLORTERM": "truecolor"], .direct),
      (["TERM": "xterm-256color"], .indexed), (["TERM": "xterm"], .indexed),
      (["TERM": "tmux-256color", "COLORTERM": "24bit"], .direct), (["TERM": "linux"], .shades),
      (["TERM": "vt100"], .shades), (["TERM": "dumb", "COLORTERM": "truecolor"], .shades),
      ([:], .shades), (["TERM": "xterm", "NO_COLOR": "1", "COLORTERM": "truecolor"], .shades),
      (["TERM": "xterm", "NO_COLOR": ""], .indexed),
      (["TERM": "xterm", "NO_COLOR": "1", "CLICOLOR_FORCE": "1"], .shades),
      (["TERM": "xterm", "LANG": "de_DE.UTF-8"], .indexed),
      (["TERM": "xterm", "LANG": "C"], .indexed),
      (["TERM": "xterm", "LANG": "de_DE.ISO-8859-1"], .ascii),
      (["TERM": "xterm", "LANG": "de_DE.ISO-8859-1", "LC_ALL": "C.UTF-8"], .indexed),
    ] as [([String: String], HalfBlocks.Palette)])
  func paletteOnATerminal(environment: [String: String], palette: HalfBlocks.Palette) {
    #expect(Terminal(2, isTerminal: true, environment: environment).palette == palette)
  }

  @Test(
    arguments: [
      ([:], .shades), (["TERM": "xterm", "COLORTERM": "truecolor"], .shades),
      (["TERM": "xterm", "CLICOLOR_FORCE": "1"], .indexed),
      (["COLORTERM": "truecolor", "CLICOLOR_FORCE": "1"], .direct),
      (["TERM": "xterm", "CLICOLOR_FORCE": "0"], .shades),
    ] as [([String: String], HalfBlocks.Palette)])
  func paletteInAFile(environment: [String: String], palette: HalfBlocks.Palette) {
    let file = Terminal(1, isTerminal: false, environment: environment)
    #expect(file.palette == palette)
    #expect(!file.canRedraw)
  }

  @Test("Only a terminal with a name that is not dumb is drawn over")
  func redraw() {
    for (name, expected) in [("xterm", true), ("dumb", false), ("", false)] {
      #expect(Terminal(2, isTerminal: true, environment: ["TERM": name]).canRedraw == expected)
    }
  }

  @Test(
    "What is no terminal is as wide as COLUMNS says, else 80",
    arguments: [("120", 120), ("x", 80), ("0", 80)])
  func size(columns: String, expected: Int) {
    let file = Terminal(1, isTerminal: false, environment: ["COLUMNS": columns])
    #expect(file.size == Terminal.Size(columns: expected, rows: 24))
  }
}
