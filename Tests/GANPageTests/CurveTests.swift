import GANPage
import Testing

@Suite("Curves are smoothed and averaged by definition")
struct CurveTests {
  private let x = (0..<200).map { Double($0) }

  @Test func aConstantStaysWhatItIs() {
    let curve = Curve(x: x, y: x.map { _ in 3 })
    for weight in [0, 0.5, 0.99] {
      #expect(curve.smoothed(by: weight).y.allSatisfy { abs($0 - 3) < 1e-12 }, "\(weight)")
    }
  }

  @Test func theFirstValueIsItself() {
    let curve = Curve(x: x, y: x.map { $0 + 7 })
    #expect(abs(curve.smoothed(by: 0.9).y[0] - 7) < 1e-12)
  }

  @Test func smoothingIsTheWeightedMeanOfThePast() {
    let (weight, values) = (0.7, [1.0, 4, 2, 8])
    let smooth = Curve(x: [0, 1, 2, 3], y: values).smoothed(by: weight).y
    for last in values.indices {
      let weights = (0...last).map { age in (0..<age).reduce(1.0) { product, _ in product * weight }
      }
      let sum = (0...last).reduce(0.0) { $0 + weights[last - $1] * values[$1] }
      #expect(abs(smooth[last] - sum / weights.reduce(0, +)) < 1e-12)
    }
  }

  @Test func whatIsNotFiniteLeavesAGapAndNothingElse() {
    let smooth = Curve(x: [0, 1, 2], y: [2, .nan, 2]).smoothed(by: 0.5).y
    #expect(smooth[0] == 2 && smooth[1].isNaN && abs(smooth[2] - 2) < 1e-12)
    #expect(Curve(x: [0], y: [.infinity]).smoothed(by: 0.5).y[0].isNaN)
  }

  @Test func theMeanHasTheDeviationOfASample() {
    let curves = [[1.0, 2], [3, 2], [5, 2]].map { Curve(x: [0, 1], y: $0) }
    let (mean, deviation) = Curve.mean(of: curves)
    #expect(mean.y == [3, 2])
    #expect(deviation == [2, 0])
  }

  @Test func theMeanIsWhereEveryCurveHasAPoint() {
    let curves = [Curve(x: [0, 1, 2], y: [0, 1, 2]), Curve(x: [1, 2, 3], y: [3, 4, 5])]
    #expect(Curve.mean(of: curves).mean.x == [1, 2])
    #expect(Curve.mean(of: curves).mean.y == [2, 3])
  }
}
