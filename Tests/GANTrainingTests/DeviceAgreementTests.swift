import GANData
import GANLearning
import GANNetworks
import GANTensor
import GANTestSupport
import GANTraining
import Testing

@Suite("Every device trains as the reference does", .serialized)
struct DeviceAgreementTests {
  /// A small game with one thing that others lack.
  struct Game: CustomTestStringConvertible, Sendable {
    let testDescription: String
    /// Images that are stacked in one; 1 for gray images with classes.
    let depth: Int
    let change: @Sendable (inout TrainingOptions) -> Void

    init(
      _ name: String, stacking depth: Int = 1,
      _ change: @escaping @Sendable (inout TrainingOptions) -> Void
    ) {
      (testDescription, self.depth, self.change) = (name, depth, change)
    }

    var dataset: ImageDataset {
      var random = SplitMix(seed: 7)
      let pixels = (0..<31 * 64).map { _ in UInt8.random(in: 0...255, using: &random) }
      let gray = ImageDataset(
        name: "noise", imageShape: [1, 8, 8], pixels: pixels,
        labels: (0..<31).map { UInt8($0 % 3) })
      return depth == 1 ? gray : gray.stacked(depth: depth)
    }

    var options: TrainingOptions {
      var options = TrainingOptions()
      options.adopt(dataset)
      (options.batchSize, options.threads, options.latentSize) = (8, 1, 5)
      (options.generator.hidden, options.discriminator.hidden) = ([12], [9])
      (options.epochs, options.steps) = (nil, 3)
      change(&options)
      return options
    }

    static let all: [Game] = [
      Game("layers of perceptrons") { _ in },
      Game("convolutions and batch normalisation") { options in
        options.architecture = .dcgan
        (options.generator.hidden, options.discriminator.hidden) = ([16, 8], [8, 16])
        options.generator.normalization = .batch
        options.sharedLatents = true
      },
      Game("spectral normalisation of convolutions") { options in
        options.architecture = .dcgan
        (options.generator.hidden, options.discriminator.hidden) = ([8, 4], [4, 8])
        options.discriminator.normalization = .spectral
        options.objective = .hinge
      },
      Game("R1, lazily, and two discriminator updates") { options in
        options.penalties = [.r1]
        options.penalty.r1.interval = 2
        options.discriminatorSteps = 2
        options.discriminator.activation = .tanh
      },
      Game("packing, dropout and an average") { options in
        (options.packing, options.discriminator.dropout) = (2, 0.25)
        (options.average.halfLife, options.average.postHoc) = (100, true)
      },
      Game("classes by projection, with augmentation") { options in
        (options.conditioning, options.augmentation) = (.projection, [.color, .translation])
      },
      Game("colour images, their probability of change adapting", stacking: 3) { options in
        options.augmentation = [.geometry, .photometry, .cutout]
        (options.augmentationTarget, options.augmentationImages) = (0, 40)
        options.discriminatorSteps = 2
      },
      Game("relativistic, half of gray images' changes") { options in
        (options.objective, options.augmentation) = (.relativistic, Augmentation.allCases)
        options.augmentationProbability = 0.5
      },
      Game("R3GAN of stacked images", stacking: 3) { r3gan(&$0) },
      Game("R3GAN that knows classes, mirrored") { options in
        r3gan(&options)
        (options.conditioning, options.horizontalFlip) = (.projection, true)
      },
    ]

    /// Blocks of one group and of two, both penalties, and real items of the generator's own.
    private static func r3gan(_ options: inout TrainingOptions) {
      (options.architecture, options.initialization) = (.r3gan, .fixup)
      (options.generator.hidden, options.discriminator.hidden) = ([16, 8], [8, 16])
      options.generator.activation = .leakyReLU
      (options.objective, options.freshReals) = (.relativistic, true)
      options.penalties = [.r1, .r2]
      (options.penalty.r1.interval, options.penalty.r2.interval) = (1, 1)
    }
  }

  // Sums of some hundred terms in another order and single precision, over three steps. Adam divides
  // a gradient by its own size: where the gradient is near zero, rounding moves a parameter by the
  // learning rate, hence the share of it.
  @Test(
    "Losses, gradients and parameters agree over three steps", arguments: Game.all,
    SessionDevice.allCases.filter { $0 != .reference })
  func agrees(game: Game, device: SessionDevice) throws {
    let options = game.options
    try options.validate()
    let sessions = try [device, .reference].map {
      try TrainingSession(options.setup, dataset: game.dataset, on: $0.made())
    }
    for step in 0..<3 {
      let traces = try sessions.map { try $0.runTracedStep() }
      #expect(traces[0].map(\.name) == traces[1].map(\.name))
      for ((name, got), (_, expected)) in zip(traces[0], traces[1]) {
        let error = Self.error(got, expected)
        #expect(error < 1e-3, "\(name) of step \(step)")
      }
    }
    for ((name, got), (other, expected)) in zip(
      try sessions[0].checkpoint(), try sessions[1].checkpoint())
    {
      #expect(name == other)
      #expect(Self.error(got, expected) < 1e-3, "\(name)")
    }
    let previews = try sessions.map { try $0.previewItems(count: 3) }
    #expect(Self.error(previews[0], previews[1]) < 1e-3)
  }

  /// The distance of two tensors, as a share of the larger of the second one's norm and a hundredth
  /// for each element; infinite where they differ in kind.
  static func error(_ got: HostTensor, _ expected: HostTensor) -> Double {
    guard got.shape == expected.shape, got.elementType == expected.elementType else {
      return .infinity
    }
    guard got.elementType == .float32 else { return got == expected ? 0 : .infinity }
    func norm(_ values: [Double]) -> Double {
      values.reduce(0) { $0 + $1 * $1 }.squareRoot()
    }
    let (a, b) = (got.floats.map(Double.init), expected.floats.map(Double.init))
    let distance = norm(zip(a, b).map { $0 - $1 })
    return distance / max(norm(b), 0.01 * Double(b.count).squareRoot())
  }
}
