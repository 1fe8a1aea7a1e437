import GANData
import GANNetworks
import GANTraining

/// A trained generative adversarial network.
///
/// Training and sampling run on one thread of their own, and on as many helpers as the options
/// ask for; whoever waits is never blocked.
public struct GAN: Sendable {
  private let generator: SavedNetwork
  private let discriminator: SavedNetwork?

  /// The process's only engine: each would have threads of its own, and they would be in each
  /// other's way.
  private static let engine = Engine()

  /// Trains a generator and a discriminator against each other.
  ///
  /// The same options, images and number of threads give the same networks, to the bit. Cancel the
  /// task to stop after the step in progress.
  ///
  /// - Parameters:
  ///   - options: What to train, and for how long.
  ///   - images: What the generator is to imitate.
  ///   - report: Called every `options.reportInterval` steps.
  /// - Throws: Where an option is out of range, the run diverges, or oneDNN is not to be had.
  public static func train(
    _ options: GANOptions, on images: ImageData,
    report: (TrainingProgress) throws -> Void = { _ in }
  ) async throws -> GAN {
    let resolved = options.resolved(for: images)
    for try await event in engine.training(
      TrainingRequest(resolved, on: images.dataset)
    ).events {
      switch event {
      case .prepared, .progress, .epoch, .missed, .interrupted: break
      case .report(let progress): try report(TrainingProgress(progress))
      case .finished(let outcome):
        return GAN(generator: outcome.generator, discriminator: outcome.discriminator)
      }
    }
    // The stream ends early only where this task was cancelled.
    throw CancellationError()
  }

  /// Reads what `save(to:)` wrote, or the `generator.safetensors` of a run of the command `gan`.
  ///
  /// - Throws: Where the file is missing, damaged, or not ours.
  public init(contentsOf path: String) throws {
    self.init(generator: try SavedNetwork(.generator, contentsOf: path), discriminator: nil)
  }

  private init(generator: SavedNetwork, discriminator: SavedNetwork?) {
    self.generator = generator
    self.discriminator = discriminator
  }

  /// Generates images.
  ///
  /// - Parameters:
  ///   - count: How many, at least 1.
  ///   - label: Of which class, from 0; nil for all classes in turn, where the generator is told
  ///     classes.
  ///   - seed: Decides them; more images of one seed begin with the same ones.
  /// - Throws: Where there is no such class or the generator is told none; where oneDNN is not to be
  ///   had.
  public func samples(count: Int, label: Int? = nil, seed: UInt64 = 0) async throws -> Samples {
    precondition(count > 0, "asked for \(count) samples")
    return Samples(
      try await Self.engine.samples(
        of: generator, count: count, labels: label.map { try generator.labels($0) }, seed: seed,
        threads: defaultThreadCount))
  }

  /// How many classes the generator is told; nil where it is told none.
  public var classCount: Int? { generator.network.classCount }

  /// Writes the generator as safetensors under PyTorch's names; `torch` and `gan sample` read it.
  ///
  /// - Throws: Where the file cannot be written.
  public func save(to path: String) throws { try generator.write(to: path) }

  /// Writes the discriminator likewise; a GAN that was read from a file has none.
  ///
  /// - Returns: Whether there was one.
  /// - Throws: Where the file cannot be written.
  @discardableResult
  public func saveDiscriminator(to path: String) throws -> Bool {
    try discriminator?.write(to: path)
    return discriminator != nil
  }
}
