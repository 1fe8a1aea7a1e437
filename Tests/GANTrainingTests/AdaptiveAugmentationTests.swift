import Foundation
import GANGraph
import GANLearning
import GANRuntime
import GANTensor
import GANTestSupport
import Testing

@Suite("Geometry, photometry and the chances of changes are what their formulas say")
struct AdaptiveAugmentationTests {
  typealias Numbers = [AugmentationRandomness: [Double]]

  /// The graph of augmented images, and its inputs; every uniform not given is 1/2, every normal 0, and
  /// every chance 0, which any probability above 0 takes.
  private func situation(
    _ augmentations: [Augmentation], _ values: [Double], _ shape: Shape, _ numbers: Numbers,
    strength: Double = 1, probability: Double? = nil
  ) throws -> (graph: Graph, inputs: [String: ReferenceTensor]) {
    let builder = GraphBuilder()
    let changed = augmentations.applied(
      to: builder.input("images", shape), strength: builder.constant(strength),
      probability: probability.map { builder.constant($0) }
    ) { builder.input($0.rawValue, [shape[0]]) }
    builder.output(changed, as: "changed")
    let graph = try builder.finish()
    var inputs = ["images": ReferenceTensor(shape, values)]
    for case .input(let name, _) in graph.nodes.map(\.op) {
      guard let role = AugmentationRandomness(rawValue: name) else { continue }
      let isMiddleZero = role.distribution == .normal || role.purpose == .augmentationChance
      let middles = [Double](repeating: isMiddleZero ? 0 : 0.5, count: shape[0])
      inputs[name] = ReferenceTensor([shape[0]], numbers[role] ?? middles)
    }
    return (graph, inputs)
  }

  private func augmented(
    _ augmentations: [Augmentation], _ values: [Double], _ shape: Shape, _ numbers: Numbers,
    strength: Double = 1, probability: Double? = nil
  ) throws -> [Double] {
    let (graph, inputs) = try situation(
      augmentations, values, shape, numbers, strength: strength, probability: probability)
    return try #require(ReferenceBackend().run(graph, inputs: inputs).outputs["changed"]).reals
  }

  private func random(_ shape: Shape) -> [Double] {
    var random = SplitMix(seed: 3)
    return random.reals(shape.elementCount, in: -1...1).map { Double(Float($0)) }
  }

  /// Numbers of every role, as they are drawn.
  private func drawn(count: Int) -> Numbers {
    Dictionary(
      uniqueKeysWithValues: AugmentationRandomness.allCases.map { role in
        let stream = RandomStream(
          seed: 1, purpose: role.purpose, step: UInt64(role.number) << 43)
        return (
          role,
          (0..<count).map {
            Double(role.distribution == .normal ? stream.normal(at: $0) : stream.uniform(at: $0))
          }
        )
      })
  }

  private func expectNear(_ got: [Double], _ expected: [Double], _ words: String = "") {
    #expect(got.count == expected.count)
    // A few dozen roundings of values and of places of order 10.
    for (got, expected) in zip(got, expected) { #expect(abs(got - expected) < 1e-12, "\(words)") }
  }

  // MARK: Chances

  @Test(
    "At probability 0 no bit of any image changes, on any backend",
    arguments: [[6, 3, 8, 8], [6, 1, 5, 7], [2, 3, 1, 1]] as [Shape])
  func noChance(shape: Shape) async throws {
    let values = random(shape)
    let (graph, inputs) = try situation(
      Augmentation.allCases, values, shape, drawn(count: shape[0]), probability: 0)
    #expect(try ReferenceBackend().run(graph, inputs: inputs).outputs["changed"]?.reals == values)
    let outputs = try await CPUEngine.shared.outputs(of: graph, inputs: inputs, threadCount: 2)
    #expect(outputs["changed"].map { $0.map(Double.init) } == values)
  }

  @Test("At strength 0 geometry and photometry change no bit", arguments: [3, 1])
  func noStrength(channels: Int) throws {
    let shape: Shape = [6, channels, 8, 8]
    let values = random(shape)
    #expect(
      try augmented([.geometry, .photometry], values, shape, drawn(count: 6), strength: 0)
        == values)
  }

  @Test("At probability 1 every change happens", arguments: [3, 1])
  func certainty(channels: Int) throws {
    let shape: Shape = [6, channels, 8, 8]
    let (values, numbers) = (random(shape), drawn(count: 6))
    for kind in Augmentation.allCases {
      let always = try augmented([kind], values, shape, numbers)
      #expect(try augmented([kind], values, shape, numbers, probability: 1) == always, "\(kind)")
      #expect(always != values, "\(kind)")
    }
  }

  /// A change, a number that makes one, and its chance.
  static let changes: [(Augmentation, AugmentationRandomness, Double, AugmentationRandomness)] = [
    (.color, .brightness, 0.9, .colorChance),
    (.translation, .translationRows, 0.9, .translationChance),
    (.cutout, .cutoutRows, 0.5, .cutoutChance),
    (.geometry, .mirror, 0.1, .mirrorChance),
    (.geometry, .quarterTurns, 0.7, .quarterTurnsChance),
    (.geometry, .shiftColumns, 0.9, .shiftChance),
    (.geometry, .scale, 1, .scaleChance),
    (.geometry, .stretch, 1, .stretchChance),
    (.geometry, .offsetRows, 1, .offsetChance),
    (.photometry, .photometricBrightness, 1, .photometricBrightnessChance),
    (.photometry, .photometricContrast, 1, .photometricContrastChance),
    (.photometry, .lumaFlip, 0.1, .lumaFlipChance),
    (.photometry, .hue, 0.7, .hueChance),
    (.photometry, .photometricSaturation, 1, .photometricSaturationChance),
  ]

  @Test("A change happens to the images whose number is below the probability, and to no other")
  func chances() throws {
    let shape: Shape = [3, 3, 8, 8]
    let values = random(shape)
    let size = shape.elementCount / 3
    for (kind, role, number, chance) in Self.changes {
      let numbers: Numbers = [role: [number, number, number], chance: [0.1, 0.3, 0.2]]
      let always = try augmented([kind], values, shape, numbers)
      let sometimes = try augmented([kind], values, shape, numbers, probability: 0.3)
      for (image, happens) in [true, false, true].enumerated() {
        let range = image * size..<(image + 1) * size
        #expect(
          Array(sometimes[range]) == Array((happens ? always : values)[range]),
          "\(chance) of image \(image)")
        #expect(always[range] != values[range], "\(role)")
      }
    }
  }

  @Test("Each of two rotations happens with 1 - √(1 - p), so that one of them does with p")
  func rotations() throws {
    let shape: Shape = [2, 1, 8, 8]
    let values = random(shape)
    for (role, chance) in [
      (.firstRotation, .firstRotationChance), (.secondRotation, .secondRotationChance),
    ] as [(AugmentationRandomness, AugmentationRandomness)] {
      // At p = 0.75 it is 1/2.
      let after = try augmented(
        [.geometry], values, shape, [role: [0.7, 0.7], chance: [0.499, 0.501]],
        probability: 0.75)
      #expect(Array(after[..<64]) != Array(values[..<64]))
      #expect(Array(after[64...]) == Array(values[64...]))
    }
  }

  // MARK: Geometry

  /// Rows by columns of one image after changes.
  private func geometry(
    _ values: [Double], side: Int, _ role: AugmentationRandomness, _ number: Double
  ) throws -> [Double] {
    try augmented([.geometry], values, [1, 1, side, side], [role: [number]])
  }

  @Test("A mirror image is exact, and its own is the image", arguments: [7, 8])
  func mirror(side: Int) throws {
    let before = random([1, 1, side, side])
    let once = try geometry(before, side: side, .mirror, 0.49)
    #expect(once == before.indices.map { before[$0 / side * side + side - 1 - $0 % side] })
    #expect(try geometry(once, side: side, .mirror, 0) == before)
    #expect(try geometry(before, side: side, .mirror, 0.5) == before)
  }

  @Test(
    "Quarter turns are exact and a quarter of the uniforms each, the half turn's at both ends",
    arguments: [(0, 2), (0.124, 2), (0.125, 3), (0.4, 0), (0.7, 1), (0.874, 1), (0.875, 2)])
  func quarterTurns(uniform: Double, quarters: Int) throws {
    for side in [5, 8] {
      let before = random([1, 1, side, side])
      var expected = before
      for _ in 0..<quarters {
        // What is at (r, c) comes from (last - c, r).
        expected = before.indices.map { expected[(side - 1 - $0 % side) * side + $0 / side] }
      }
      #expect(try geometry(before, side: side, .quarterTurns, uniform) == expected)
    }
  }

  @Test("An image that is not square is turned by halves only")
  func halfTurns() throws {
    let shape: Shape = [4, 1, 3, 5]
    let values = [[Double]](repeating: random([1, 1, 3, 5]), count: 4)
    let after = try augmented(
      [.geometry], values.flatMap(\.self), shape, [.quarterTurns: [0.1, 0.26, 0.74, 0.76]])
    let turned = Array(values[0].reversed())
    #expect(after == turned + values[0] + values[0] + turned)
  }

  @Test("A whole shift is exact, and mirrors what comes in around the outermost pixels")
  func shift() throws {
    // An eighth of 8 is 1 and of 16 is 2.
    let (height, width) = (8, 16)
    let before = random([1, 1, height, width])
    let after = try augmented(
      [.geometry], before, [1, 1, height, width], [.shiftRows: [0.9], .shiftColumns: [0.1]])
    let expected = before.indices.map { element in
      let (row, column) = (element / width - 1, element % width + 2)
      return before[abs(row) * width + (column < width ? column : 2 * (width - 1) - column)]
    }
    #expect(after == expected)
  }

  @Test("Half a pixel is the mean of two, and the mirror image repeats no pixel")
  func offset() throws {
    let before = random([1, 1, 8, 1])
    let after = try augmented([.geometry], before, [1, 1, 8, 1], [.offsetRows: [0.5]])
    let expected = before.indices.map { row in
      let above = row == 0 ? 1 : row - 1
      return (before[row] + before[above]) / 2
    }
    expectNear(after, expected)
  }

  @Test("The map is that of all changes, one after another, and exact of a slope")
  func composition() throws {
    // A third of the size, so that nothing comes from outside: 2^(0.2 n) = 3.
    let side = 9
    let scale = log2(3) / 0.2
    let numbers: [AugmentationRandomness: Double] = [
      .mirror: 0.1, .quarterTurns: 0.7, .shiftRows: 0.9, .shiftColumns: 0.1, .scale: scale,
      .firstRotation: 0.6, .stretch: 0.7, .secondRotation: 0.35, .offsetRows: 0.3,
      .offsetColumns: -0.4,
    ]
    func slope(_ row: Double, _ column: Double) -> Double { 3 * row - 0.7 * column + 0.2 }
    let middle = Double(side - 1) / 2
    let places = (0..<side * side).map { (Double($0 / side) - middle, Double($0 % side) - middle) }
    let after = try augmented(
      [.geometry], places.map { slope($0.0, $0.1) }, [1, 1, side, side],
      numbers.mapValues { [$0] })
    func turned(_ place: (Double, Double), _ turns: Double) -> (Double, Double) {
      let (c, s) = (cos(2 * .pi * turns), sin(2 * .pi * turns))
      return (place.0 * c - place.1 * s, place.0 * s + place.1 * c)
    }
    let stretch = exp2(0.2 * 0.7)
    let expected = places.map { place in
      // From the last change to the first.
      var at = (place.0 - 0.125 * 9 * 0.3, place.1 + 0.125 * 9 * 0.4)
      at = turned(at, 0.35 - 0.5)
      at = (at.0 * stretch, at.1 / stretch)
      at = turned(at, 0.6 - 0.5)
      at = (at.0 / 3, at.1 / 3)
      at = (at.0 - 1, at.1 + 1)
      at = turned(at, 0.25)
      return slope(at.0, -at.1)
    }
    expectNear(after, expected)
  }

  // MARK: Photometry

  @Test("Each number of photometry does to a colour what it is for")
  func photometry() throws {
    // Of mean 1.
    let before: [Double] = [0, 1, 2]
    let cases: [(Numbers, after: [Double])] = [
      ([.photometricBrightness: [1]], [0.2, 1.2, 2.2]),
      ([.photometricContrast: [2]], [0, 2, 4]),
      ([.photometricBrightness: [1], .photometricContrast: [2]], [0.4, 2.4, 4.4]),
      ([.lumaFlip: [0.49]], [-2, -1, 0]),
      ([.photometricSaturation: [1]], [-1, 1, 3]),
      // A third of a turn is a change of places.
      ([.hue: [0.5 + 1.0 / 3]], [2, 0, 1]),
      ([.hue: [0.5 - 1.0 / 3]], [1, 2, 0]),
    ]
    for (numbers, expected) in cases {
      expectNear(
        try augmented([.photometry], before, [1, 3, 1, 1], numbers), expected, "\(numbers)")
    }
  }

  @Test("Another hue keeps the luma of every pixel and its distance from gray")
  func hue() throws {
    let shape: Shape = [5, 3, 2, 2]
    let before = random(shape)
    let after = try augmented([.photometry], before, shape, [.hue: [0, 0.2, 0.45, 0.7, 0.95]])
    func facts(_ values: [Double]) -> [Double] {
      (0..<5).flatMap { image in
        (0..<4).flatMap { pixel in
          let colour = (0..<3).map { values[image * 12 + $0 * 4 + pixel] }
          let mean = colour.reduce(0, +) / 3
          return [mean, colour.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }]
        }
      }
    }
    #expect(before != after)
    expectNear(facts(after), facts(before))
  }

  @Test("A gray image has brightness, contrast and luma alone, as gray colours have them")
  func gray() throws {
    let numbers = drawn(count: 6)
    let values = random([6, 1, 1, 1])
    let after = try augmented([.photometry], values, [6, 1, 1, 1], numbers)
    let colours = try augmented(
      [.photometry], values.flatMap { [$0, $0, $0] }, [6, 3, 1, 1], numbers)
    expectNear(colours, after.flatMap { [$0, $0, $0] })
  }

  @Test("Over many images brightness has a mean of 0, and a deviation of 0.2")
  func expectation() throws {
    let count = 4_096
    let numbers = drawn(count: count)
    let after = try augmented(
      [.photometry], [Double](repeating: 0, count: count), [count, 1, 1, 1],
      [.photometricBrightness: try #require(numbers[.photometricBrightness])])
    let mean = after.reduce(0, +) / Double(count)
    let variance = after.reduce(0) { $0 + $1 * $1 } / Double(count)
    // Five standard errors of either.
    #expect(abs(mean) < 5 * 0.2 / Double(count).squareRoot())
    #expect(abs(variance / 0.04 - 1) < 5 * (2 / Double(count)).squareRoot())
  }

  @Test("Two channels have no colours that photometry knows")
  func channels() {
    #expect(throws: GraphError.self) {
      try augmented([.photometry], [0, 0], [1, 2, 1, 1], [:])
    }
  }
}
