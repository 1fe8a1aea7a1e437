import Foundation
import GANData
import GANTensor
import Testing

@Suite("Toy worlds are the published ones")
struct ToyWorldTests {
  @Test func theRingHasEightModesOnTheUnitCircle() {
    let modes = ToyWorld.ring8.mixture.modes
    #expect(modes.count == 8)
    for (index, mode) in modes.enumerated() {
      let angle = Double(index) * Double.pi / 4
      let offset = mode.centre - SIMD2(cos(angle), sin(angle))
      #expect((offset * offset).sum() < 1e-30)
      #expect(mode.deviations == SIMD2(0.01, 0.01) && mode.weight == 1.0 / 8)
    }
  }

  @Test func theGridHasItsModesAtEvenPlaces() {
    let modes = ToyWorld.grid25.mixture.modes
    let places = [-4.0, -2, 0, 2, 4]
    #expect(modes.map(\.centre) == places.flatMap { x in places.map { SIMD2(x, $0) } })
    #expect(modes.allSatisfy { $0.deviations == SIMD2(0.05, 0.05) && $0.weight == 1.0 / 25 })
  }

  /// scikit-learn's `make_moons` puts them on these half circles.
  @Test func moonsLieOnTheirHalfCircles() {
    for component in ToyWorld.moons.mixture.components {
      let (x, y) = (component.centre.x, component.centre.y)
      let (upper, lower) = (hypot(x, y), hypot(x - 1, y - 0.5))
      // The curve is walked in 1024 straight pieces, which sag by (pi / 1024)^2 / 8.
      let isUpper = abs(upper - 1) < 2e-6 && y > 0
      let isLower = abs(lower - 1) < 2e-6 && y < 0.5
      #expect(isUpper != isLower, "\(component)")
    }
  }

  @Test(arguments: [ToyWorld.spirals, .moons])
  func curvesAreDrawnInEqualStepsWithinADeviation(world: ToyWorld) {
    let components = world.mixture.components
    let steps = zip(components, components.dropFirst()).map { pair in
      let step = pair.1.centre - pair.0.centre
      return (step * step).sum().squareRoot()
    }
    // One step of them leads from the one curve to the other.
    let along = steps.sorted().dropLast()
    #expect(along.allSatisfy { $0 <= 0.05 })
    // A chord is shorter than its arc, by most where the spiral begins and turns fastest.
    #expect((along.first ?? 0) > 0.99 * (along.last ?? 0))
    #expect(world.mixture.modes.isEmpty)
  }

  @Test func theCheckerboardIsEvenOnEveryOtherSquare() {
    let board = ToyWorld.checkerboard.mixture
    for x in stride(from: -4.75, through: 4.75, by: 0.5) {
      for y in stride(from: -4.75, through: 4.75, by: 0.5) {
        let (column, row) = (Int((x / 2).rounded(.down)), Int((y / 2).rounded(.down)))
        let isFilled = (column + row).isMultiple(of: 2) && abs(x) < 4 && abs(y) < 4
        let expected = isFilled ? -log(32.0) : -.infinity
        let found = board.logDensity(at: SIMD2(x, y))
        #expect(found == expected || abs(found - expected) < 1e-14, "(\(x), \(y))")
      }
    }
    #expect(board.modes.isEmpty)
  }

  @Test func sizesAndDeviationsReachTheWorld() throws {
    let ring = try ToyWorld.ring8.mixture(size: 2, deviation: 0.3)
    #expect(ring == .ring(radius: 2, deviation: 0.3))
    #expect(try ToyWorld.spirals.mixture(size: nil, deviation: nil) == ToyWorld.spirals.mixture)
    #expect(try ToyWorld.gaussian.mixture(size: nil, deviation: 3) == .gaussian(deviation: 3))
  }

  @Test(
    arguments: [
      (.ring8, 0, nil, "ring-8: size must be from 1e-9 to 1e9, got 0.0"),
      (.ring8, nil, -1, "ring-8: deviation must be from 1e-9 to 1e9, got -1.0"),
      (.grid25, .infinity, nil, "grid-25: size must be from 1e-9 to 1e9, got inf"),
      (.ring8, 1e9, 1, "ring-8: deviation must be at least 1e-08 of the size, got 1.0"),
      (
        .moons, 1, 1e-5,
        "moons: deviation must be at least 0.001 of the size, got 1e-05"
      ),
      (
        .spirals, 1e9, nil,
        "spirals: deviation must be at least 0.001 of the size, got 0.05"
      ),
      (.gaussian, 1, nil, "gaussian: size does not apply, got 1.0"),
      (.checkerboard, nil, 1, "checkerboard: deviation does not apply, got 1.0"),
    ] as [(ToyWorld, Double?, Double?, String)])
  func otherSizesAreRefused(world: ToyWorld, size: Double?, deviation: Double?, message: String) {
    let error = #expect(throws: MixtureError.self) {
      try world.mixture(size: size, deviation: deviation)
    }
    #expect(error?.description == message)
  }
}
