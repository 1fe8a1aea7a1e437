import GANTensor

/// Cells over the line or the plane, as fine as an integrand needs them, each with a Gauss rule.
///
/// Cells begin between the densities' cuts, are halved until they resolve every part of them, and
/// then wherever halving still changes an integral. Four integrands are followed at once.
struct AdaptiveQuadrature {
  /// The integrals, after the last refinement.
  private(set) var integrals: SIMD4<Double>
  /// The change of the last halving of every cell, without signs: far above the true error.
  private(set) var errors: SIMD4<Double>
  /// Intervals or rectangles that do not overlap.
  private(set) var cells: [Cell]

  private let dimension: Int
  private let rule = GaussLegendre(count: 8)

  /// A box; over the line only the first coordinates count.
  struct Cell {
    var lower: SIMD2<Double>
    var upper: SIMD2<Double>
  }

  /// Refines until halving changes no integral by more than `tolerance`, relative to the integral
  /// where that is above 1, or until there are `cellLimit` cells; `errors` tells.
  init(
    over densities: [any Density], tolerance: Double, cellLimit: Int = 100_000,
    integrand: (SIMD2<Double>) -> SIMD4<Double>
  ) {
    dimension = densities[0].dimension
    cells = []
    integrals = .zero
    errors = .zero
    var pending = Self.firstCells(of: densities, dimension: dimension)
      .map { (cell: $0, values: integral(over: $0, of: integrand)) }
    var pendingErrors = SIMD4<Double>.zero
    while !pending.isEmpty, cells.count + pending.count < cellLimit {
      let total = pending.reduce(integrals) { $0 + $1.values }
      // Every cell gets the same share of what all may be wrong by.
      let allowed =
        pointwiseMax(total, -total).clamped(lowerBound: .one, upperBound: .huge)
        * (tolerance / Double(cells.count + pending.count))
      var unsettled: [(cell: Cell, values: SIMD4<Double>)] = []
      pendingErrors = .zero
      for (cell, values) in pending {
        let parts = halves(of: cell).map { (cell: $0, values: integral(over: $0, of: integrand)) }
        let sum = parts.reduce(SIMD4<Double>.zero) { $0 + $1.values }
        let difference = pointwiseMax(sum - values, values - sum)
        if any(difference .> allowed) {
          unsettled += parts
          pendingErrors += difference
        } else {
          cells += parts.map(\.cell)
          integrals += sum
          errors += difference
        }
      }
      pending = unsettled
    }
    cells += pending.map(\.cell)
    integrals = pending.reduce(integrals) { $0 + $1.values }
    if !pending.isEmpty { errors += pendingErrors }
  }

  /// Visits every point of a cell's rule with its weight.
  func visit(_ cell: Cell, _ body: (_ point: SIMD2<Double>, _ weight: Double) -> Void) {
    let halfX = (cell.upper.x - cell.lower.x) / 2
    let middleX = (cell.upper.x + cell.lower.x) / 2
    let halfY = dimension == 1 ? 0 : (cell.upper.y - cell.lower.y) / 2
    let middleY = dimension == 1 ? 0 : (cell.upper.y + cell.lower.y) / 2
    for (i, x) in rule.points.enumerated() {
      let weight = rule.weights[i] * halfX
      if dimension == 1 {
        body(SIMD2(middleX + halfX * x, 0), weight)
        continue
      }
      for (j, y) in rule.points.enumerated() {
        body(
          SIMD2(middleX + halfX * x, middleY + halfY * y), weight * rule.weights[j] * halfY)
      }
    }
  }

  private func integral(
    over cell: Cell, of integrand: (SIMD2<Double>) -> SIMD4<Double>
  ) -> SIMD4<Double> {
    var sum = SIMD4<Double>.zero
    visit(cell) { point, weight in sum += weight * integrand(point) }
    return sum
  }

  private func halves(of cell: Cell) -> [Cell] {
    (0..<dimension).reduce([cell]) { parts, axis in
      parts.flatMap { Self.halves(of: $0, along: axis) }
    }
  }

  private static func halves(of cell: Cell, along axis: Int) -> [Cell] {
    let middle = (cell.lower[axis] + cell.upper[axis]) / 2
    var (first, second) = (cell, cell)
    first.upper[axis] = middle
    second.lower[axis] = middle
    return [first, second]
  }

  /// The boxes between all densities' cuts, halved to their resolution.
  private static func firstCells(of densities: [any Density], dimension: Int) -> [Cell] {
    let edges = (0..<dimension).map { axis in
      Set(densities.flatMap { $0.cuts[axis] }).sorted()
    }
    var pending = [Cell(lower: .zero, upper: .zero)]
    for (axis, edges) in edges.enumerated() {
      pending = pending.flatMap { cell in
        zip(edges, edges.dropFirst()).map { lower, upper in
          var part = cell
          part.lower[axis] = lower
          part.upper[axis] = upper
          return part
        }
      }
    }
    var cells: [Cell] = []
    while let cell = pending.popLast() {
      let resolution = densities.reduce(SIMD2(repeating: Double.infinity)) {
        pointwiseMin($0, $1.resolution(from: cell.lower, to: cell.upper))
      }
      let excess = (cell.upper - cell.lower) / resolution
      let longest = dimension == 2 && excess.y > excess.x ? 1 : 0
      if excess[longest] > 1 {
        pending += halves(of: cell, along: longest)
      } else {
        cells.append(cell)
      }
    }
    return cells
  }
}

extension SIMD4<Double> {
  fileprivate static let huge = SIMD4(repeating: Double.greatestFiniteMagnitude)
}
