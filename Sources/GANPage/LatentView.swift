import Foundation
import GANData
import GANEvaluation
import GANFormats
import GANNetworks
import GANRuntime
import GANServing
import GANTensor
import GANTraining
import Synchronization

/// A run's generator as of some step, ready to make images of any latents.
///
/// Its identity is the thread that makes them, which is none of those that train.
final class LatentView: Sendable {
  let generator: SavedNetwork
  /// Unit vectors along which the first layer changes images most, the strongest first.
  let directions: [[Float]]
  private let service: SampleService

  /// Directions that are found; a latent may have fewer.
  private static let directionCount = 8

  /// Prepares the newest generator of a run.
  ///
  /// - Throws: `Refusal` 404 where there is none yet, or where it makes no images.
  init(_ folder: RunFolder) throws {
    let generator: SavedNetwork
    do {
      generator = try folder.savedNetwork(of: .generator)
    } catch TrainingError.notRun {
      throw Refusal(404, "There is no checkpoint yet: the first comes at the end of an epoch.")
    }
    guard generator.options.makesImages else {
      throw Refusal(404, "This generator makes points, not images.")
    }
    let count = min(Self.directionCount, generator.network.inputShape.elementCount)
    let found = try waiting {
      try await Engine().directions(
        of: generator, by: .weights, count: count, seed: 0, on: .fastest, threads: 1)
    }
    let (values, size) = (found.directions.floats, found.directions.shape[1])
    directions = (0..<count).map { Array(values[$0 * size..<($0 + 1) * size]) }
    service = try SampleService(generator, on: .fastest, threads: 1)
    self.generator = generator
  }

  /// Numbers of a latent.
  var latentSize: Int { generator.network.inputShape.elementCount }

  /// A latent of a seed, as `gan sample` numbers them.
  func latent(_ number: Int, seed: UInt64) -> [Float] {
    let element = ItemSampler.Latents.drawn(seed: seed, .sampleLatents).element
    return (0..<latentSize).map { element(number * latentSize + $0) }
  }

  /// The images of latents in a grid, as a PNG.
  ///
  /// - Parameter labels: One for each, if the generator is told classes.
  /// - Throws: `Refusal` 503 where too many images wait already.
  func picture(of latents: [[Float]], _ labels: [Int32]?, _ grid: ImageGrid) throws -> Response {
    try .bytes(grid.png(of: images(of: latents, labels)), .png)
  }

  /// The images of latents, `[N, C, H, W]` in [-1, 1].
  ///
  /// - Parameter labels: One for each, if the generator is told classes.
  /// - Throws: `Refusal` 503 where too many images wait already.
  func images(of latents: [[Float]], _ labels: [Int32]?) throws -> HostTensor {
    let order = SampleService.Order(
      latents: latents.flatMap(\.self), labels: labels, count: latents.count)
    do {
      let shape = Shape([latents.count] + generator.options.itemShape.dimensions)
      return HostTensor(shape: shape, try service.images(order))
    } catch is SampleService.Busy {
      throw Refusal(503, "Too many images wait to be made: try again.")
    }
  }
}

/// The generators that pages look into, the last two.
///
/// Its identity is the list.
final class LatentViews: Sendable {
  private static let limit = 2
  private let views = Mutex<[(name: String, version: String, view: LatentView)]>([])

  /// The generator of a run.
  ///
  /// - Parameter isNewest: True to read it again where the run has a newer one.
  /// - Throws: As `LatentView.init`.
  func view(_ record: RunRecord, isNewest: Bool) throws -> LatentView {
    try views.withLock { views in
      let version = record.networkVersion
      let place = views.firstIndex { $0.name == record.name }
      if let place, !isNewest || views[place].version == version { return views[place].view }
      let view = try LatentView(record.folder)
      if let place { views.remove(at: place) }
      views = views.suffix(Self.limit - 1) + [(name: record.name, version: version, view: view)]
      return view
    }
  }
}
