/// Points sorted so that the nearest to any place are found without looking at all of them.
///
/// A k-d tree without nodes: the middle of every range of points splits it, along the axis over
/// which the range is longer.
///
/// - Source: Bentley, "Multidimensional Binary Search Trees Used for Associative Searching", 1975.
struct NeighbourTree: Sendable {
  private var points: [SIMD2<Double>]
  /// For the middle of each range that is split, the axis it is split along.
  private var axes: [UInt8]

  /// Ranges up to this length are searched from end to end.
  private static let leafCount = 8

  /// Sorts points.
  ///
  /// - Complexity: O(n log^2 n).
  init(_ points: [SIMD2<Double>]) {
    self.points = points
    axes = [UInt8](repeating: 0, count: points.count)
    split(0..<points.count)
  }

  /// The squared distance from each place to the `rank`-th nearest of the points, from 1.
  ///
  /// A point of the tree is its own nearest. `rank` is at most the number of points.
  func squaredDistances(toNeighbour rank: Int, of places: [SIMD2<Double>]) -> [Double] {
    var nearest = [Double](repeating: .infinity, count: rank)
    return places.map { place in
      for slot in nearest.indices { nearest[slot] = .infinity }
      search(0..<points.count, place, &nearest)
      return nearest[rank - 1]
    }
  }

  private mutating func split(_ range: Range<Int>) {
    guard range.count > Self.leafCount else { return }
    // Bounds in a loop: a slice would share the points, and sorting would copy them all.
    var (lower, upper) = (points[range.lowerBound], points[range.lowerBound])
    for index in range {
      lower = pointwiseMin(lower, points[index])
      upper = pointwiseMax(upper, points[index])
    }
    let isTall = upper.y - lower.y > upper.x - lower.x
    if isTall {
      points[range].sort { $0.y < $1.y }
    } else {
      points[range].sort { $0.x < $1.x }
    }
    let middle = Self.middle(of: range)
    axes[middle] = isTall ? 1 : 0
    split(range.lowerBound..<middle)
    split(middle + 1..<range.upperBound)
  }

  private func search(
    _ range: Range<Int>, _ place: SIMD2<Double>, _ nearest: inout [Double]
  ) {
    guard range.count > Self.leafCount else {
      for index in range { offer(index, place, &nearest) }
      return
    }
    let middle = Self.middle(of: range)
    let offset =
      axes[middle] == 0 ? place.x - points[middle].x : place.y - points[middle].y
    let below = range.lowerBound..<middle
    let above = middle + 1..<range.upperBound
    search(offset < 0 ? below : above, place, &nearest)
    offer(middle, place, &nearest)
    if offset * offset < nearest[nearest.count - 1] {
      search(offset < 0 ? above : below, place, &nearest)
    }
  }

  /// Keeps the squared distances found so far, ascending.
  private func offer(_ index: Int, _ place: SIMD2<Double>, _ nearest: inout [Double]) {
    let dx = points[index].x - place.x
    let dy = points[index].y - place.y
    let distance = dx * dx + dy * dy
    var slot = nearest.count - 1
    guard distance < nearest[slot] else { return }
    while slot > 0, nearest[slot - 1] > distance {
      nearest[slot] = nearest[slot - 1]
      slot -= 1
    }
    nearest[slot] = distance
  }

  private static func middle(of range: Range<Int>) -> Int {
    (range.lowerBound + range.upperBound) / 2
  }
}
