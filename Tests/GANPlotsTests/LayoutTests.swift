import Foundation
import Testing

@testable import GANPlots

@Suite("Layout")
struct LayoutTests {
  static let seeds: Range<UInt64> = 0..<60

  private func texts(_ scene: Scene) -> [Scene.Text] {
    scene.elements.compactMap { if case .text(let text) = $0 { text } else { nil } }
  }

  /// Whether two convex shapes share more than an edge: no line separates them.
  private func overlap(_ a: [Point], _ b: [Point]) -> Bool {
    for shape in [a, b] {
      for (start, end) in zip(shape, shape.dropFirst() + [shape[0]]) {
        let (nx, ny) = (end.y - start.y, start.x - end.x)
        func ends(_ shape: [Point]) -> (low: Double, high: Double) {
          let places = shape.map { $0.x * nx + $0.y * ny }
          return (places.min() ?? 0, places.max() ?? 0)
        }
        let (first, second) = (ends(a), ends(b))
        // A hair, so that shapes which touch do not count.
        if first.high <= second.low + 1e-6 || second.high <= first.low + 1e-6 { return false }
      }
    }
    return true
  }

  private func expectApart(_ scene: Scene, _ name: String) {
    let texts = texts(scene)
    for (index, text) in texts.enumerated() {
      for other in texts.dropFirst(index + 1) where overlap(text.corners, other.corners) {
        Issue.record("\(name): \"\(text.string)\" lies on \"\(other.string)\"")
      }
    }
  }

  private func expectInside(_ scene: Scene, _ name: String) {
    let paper = Box(minX: 0, minY: 0, maxX: scene.width, maxY: scene.height)
    for text in texts(scene) where !text.corners.allSatisfy(paper.contains) {
      Issue.record("\(name): \"\(text.string)\" leaves the paper at \(text.corners)")
    }
  }

  @Test func wordsNeverLieOnWordsNorLeaveThePaper() {
    for (name, figure) in Gallery.figures {
      let scene = figure.scene()
      expectApart(scene, name)
      expectInside(scene, name)
    }
    for seed in Self.seeds {
      let scene = RandomPlot.figure(seed: seed).scene()
      expectApart(scene, "seed \(seed)")
      expectInside(scene, "seed \(seed)")
    }
  }

  @Test func labelsOfRulesAndLegendsLieOnNoData() {
    var count = 0
    for (name, figure) in Gallery.figures where figure.plots.count == 1 {
      let plot = figure.plots[0]
      let names = Set(plot.layers.compactMap(Self.label))
      let panel = Panel(plot, in: Box(minX: 14, minY: 14, maxX: 600, maxY: 400))
      let elements = Panel.elements(
        of: plot, in: panel.box, headerHeight: 0, hasOwnLegend: true
      ).elements
      for case .text(let text) in elements
      where names.contains(text.string) && panel.frame.contains(text.levelBox) {
        count += 1
        for element in panel.data where touches(element, text.levelBox) {
          Issue.record("\(name): \"\(text.string)\" lies on data")
        }
      }
    }
    // A judge who saw nothing has judged nothing.
    #expect(count > 8)
  }

  private func touches(_ element: Scene.Element, _ box: Box) -> Bool {
    switch element {
    case .lines(let parts, _): parts.contains { !box.clipped(line: $0).isEmpty }
    case .area(let polygon, _): !box.clipped(polygon: polygon).isEmpty
    case .rectangle(let other, _), .image(_, let other, _): box.overlaps(other)
    case .dots(let centres, let radius, _): centres.contains(where: box.grown(by: radius).contains)
    case .text: false
    }
  }

  private static func label(_ layer: PlotLayer) -> String? {
    switch layer {
    case .line(let line): line.name
    case .rule(let rule): rule.label
    case .points(let points): points.name
    default: nil
    }
  }

  @Test func everythingDrawnIsFiniteAndOnThePaper() {
    for seed in Self.seeds {
      let scene = RandomPlot.figure(seed: seed).scene()
      let paper = Box(minX: 0, minY: 0, maxX: scene.width, maxY: scene.height).grown(by: 0.01)
      for element in scene.elements {
        let points: [Point] =
          switch element {
          case .lines(let parts, _): parts.flatMap { $0 }
          case .area(let polygon, _): polygon
          case .rectangle(let box, _), .image(_, let box, _): box.corners
          case .dots(let centres, _, _): centres
          case .text(let text): [text.origin]
          }
        // A comparison with NaN is false.
        #expect(points.allSatisfy(paper.contains), "seed \(seed): \(element)")
      }
    }
  }

  @Test func equalUnitsAreEqual() {
    let plot = Gallery.ring(pointCount: 40)
    for (width, height) in [(700.0, 300.0), (300, 700)] {
      let panel = Panel(plot, in: Box(minX: 0, minY: 0, maxX: width, maxY: height))
      // The frame is moved onto whole pixels, at most one off.
      #expect(abs(panel.frame.width - panel.frame.height) <= 1)
    }
  }

  @Test func notNumbersLeaveGaps() throws {
    let plot = Plot(
      layers: [
        .line(Line(x: [0, 1, 2, 3, 4, 5], y: [0, 1, .nan, 2, .infinity, 3], dash: .solid)),
        .points(Points(x: [0, .nan, 2], y: [0, 1, -.infinity])),
      ])
    let data = Panel(plot, in: Box(minX: 0, minY: 0, maxX: 400, maxY: 300)).data
    guard case .lines(let parts, _) = data[0], case .dots(let marks, _, _) = data[1],
      case .dots(let points, _, _) = data[2]
    else {
      Issue.record("a curve, its marks and points; got \(data)")
      return
    }
    #expect(parts.map(\.count) == [2])
    #expect(marks.count == 4)
    #expect(points.count == 1)
  }

  @Test func reductionKeepsWhatEachColumnOfPixelsShows() {
    let curve = (0..<20_000).map { Point(Double($0) / 100, sin(Double($0) * 12.9898) * 100) }
    let reduced = CurveReduction.reduced(curve)
    #expect(reduced.count <= 4 * 201)
    for column in 0..<200 {
      let inside = { (point: Point) in Int(point.x) == column }
      let (all, kept) = (curve.filter(inside).map(\.y), reduced.filter(inside).map(\.y))
      #expect(all.first == kept.first && all.last == kept.last)
      #expect(all.min() == kept.min() && all.max() == kept.max())
    }
  }
}
