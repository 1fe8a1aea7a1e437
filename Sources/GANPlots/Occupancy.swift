/// The parts of a frame that are drawn on, so that words can stay off them.
struct Occupancy {
  /// Pixels to a cell: finer than any gap between words and lines.
  private static let cell = 2.0

  private let frame: Box
  private let columns: Int
  private let rows: Int
  private var isTaken: [Bool]

  init(_ frame: Box) {
    self.frame = frame
    columns = max(1, Int((frame.width / Self.cell).rounded(.up)))
    rows = max(1, Int((frame.height / Self.cell).rounded(.up)))
    isTaken = Array(repeating: false, count: columns * rows)
  }

  /// True where a box lies in the frame and nothing was drawn there.
  func isFree(_ box: Box) -> Bool {
    guard frame.contains(box), let (columns, rows) = cells(of: box) else { return false }
    return rows.allSatisfy { row in
      columns.allSatisfy { !isTaken[row * self.columns + $0] }
    }
  }

  /// Takes what an element covers.
  mutating func take(_ element: Scene.Element) {
    switch element {
    case .lines(let parts, let stroke):
      for part in parts { take(along: part, halfWidth: stroke.width / 2) }
    case .area(let polygon, _): take(inside: polygon)
    case .rectangle(let box, _), .image(_, let box, _): take(box)
    case .dots(let centres, let radius, _):
      for centre in centres { take(around: centre, radius) }
    case .text(let text): take(text.levelBox)
    }
  }

  /// Takes a box.
  mutating func take(_ box: Box) {
    guard let (columns, rows) = cells(of: box) else { return }
    for row in rows {
      for column in columns { isTaken[row * self.columns + column] = true }
    }
  }

  private mutating func take(around point: Point, _ radius: Double) {
    take(Box(minX: point.x, minY: point.y, maxX: point.x, maxY: point.y).grown(by: radius))
  }

  private mutating func take(along line: [Point], halfWidth: Double) {
    for (start, end) in zip(line, line.dropFirst()) {
      let longest = max(abs(end.x - start.x), abs(end.y - start.y))
      let steps = max(1, Int((longest / Self.cell).rounded(.up)))
      for step in 0...steps {
        let share = Double(step) / Double(steps)
        let x = start.x + (end.x - start.x) * share
        let y = start.y + (end.y - start.y) * share
        take(around: Point(x, y), halfWidth)
      }
    }
  }

  /// Row by row, between every other crossing of the outline.
  private mutating func take(inside polygon: [Point]) {
    guard var last = polygon.last else { return }
    var crossings: [[Double]] = Array(repeating: [], count: rows)
    for point in polygon {
      let (upper, lower) = last.y < point.y ? (last, point) : (point, last)
      for row in 0..<rows {
        let y = frame.minY + (Double(row) + 0.5) * Self.cell
        guard upper.y <= y, y < lower.y else { continue }
        crossings[row].append(
          upper.x + (lower.x - upper.x) * (y - upper.y) / (lower.y - upper.y))
      }
      last = point
    }
    for (row, places) in crossings.enumerated() {
      let y = frame.minY + (Double(row) + 0.5) * Self.cell
      let sorted = places.sorted()
      for pair in stride(from: 0, to: sorted.count - 1, by: 2) {
        take(Box(minX: sorted[pair], minY: y, maxX: sorted[pair + 1], maxY: y))
      }
    }
  }

  /// The cells that a box touches; nil where it misses the frame.
  private func cells(of box: Box) -> (columns: ClosedRange<Int>, rows: ClosedRange<Int>)? {
    func indices(_ low: Double, _ high: Double, _ count: Int) -> ClosedRange<Int>? {
      let first = max(0, Int((low / Self.cell).rounded(.down)))
      let last = min(count - 1, Int((high / Self.cell).rounded(.down)))
      return first <= last ? first...last : nil
    }
    guard
      let columns = indices(box.minX - frame.minX, box.maxX - frame.minX, columns),
      let rows = indices(box.minY - frame.minY, box.maxY - frame.minY, rows)
    else { return nil }
    return (columns, rows)
  }
}
