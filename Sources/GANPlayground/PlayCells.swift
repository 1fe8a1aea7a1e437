import Foundation
import GANData
import GANTensor

/// The drawn square in equal cells, and one more for everything outside it.
struct PlayCells: Sendable {
  let view: PlayView
  /// Cells along a side; even.
  let side: Int

  /// The middles of the cells, row by row from below.
  var middles: [SIMD2<Double>] {
    (0..<side * side).map { cell in
      let (row, column) = cell.quotientAndRemainder(dividingBy: side)
      return view.centre + 2 * view.half * (SIMD2(Double(column), Double(row)) + 0.5) / Double(side)
        - view.half
    }
  }

  /// Each cell's mass, row by row from below, then the mass outside.
  func masses(of mixture: Mixture) -> [Double] {
    let (lower, width) = (view.centre - view.half, 2 * view.half / Double(side))
    var masses = (0..<side * side).map { cell in
      let (row, column) = cell.quotientAndRemainder(dividingBy: side)
      let corner = lower + width * SIMD2(Double(column), Double(row))
      return mixture.probability(from: corner, to: corner + width)
    }
    masses.append(max(0, 1 - masses.reduce(0, +)))
    return masses
  }

  /// The points in each cell, then those outside.
  func counts(of points: [SIMD2<Double>]) -> [Double] {
    var counts = [Double](repeating: 0, count: side * side + 1)
    for point in points {
      let place = (point - view.centre + view.half) / (2 * view.half) * Double(side)
      let isInside =
        place.x >= 0 && place.y >= 0 && place.x < Double(side) && place.y < Double(side)
      counts[isInside ? Int(place.y) * side + Int(place.x) : side * side] += 1
    }
    return counts
  }

  /// The same over cells twice as wide.
  func merged(_ fine: [Double]) -> [Double] {
    var coarse = [Double](repeating: 0, count: side * side / 4 + 1)
    for row in 0..<side {
      for column in 0..<side {
        coarse[row / 2 * (side / 2) + column / 2] += fine[row * side + column]
      }
    }
    coarse[side * side / 4] = fine[side * side]
    return coarse
  }

  /// The cells of the square, each a mean of its neighbours by a Gaussian as wide as `deviation` cells.
  func blurred(_ values: [Double], deviation: Double = 1.2) -> [Double] {
    let reach = Int((3 * deviation).rounded(.up))
    let weights = (-reach...reach).map { exp(-Double($0 * $0) / (2 * deviation * deviation)) }
    let sum = weights.reduce(0, +)
    func pass(_ values: [Double], step: Int, across: Int) -> [Double] {
      var result = [Double](repeating: 0, count: side * side)
      for line in 0..<side {
        for place in 0..<side {
          var total = 0.0
          for offset in max(-reach, -place)...min(reach, side - 1 - place) {
            total += weights[offset + reach] * values[line * across + (place + offset) * step]
          }
          result[line * across + place * step] = total / sum
        }
      }
      return result
    }
    return pass(pass(values, step: 1, across: side), step: side, across: 1)
  }
}
