import Foundation
import Testing

@testable import GANPlots

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite("SVG")
struct SVGTests {
  @Test func aSmallSceneReadsAsWritten() {
    var scene = Scene(width: 40, height: 30.5, title: "A & B", description: "x < y")
    scene.elements = [
      .rectangle(Box(minX: 0, minY: 0, maxX: 40, maxY: 30.5), Scene.Fill(ink: .background)),
      .lines(
        [
          [Point(1, 2), Point(3.25, 1), Point(3.251, 1), Point(2, 10)],
          [Point(0, 0), Point(0.5, 0)],
        ],
        Scene.Stroke(ink: .series(1), width: 2, dash: .dashed)),
      .area(
        [Point(1, 1), Point(9, 1), Point(9, -0.05)], Scene.Fill(ink: .series(0), opacity: 0.2)),
      .dots([Point(5, 5), Point(4.5, 6)], radius: 1.5, Scene.Fill(ink: .series(1), opacity: 0.5)),
      .text(
        Scene.Text(
          string: "1 > \"0\"", origin: Point(20, 15), size: 11, anchor: .end, isBold: true,
          degrees: -90)),
    ]
    #expect(
      SVGWriter.text(of: scene) == """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 30.5" width="40" height="30.5" \
        role="img" font-family="'DejaVu Sans',Verdana,Helvetica,Arial,sans-serif">
        <title>A &amp; B</title>
        <desc>x &lt; y</desc>
        <style>@media (prefers-color-scheme:dark){.f0{fill:#4d8eff}.fb{fill:#14171c}\
        .ft{fill:#e8eaed}.s1{stroke:#ff6827}}</style>
        <rect x="0" y="0" width="40" height="30.5" class="fb" fill="#ffffff"/>
        <path fill="none" class="s1" stroke="#f25a0f" stroke-width="2" stroke-dasharray="10 5" \
        stroke-linejoin="round" d="M1 2l2.25-1-1.25 9M0 0l.5 0"/>
        <path class="f0" fill="#0b4285" fill-opacity=".2" d="M1 1l8 0 0-1.05z"/>
        <path class="s1" stroke="#f25a0f" stroke-opacity=".5" stroke-width="3" \
        stroke-linecap="round" d="M5 5h0m-.5 1h0"/>
        <text x="20" y="15" font-size="11" text-anchor="end" font-weight="bold" \
        transform="rotate(-90 20 15)" class="ft" fill="#1b1f24">1 &gt; &quot;0&quot;</text>
        </svg>

        """)
  }

  @Test func everyFigureIsWellFormedAndSaysItsWords() throws {
    let figures =
      Gallery.figures.map(\.figure) + LayoutTests.seeds.map { RandomPlot.figure(seed: $0) }
    for (index, figure) in figures.enumerated() {
      let scene = figure.scene()
      let document = try Document(SVGWriter.text(of: scene))
      let words = scene.elements.compactMap { element in
        if case .text(let text) = element { text.string } else { nil }
      }
      // XML cannot hold the control character among the random words.
      #expect(
        document.texts == words.map { $0.replacingOccurrences(of: "\u{1}", with: "\u{fffd}") },
        "figure \(index)")
      for used in document.classes {
        #expect(document.style.contains(".\(used){"), "figure \(index): no dark form of \(used)")
      }
    }
  }

  @Test func theSameFigureGivesTheSameBytes() {
    for (name, figure) in Gallery.figures { #expect(figure.svg() == figure.svg(), "\(name)") }
  }

  @Test func tenThousandPointsStaySmall() {
    // Of half pixels in a frame of this size no 10,000 random points share more than a few.
    #expect(Figure(Gallery.cloud, width: 600, height: 460).svg().utf8.count < 110_000)
  }

  @Test func longCurvesStaySmall() {
    let x = (0..<50_000).map(Double.init)
    let curve = Line("loss", x: x, y: x.map { sin($0 * 12.9898) })
    let svg = Figure(Plot(layers: [.line(curve)])).svg()
    // Four points for each of 700 columns of pixels, each of at most twelve letters.
    #expect(svg.utf8.count < 4 * 700 * 12 + 5000)
  }

  @Test(arguments: [
    (0, "0"), (5, ".05"), (50, ".5"), (100, "1"), (101, "1.01"), (110, "1.1"), (-5, "-.05"),
    (-12_340, "-123.4"),
  ])
  func numbersAreShort(hundredths: Int, text: String) {
    #expect(SVGPath.number(hundredths: hundredths) == text)
  }
}

/// What a parser reads in an SVG.
private final class Document: NSObject, XMLParserDelegate {
  private(set) var texts: [String] = []
  private(set) var classes: Set<String> = []
  private(set) var style = ""
  private var open: [String] = []

  init(_ svg: String) throws {
    super.init()
    let parser = XMLParser(data: Data(svg.utf8))
    parser.delegate = self
    let isWellFormed = parser.parse()
    try #require(
      isWellFormed, "line \(parser.lineNumber): \(String(describing: parser.parserError))")
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
    qualifiedName: String?, attributes: [String: String]
  ) {
    open.append(name)
    if name == "text" { texts.append("") }
    if let used = attributes["class"] { classes.insert(used) }
  }

  func parser(_ parser: XMLParser, foundCharacters characters: String) {
    if open.last == "text" { texts[texts.count - 1] += characters }
    if open.last == "style" { style += characters }
  }

  func parser(
    _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
  ) {
    open.removeLast()
  }
}
