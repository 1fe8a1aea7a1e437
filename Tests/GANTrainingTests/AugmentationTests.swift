import GANGraph
import GANLearning
import GANRuntime
import GANTensor
import GANTestSupport
import Testing

@Suite("Augmentations are what their formulas say")
struct AugmentationTests {
  typealias Uniforms = [AugmentationRandomness: [Double]]

  /// The largest uniform there is.
  static let almost1 = 1 - 0x1p-24

  /// Images after `change`, by the reference backend; every uniform not given is 1/2, every normal 0.
  private func images(
    _ values: [Double], _ shape: Shape, _ uniforms: Uniforms,
    _ change: (Tensor, @escaping (AugmentationRandomness) -> Tensor) -> Tensor
  ) throws -> [Double] {
    let builder = GraphBuilder()
    let changed = change(builder.input("images", shape)) {
      builder.input($0.rawValue, [shape[0]])
    }
    #expect(changed.shape == shape)
    builder.output(changed, as: "changed")
    var inputs = ["images": ReferenceTensor(shape, values)]
    for role in AugmentationRandomness.allCases {
      let middle = role.distribution == .normal ? 0 : 0.5
      let middles = [Double](repeating: middle, count: shape[0])
      inputs[role.rawValue] = ReferenceTensor([shape[0]], uniforms[role] ?? middles)
    }
    let outputs = try ReferenceBackend().run(builder.finish(), inputs: inputs).outputs
    return try #require(outputs["changed"]).reals
  }

  private func augmented(
    _ augmentations: [Augmentation], _ values: [Double], _ shape: Shape, _ uniforms: Uniforms = [:]
  ) throws -> [Double] {
    try images(values, shape, uniforms) { augmentations.applied(to: $0, numbers: $1) }
  }

  @Test("Without strength nothing changes; at full strength it is the published code")
  func strength() throws {
    let shape: Shape = [2, 3, 8, 8]
    let values = distinct(shape).map { $0 / 400 }
    let uniforms: Uniforms = Dictionary(
      uniqueKeysWithValues: AugmentationRandomness.allCases.map { ($0, [0.9, 0.2]) })
    func augmented(_ strength: Double?) throws -> [Double] {
      try images(values, shape, uniforms) { images, uniform in
        Augmentation.allCases.applied(
          to: images, strength: strength.map { images.builder.constant($0) }, numbers: uniform)
      }
    }
    #expect(try augmented(1) == augmented(nil))
    #expect(try augmented(1) != values)
    // Colours are taken apart into a mean and the rest, and put together again.
    for (got, expected) in zip(try augmented(0), values) { #expect(abs(got - expected) < 1e-12) }
    #expect(try augmented(0.5) != augmented(1))
  }

  private func flipped(
    _ values: [Double], _ shape: Shape, where uniforms: [Double]
  ) throws -> [Double] {
    try images(values, shape, [.horizontalFlip: uniforms]) {
      $0.horizontallyFlipped(where: $1(.horizontalFlip))
    }
  }

  /// No two values alike, and none is 0.
  private func distinct(_ shape: Shape) -> [Double] {
    (0..<shape.elementCount).map { Double($0 + 1) }
  }

  /// Every element's value as a function of image, channel, row and column.
  private func picture(_ shape: Shape, _ value: (Int, Int, Int, Int) -> Double) -> [Double] {
    (0..<shape.elementCount).map { element in
      let (row, column) = (element / shape[3] % shape[2], element % shape[3])
      return value(
        element / shape[3] / shape[2] / shape[1], element / shape[3] / shape[2] % shape[1], row,
        column)
    }
  }

  // MARK: Colour

  @Test(
    "Colour whose uniforms are 1/2 is as it was",
    arguments: [[2, 3, 4, 5], [3, 1, 2, 2]] as [Shape]
  )
  func colorAtOneHalf(shape: Shape) throws {
    var random = SplitMix(seed: 1)
    let before = random.reals(shape.elementCount, in: -1...1)
    for (was, became) in zip(before, try augmented([.color], before, shape)) {
      // A dozen roundings of values of order 1.
      #expect(abs(became - was) < 1e-14)
    }
  }

  @Test("Each number of colour does to one image what it is for")
  func colors() throws {
    // One pixel (0, 1, 2), whose mean is 1; another (3, 3, 3): the image's mean is 2.
    let shape: Shape = [1, 3, 1, 2]
    let before: [Double] = [0, 3, 1, 3, 2, 3]
    let cases: [(AugmentationRandomness, u: Double, after: [Double])] = [
      (.brightness, 0.75, [0.25, 3.25, 1.25, 3.25, 2.25, 3.25]),
      (.saturation, 0, [1, 3, 1, 3, 1, 3]),
      (.saturation, 0.75, [-0.5, 3, 1, 3, 2.5, 3]),
      (.contrast, 0, [1, 2.5, 1.5, 2.5, 2, 2.5]),
      (.contrast, 0.75, [-0.5, 3.25, 0.75, 3.25, 2, 3.25]),
    ]
    for (role, u, expected) in cases {
      let after = try augmented([.color], before, shape, [role: [u]])
      for (got, expected) in zip(after, expected) {
        #expect(abs(got - expected) < 1e-14, "\(role) at \(u): \(after)")
      }
    }
  }

  @Test("Numbers are drawn for what is in use only", arguments: [1, 3])
  func roles(channels: Int) throws {
    func roles(_ augmentations: [Augmentation]) throws -> [AugmentationRandomness] {
      var asked: [AugmentationRandomness] = []
      let shape: Shape = [1, channels, 2, 2]
      _ = try images(distinct(shape), shape, [:]) { images, uniform in
        augmentations.applied(to: images) {
          asked.append($0)
          return uniform($0)
        }
      }
      return asked
    }
    #expect(try roles([]) == [])
    #expect(
      try roles([.color])
        == (channels == 1 ? [.brightness, .contrast] : [.brightness, .saturation, .contrast]))
    #expect(try roles([.translation]) == [.translationRows, .translationColumns])
    #expect(try roles([.cutout]) == [.cutoutRows, .cutoutColumns])
    let photometry: [AugmentationRandomness] = [
      .photometricBrightness, .photometricContrast, .lumaFlip,
    ]
    #expect(
      try roles([.photometry])
        == (channels == 1 ? photometry : photometry + [.hue, .photometricSaturation]))
  }

  @Test("The order of the family holds, whatever the order of the list")
  func order() throws {
    let shape: Shape = [2, 3, 8, 8]
    let uniforms: Uniforms = [
      .brightness: [0.9, 0.1], .translationRows: [0, 0.9], .mirror: [0, 0.9], .lumaFlip: [0.9, 0],
    ]
    let inOrder = try augmented(Augmentation.allCases, distinct(shape), shape, uniforms)
    #expect(
      try augmented(Augmentation.allCases.reversed(), distinct(shape), shape, uniforms) == inOrder)
    var stepwise = distinct(shape)
    for augmentation in [Augmentation.geometry, .photometry, .color, .translation, .cutout] {
      stepwise = try augmented([augmentation], stepwise, shape, uniforms)
    }
    #expect(stepwise == inOrder)
  }

  // MARK: Translation

  /// Extents and an eighth of them, rounded half up.
  static let reaches = [(1, 0), (3, 0), (4, 1), (11, 1), (12, 2), (28, 4), (32, 4), (64, 8)]

  @Test("Every distance has an equal share of the uniforms", arguments: reaches)
  func distances(extent: Int, reach: Int) throws {
    // One image for both ends of each distance's share, as closely as a uniform comes to them.
    let parts = 2 * reach + 1
    let shares = (0..<parts).flatMap { part in
      let ends = [Double(part), Double(part + 1)].map { ($0 / Double(parts) * 0x1p24).rounded(.up) }
      return [ends[0] * 0x1p-24, (ends[1] - 1) * 0x1p-24].map { (u: $0, distance: part - reach) }
    }
    for isDown in [false, true] {
      let shape: Shape = [shares.count, 1, isDown ? extent : 1, isDown ? 1 : extent]
      let expected = picture(shape) { image, _, row, column in
        let source = row + column - shares[image].distance
        return (0..<extent).contains(source) ? Double(1 + source) : 0
      }
      #expect(
        try augmented(
          [.translation], picture(shape) { Double(1 + $2 + $3) }, shape,
          [isDown ? .translationRows : .translationColumns: shares.map(\.u)]) == expected)
    }
  }

  @Test(
    "Images move down and to the right, each by itself, with all their channels",
    arguments: [1, 3])
  func translation(channels: Int) throws {
    let shape: Shape = [3, channels, 8, 12]
    let before = distinct(shape)
    // An eighth of 8 is 1 and of 12 is 2: thirds and fifths.
    let (down, right) = ([-1, 0, 1], [2, -2, 1])
    let after = try augmented(
      [.translation], before, shape,
      [.translationRows: [0, 0.5, Self.almost1], .translationColumns: [0.8, 0.1, 0.7]])
    let expected = picture(shape) { image, channel, row, column in
      let (row, column) = (row - down[image], column - right[image])
      guard (0..<8).contains(row), (0..<12).contains(column) else { return 0 }
      return before[((image * channels + channel) * 8 + row) * 12 + column]
    }
    #expect(after == expected)
  }

  @Test("More pixels than an index can count are refused, with the extents")
  func tooManyPixels() throws {
    func build(count: Int) throws {
      let builder = GraphBuilder()
      let images = builder.input("images", [count, 1, 64, 64])
      let flipped = images.horizontallyFlipped(where: builder.input("uniform", [count]))
      builder.output(flipped, as: "flipped")
      _ = try builder.finish()
    }
    try build(count: 4096)
    let error = try #require(throws: GraphError.self) { try build(count: 4097) }
    #expect("\(error)".contains("needs at most 16777216 in a batch, got [4097"))
  }

  // MARK: Cutout

  @Test(
    "A rectangle of half the extents becomes zeros and nothing else changes", arguments: [1, 3])
  func cutout(channels: Int) throws {
    // Of 8 rows 4, which begin at -2 to 6; of 5 columns 3, which begin at -1 to 3.
    let shape: Shape = [4, channels, 8, 5]
    let before = distinct(shape)
    let after = try augmented(
      [.cutout], before, shape,
      [.cutoutRows: [0, 0.5, 0.2, Self.almost1], .cutoutColumns: [0, 0.5, 0.3, Self.almost1]])
    let rows = [0..<2, 2..<6, 0..<3, 6..<8]
    let columns = [0..<2, 1..<4, 0..<3, 3..<5]
    let expected = picture(shape) { image, channel, row, column in
      rows[image].contains(row) && columns[image].contains(column)
        ? 0 : before[((image * channels + channel) * 8 + row) * 5 + column]
    }
    #expect(after == expected)
  }

  @Test("Every place of the rectangle has an equal share of the uniforms", arguments: 1...9)
  func places(extent: Int) throws {
    // As published: s of n pixels about a centre below n, or up to n where s is even.
    let size = Int((Double(extent) * 0.5 + 0.5).rounded(.down))
    let centres = extent + (1 - size % 2)
    let shape: Shape = [centres, 1, extent, 1]
    let after = try augmented(
      [.cutout], [Double](repeating: 1, count: shape.elementCount), shape,
      [.cutoutRows: (0..<centres).map { (Double($0) + 0.5) / Double(centres) }])
    let expected = picture(shape) { centre, _, row, _ in
      (centre - size / 2..<centre - size / 2 + size).contains(row) ? 0 : 1
    }
    #expect(after == expected)
  }

  // MARK: Flips

  @Test("Below 1/2 an image is mirrored, and mirrored twice it is itself", arguments: [1, 3])
  func flips(channels: Int) throws {
    let shape: Shape = [4, channels, 2, 5]
    let before = distinct(shape)
    let uniforms = [0, 0.5, 0.5 - 0x1p-24, Self.almost1]
    let once = try flipped(before, shape, where: uniforms)
    let expected = picture(shape) { image, channel, row, column in
      let source = image.isMultiple(of: 2) ? 4 - column : column
      return before[((image * channels + channel) * 2 + row) * 5 + source]
    }
    #expect(once == expected)
    #expect(try flipped(once, shape, where: uniforms) == before)
  }
}
