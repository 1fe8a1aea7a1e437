import Foundation
import GANTensor
import Testing

@Suite("Random streams have the distributions they claim")
struct RandomStreamTests {
  let stream = RandomStream(seed: 20_240, purpose: .discriminatorLatents, step: 77)

  /// Box and Muller's formula on exact reals, as far as `Double` is that.
  private func exactNormal(at element: Int) -> Double {
    let even = element / 2 * 2
    let u = (Double(stream.word(at: even) >> 8) + 1) / 0x1p24
    let angle = 2 * Double.pi * Double(stream.word(at: even + 1) >> 8) / 0x1p24
    return (-2 * log(u)).squareRoot() * (element == even ? cos(angle) : sin(angle))
  }

  @Test func normalsAreWithinTheStatedBoundOfTheFormula() {
    for element in 0..<20_000 {
      let error = abs(Double(stream.normal(at: element)) - exactNormal(at: element))
      #expect(error <= 1e-6, "element \(element)")
    }
  }

  /// The ends, every power of two, and what lies around the cuts between binades and quarter turns.
  static let hardWords: [UInt32] = {
    let cuts = (0...24).map { 1 << $0 } + (0...8).map { $0 << 21 } + [11_863_283]
    let near = cuts.flatMap { [$0 - 2, $0 - 1, $0, $0 + 1] }.filter { (0..<1 << 24).contains($0) }
    let spread = stride(from: 0, to: 1 << 24, by: 4_099)
    return (near + Array(spread)).map { UInt32($0) << 8 }
  }()

  @Test func radiusIsWithinTheStatedBoundEverywhere() {
    for word in Self.hardWords {
      let exact = (-2 * log((Double(word >> 8) + 1) / 0x1p24)).squareRoot()
      #expect(abs(Double(boxMullerRadius(of: word)) - exact) <= 3.6e-7, "word \(word)")
    }
    #expect(boxMullerRadius(of: .max) == 0)
    #expect(boxMullerRadius(of: 0) == Float((48 * log(2.0)).squareRoot()))
  }

  @Test func cosineAndSineAreWithinTheStatedBoundEverywhere() {
    for word in Self.hardWords {
      let angle = 2 * Double.pi * Double(word >> 8) / 0x1p24
      let (cosine, sine) = cosineAndSine(of: word)
      #expect(abs(Double(cosine) - cos(angle)) <= 7.1e-8, "word \(word)")
      #expect(abs(Double(sine) - sin(angle)) <= 7.1e-8, "word \(word)")
    }
  }

  /// Each bound is five standard deviations of the estimate it judges.
  @Test func momentsAreThoseOfAStandardNormal() {
    let count = 20_000
    let values = (0..<count).map { Double(stream.normal(at: $0)) }
    func moment(_ power: Double) -> Double {
      values.reduce(0) { $0 + pow($1, power) } / Double(count)
    }
    let scale = 5 / Double(count).squareRoot()
    #expect(abs(moment(1)) < scale)
    #expect(abs(moment(2) - 1) < scale * 2.0.squareRoot())
    #expect(abs(moment(3)) < scale * 15.0.squareRoot())
    #expect(abs(moment(4) - 3) < scale * 96.0.squareRoot())
    let products = zip(values, values.dropFirst()).reduce(0) { $0 + $1.0 * $1.1 }
    #expect(abs(products / Double(count)) < scale)
  }

  @Test func uniformsFillTheUnitIntervalEvenly() {
    let count = 16_000
    var histogram = [Int](repeating: 0, count: 16)
    for element in 0..<count {
      let value = stream.uniform(at: element)
      #expect(value >= 0 && value < 1)
      #expect(value == Float(stream.word(at: element) >> 8) / 0x1p24)
      histogram[Int(value * 16)] += 1
    }
    // Five standard deviations of a binomial count.
    for tally in histogram { #expect(abs(tally - 1_000) < 154, "\(histogram)") }
  }

  @Test func streamsThatDifferInOneCoordinateShareNothing() {
    let streams = [
      stream,
      RandomStream(seed: stream.seed + 1 << 32, purpose: stream.purpose, step: stream.step),
      RandomStream(seed: stream.seed + 1, purpose: stream.purpose, step: stream.step),
      RandomStream(seed: stream.seed, purpose: .generatorLatents, step: stream.step),
      RandomStream(seed: stream.seed, purpose: stream.purpose, step: stream.step + 1),
      RandomStream(seed: stream.seed, purpose: stream.purpose, step: stream.step + 1 << 32),
    ]
    let keys = streams.flatMap { stream in (0..<500).map { stream.key64(at: $0) } }
    #expect(Set(keys).count == keys.count)
  }

  @Test(arguments: [0, 1, 2, 3, 101, 3_000])
  func permutationsHoldEachIndexOnceInOrderOfKeys(count: Int) {
    let order = stream.permutation(count: count)
    #expect(order.sorted() == (0..<count).map(Int32.init))
    let keys = order.map { stream.key64(at: Int($0)) }
    #expect(zip(keys, keys.dropFirst()).allSatisfy { $0 <= $1 })
  }

  @Test func purposesKeepTheirNumbers() {
    let numbers = RandomPurpose.allCases.map { "\($0) \($0.rawValue)" }
    #expect(
      numbers == [
        "generatorInitialisation 1", "discriminatorInitialisation 2", "epochOrder 3",
        "discriminatorLatents 4", "generatorLatents 5", "previewLatents 6", "sampleLatents 7",
        "syntheticImages 8", "worldData 9", "worldBatch 10", "standInBatch 11",
        "evaluationWorld 12", "evaluationStandIn 13", "noiseFloor 14", "evaluationLatents 15",
        "strokeDigits 16", "penaltyInterpolation 17", "penaltyNoise 18", "penaltyScale 19",
        "dropout 20", "latentLabels 21", "spectralVectors 22", "horizontalFlip 23",
        "brightness 24", "saturation 25", "contrast 26", "translationRows 27",
        "translationColumns 28", "cutoutRows 29", "cutoutColumns 30", "noise 31",
        "evaluationSubsets 32", "evaluationDirections 33", "evaluationCells 34",
        "featureInitialisation 35", "classifierOrder 36", "classifierShift 37",
        "evaluationOrder 38", "stackedImages 39", "freshItems 40", "penaltyRealShift 41",
        "penaltyGeneratedShift 42", "geometry 43", "photometry 44", "augmentationChance 45",
      ])
  }
}
