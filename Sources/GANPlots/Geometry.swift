import Foundation

/// A place in a scene: pixels from its left and from its top.
package struct Point: Hashable, Sendable {
  /// Pixels from the left.
  package var x: Double
  /// Pixels from the top.
  package var y: Double

  /// Wraps two coordinates.
  package init(_ x: Double, _ y: Double) {
    self.x = x
    self.y = y
  }

  /// The length of the line between two points.
  ///
  /// Pixels need no `hypot`, whose newest version would bind a program to a glibc of its year.
  func distance(to other: Point) -> Double {
    ((x - other.x) * (x - other.x) + (y - other.y) * (y - other.y)).squareRoot()
  }
}

/// An upright rectangle of a scene, in pixels.
package struct Box: Hashable, Sendable {
  /// The left edge.
  package var minX: Double
  /// The upper edge.
  package var minY: Double
  /// The right edge.
  package var maxX: Double
  /// The lower edge.
  package var maxY: Double

  /// From the left edge to the right.
  package var width: Double { maxX - minX }
  /// From the upper edge to the lower.
  package var height: Double { maxY - minY }
  /// The middle from left to right.
  package var midX: Double { (minX + maxX) / 2 }
  /// The middle from top to bottom.
  package var midY: Double { (minY + maxY) / 2 }
  /// The corners, clockwise from the upper left.
  package var corners: [Point] {
    [Point(minX, minY), Point(maxX, minY), Point(maxX, maxY), Point(minX, maxY)]
  }

  /// Wraps four edges.
  package init(minX: Double, minY: Double, maxX: Double, maxY: Double) {
    self.minX = minX
    self.minY = minY
    self.maxX = maxX
    self.maxY = maxY
  }

  /// The same box, larger by `margin` on every side.
  package func grown(by margin: Double) -> Box {
    Box(minX: minX - margin, minY: minY - margin, maxX: maxX + margin, maxY: maxY + margin)
  }

  /// True where both share more than an edge.
  package func overlaps(_ other: Box) -> Bool {
    minX < other.maxX && other.minX < maxX && minY < other.maxY && other.minY < maxY
  }

  /// True where the point is inside or on an edge.
  package func contains(_ point: Point) -> Bool {
    (minX...maxX).contains(point.x) && (minY...maxY).contains(point.y)
  }

  /// True where all of `other` is inside.
  package func contains(_ other: Box) -> Bool {
    contains(Point(other.minX, other.minY)) && contains(Point(other.maxX, other.maxY))
  }

  /// The common part of both; nil where there is none.
  package func intersection(_ other: Box) -> Box? {
    guard overlaps(other) else { return nil }
    return Box(
      minX: max(minX, other.minX), minY: max(minY, other.minY),
      maxX: min(maxX, other.maxX), maxY: min(maxY, other.maxY))
  }
}

extension Box {
  /// The parts of an open line that lie inside.
  ///
  /// - Source: Liang, Barsky, "A New Concept and Method for Line Clipping", 1984.
  func clipped(line: [Point]) -> [[Point]] {
    var parts: [[Point]] = []
    var part: [Point] = []
    for (start, end) in zip(line, line.dropFirst()) {
      guard let (from, to) = clipped(start, end) else { continue }
      if part.last != from {
        if part.count > 1 { parts.append(part) }
        part = [from]
      }
      part.append(to)
    }
    if part.count > 1 { parts.append(part) }
    return parts
  }

  private func clipped(_ start: Point, _ end: Point) -> (Point, Point)? {
    let (dx, dy) = (end.x - start.x, end.y - start.y)
    var (from, to) = (0.0, 1.0)
    let edges = [
      (-dx, start.x - minX), (dx, maxX - start.x), (-dy, start.y - minY), (dy, maxY - start.y),
    ]
    for (slope, room) in edges {
      if slope == 0 {
        if room < 0 { return nil }
      } else if slope < 0 {
        from = max(from, room / slope)
      } else {
        to = min(to, room / slope)
      }
    }
    guard from <= to else { return nil }
    // Ends that were inside stay what they were, so that neighbouring parts join exactly.
    return (
      from == 0 ? start : Point(start.x + from * dx, start.y + from * dy),
      to == 1 ? end : Point(start.x + to * dx, start.y + to * dy)
    )
  }

  /// The part of a filled polygon that lies inside; empty where that is nothing.
  ///
  /// - Source: Sutherland, Hodgman, "Reentrant Polygon Clipping", 1974.
  func clipped(polygon: [Point]) -> [Point] {
    let sides: [(inside: (Point) -> Bool, crossing: (Point, Point) -> Point)] = [
      ({ $0.x >= minX }, { Self.crossing($0, $1, x: minX) }),
      ({ $0.x <= maxX }, { Self.crossing($0, $1, x: maxX) }),
      ({ $0.y >= minY }, { Self.crossing($0, $1, y: minY) }),
      ({ $0.y <= maxY }, { Self.crossing($0, $1, y: maxY) }),
    ]
    return sides.reduce(polygon) { polygon, side in
      guard var last = polygon.last else { return [] }
      var kept: [Point] = []
      for point in polygon {
        if side.inside(point) != side.inside(last) { kept.append(side.crossing(last, point)) }
        if side.inside(point) { kept.append(point) }
        last = point
      }
      return kept
    }
  }

  private static func crossing(_ a: Point, _ b: Point, x: Double) -> Point {
    Point(x, a.y + (b.y - a.y) * (x - a.x) / (b.x - a.x))
  }

  private static func crossing(_ a: Point, _ b: Point, y: Double) -> Point {
    Point(a.x + (b.x - a.x) * (y - a.y) / (b.y - a.y), y)
  }
}
