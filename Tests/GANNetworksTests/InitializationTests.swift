import GANNetworks
import GANTensor
import Testing

@Suite("Parameters begin as their initialisation says")
struct InitializationTests {
  /// One network with a parameter of every role, large enough for statistics.
  static let network = NetworkDescription(
    inputShape: [120],
    layers: [
      .linear(inputs: 120, outputs: 144), .reshape(to: [16, 3, 3]),
      .convolution(inputs: 16, outputs: 60, window: 3), .batchNorm(channels: 60),
      .transposedConvolution(inputs: 60, outputs: 24, window: 2), .reshape(to: [96]),
      .labelConcatenation(classes: 10, shape: [1_000]),
    ])

  static let tensors = Dictionary(
    uniqueKeysWithValues: Initialization.allCases.map { initialization in
      let tensors = network.initialTensors(
        initialization, seed: 3, purpose: .generatorInitialisation)
      return (
        initialization,
        Dictionary(
          uniqueKeysWithValues: tensors.filter { $0.tensor.elementType == .float32 }.map {
            ($0.name, $0.tensor.floats.map(Double.init))
          })
      )
    })

  /// Fans of a transposed convolution are PyTorch's, which takes its second axis for the inputs.
  static let weights: [(name: String, fanIn: Int, fanOut: Int)] = [
    ("0.weight", 120, 144), ("2.weight", 16 * 9, 60 * 9), ("4.weight", 24 * 4, 60 * 4),
  ]

  /// How a weight is distributed: the variance, and the bound where it is uniform.
  private static func law(
    _ initialization: Initialization, _ fanIn: Int, _ fanOut: Int
  ) -> (variance: Double, bound: Double?) {
    switch initialization {
    case .pytorch: (1 / Double(3 * fanIn), 1 / Double(fanIn).squareRoot())
    case .dcgan: (0.02 * 0.02, nil)
    case .he: (2 / Double(fanIn), nil)
    case .xavier: (2 / Double(fanIn + fanOut), (6 / Double(fanIn + fanOut)).squareRoot())
    case .orthogonal: (.nan, nil)
    case .fixup: (1 / Double(fanIn), nil)
    }
  }

  @Test(
    "Weights have the mean, the variance and the bounds of their law",
    arguments: [Initialization.pytorch, .dcgan, .he, .xavier, .fixup])
  func weights(initialization: Initialization) throws {
    for (name, fanIn, fanOut) in Self.weights {
      let values = try #require(Self.tensors[initialization]?[name])
      let (variance, bound) = Self.law(initialization, fanIn, fanOut)
      expect(values, mean: 0, variance: variance, isUniform: bound != nil, name)
      if let bound {
        // Of 5,000 uniforms one in a million samples comes no nearer than this.
        let greatest = values.map(abs).max() ?? 0
        #expect((0.997 * bound...bound * 1.000_001).contains(greatest), "\(name)")
      }
    }
  }

  @Test("Embeddings are standard normal, or weights of their own shape")
  func embeddings() throws {
    for (initialization, variance) in [
      (Initialization.pytorch, 1), (.dcgan, 1), (.he, 2.0 / 1_000), (.xavier, 2.0 / 1_010),
      (.fixup, 1.0 / 10),
    ] {
      let values = try #require(Self.tensors[initialization]?["6.weight"])
      expect(
        values, mean: 0, variance: variance, isUniform: initialization == .xavier,
        "\(initialization)")
    }
  }

  /// `rows × columns` of what a matrix is: its first axis, then all others.
  @Test("Orthogonal matrices have orthonormal rows, or columns where those are fewer")
  func orthogonal() throws {
    for (name, rows) in [("0.weight", 144), ("2.weight", 60), ("4.weight", 60), ("6.weight", 10)] {
      let values = try #require(Self.tensors[.orthogonal]?[name])
      let columns = values.count / rows
      let (count, length) = (min(rows, columns), max(rows, columns))
      func element(_ vector: Int, _ position: Int) -> Double {
        rows <= columns
          ? values[vector * columns + position] : values[position * columns + vector]
      }
      // A few vectors with all others, which is what differs where the process loses precision.
      for a in [0, count / 2, count - 1] {
        for b in 0..<count {
          let product = (0..<length).reduce(0) { $0 + element(a, $1) * element(b, $1) }
          // Single precision rounds each of a unit vector's elements by at most 6e-8 of it.
          #expect(abs(product - (a == b ? 1 : 0)) < 1e-6, "\(name), \(a) and \(b)")
        }
      }
    }
  }

  @Test("Blocks begin as their shortcuts, the rest of them smaller the more there are")
  func fixup() throws {
    for blocks in [1, 4] {
      let block = Layer.residual(main: [
        .linear(inputs: 100, outputs: 120), .leakyReLU(slope: 0.2),
        .linear(inputs: 120, outputs: 90), .leakyReLU(slope: 0.2),
        .linear(inputs: 90, outputs: 100),
      ])
      let network = NetworkDescription(
        inputShape: [100], layers: [Layer](repeating: block, count: blocks))
      let tensors = Dictionary(
        uniqueKeysWithValues: network.initialTensors(
          .fixup, seed: 3, purpose: .generatorInitialisation
        ).map { ($0.name, $0.tensor.floats.map(Double.init)) })
      for index in 0..<blocks {
        for (layer, fanIn) in [(0, 100), (2, 120)] {
          let variance = 2 / 1.04 / Double(blocks).squareRoot() / Double(fanIn)
          let values = try #require(tensors["\(index).main.\(layer).weight"])
          expect(values, mean: 0, variance: variance, isUniform: false, "\(blocks), \(layer)")
        }
        #expect(try #require(tensors["\(index).main.4.weight"]).allSatisfy { $0 == 0 })
      }
    }
  }

  @Test("Biases begin at 0 but for PyTorch's", arguments: Initialization.allCases)
  func biases(initialization: Initialization) throws {
    for (name, fanIn, _) in Self.weights {
      let values = try #require(
        Self.tensors[initialization]?[name.replacing("weight", with: "bias")])
      if initialization == .pytorch {
        let bound = 1 / Double(fanIn).squareRoot()
        #expect(values.allSatisfy { abs($0) <= bound * 1.000_001 }, "\(name)")
        #expect(Set(values).count == values.count, "\(name)")
      } else {
        #expect(values.allSatisfy { $0 == 0 }, "\(name)")
      }
    }
  }

  @Test(
    "What follows a normalisation begins as the identity but for DCGAN's scales",
    arguments: Initialization.allCases)
  func normalization(initialization: Initialization) throws {
    let tensors = try #require(Self.tensors[initialization])
    let scales = try #require(tensors["3.weight"])
    if initialization == .dcgan {
      expect(scales, mean: 1, variance: 0.02 * 0.02, isUniform: false, "scales")
    } else {
      #expect(scales.allSatisfy { $0 == 1 })
    }
    #expect(try #require(tensors["3.bias"]).allSatisfy { $0 == 0 })
    #expect(try #require(tensors["3.running_mean"]).allSatisfy { $0 == 0 })
    #expect(try #require(tensors["3.running_var"]).allSatisfy { $0 == 1 })
  }

  @Test("Parameters of one shape differ, from each other, between players and between seeds")
  func streams() {
    let network = NetworkDescription(
      inputShape: [3],
      layers: [.linear(inputs: 3, outputs: 3), .linear(inputs: 3, outputs: 3)])
    func weights(_ seed: UInt64, _ purpose: RandomPurpose) -> [[Float]] {
      network.initialTensors(seed: seed, purpose: purpose).map(\.tensor).filter {
        $0.shape.rank == 2
      }.map(\.floats)
    }
    let all =
      weights(0, .generatorInitialisation) + weights(0, .discriminatorInitialisation)
      + weights(1, .generatorInitialisation)
    #expect(Set(all).count == 6)
    #expect(weights(0, .generatorInitialisation) == weights(0, .generatorInitialisation))
  }

  /// Within five standard deviations of the estimates, which one seed in a million exceeds.
  private func expect(
    _ values: [Double], mean: Double, variance: Double, isUniform: Bool, _ name: String
  ) {
    let (gotMean, gotVariance) = moments(values)
    let count = Double(values.count)
    #expect(abs(gotMean - mean) < 5 * (variance / count).squareRoot(), "\(name): mean")
    // (kurtosis - 1) / n: of a normal distribution 2, of a uniform one 0.8.
    let relative = ((isUniform ? 0.8 : 2) / count).squareRoot()
    #expect(abs(gotVariance / variance - 1) < 5 * relative, "\(name): variance")
  }
}
