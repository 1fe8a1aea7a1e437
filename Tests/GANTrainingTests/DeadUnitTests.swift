import GANNetworks
import GANTensor
import GANTestSupport
import GANTraining
import Testing

@Suite("Dead units are counted with every preview")
struct DeadUnitTests {
  typealias Game = DeviceAgreementTests.Game

  @Test(
    "Units that no latent opens are counted, of the ReLU with the most, alone or as channels",
    arguments: [Architecture.mlp, .dcgan], SessionDevice.allCases)
  func count(architecture: Architecture, device: SessionDevice) throws {
    let game = Game("sixteen units") { options in
      options.architecture = architecture
      (options.generator.hidden, options.discriminator.hidden) = ([16, 8], [8, 16])
      if architecture == .dcgan { options.generator.normalization = .batch }
    }
    let options = game.options
    try options.validate()
    let session = try TrainingSession(
      options.setup, dataset: game.dataset, on: device.made())
    #expect(session.deadUnits == nil)
    _ = try session.previewItems(count: 64)
    let before = try #require(session.deadUnits)

    var state = Dictionary(try session.checkpoint().map { ($0, $1) }, uniquingKeysWith: { $1 })
    let name = try #require(
      state.keys.sorted().first {
        $0.hasPrefix("generator.") && $0.hasSuffix(".bias") && state[$0]?.shape == [16]
      })
    let bias = try #require(state[name]).floats
    state[name] = HostTensor(
      shape: [16], bias.enumerated().map { $0 % 4 == 0 ? $1 : -1e6 } as [Float])
    try session.restore(state)
    _ = try session.previewItems(count: 64)
    // Twelve of sixteen are shut; of the others, as of the second ReLU's eight, few are.
    let after = try #require(session.deadUnits)
    #expect(before < 0.5)
    #expect((0.75...0.875).contains(after) && (after * 16).truncatingRemainder(dividingBy: 1) == 0)
  }

  @Test("A generator without ReLUs has none to count")
  func others() throws {
    let game = Game("hyperbolic tangents") { $0.generator.activation = .tanh }
    let session = try TrainingSession(game.options.setup, dataset: game.dataset)
    _ = try session.previewItems(count: 8)
    #expect(session.deadUnits == nil)
  }
}
