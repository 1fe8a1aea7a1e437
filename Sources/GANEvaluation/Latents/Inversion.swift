import Foundation
import GANNetworks
package import GANRuntime
import GANStatistics
package import GANTensor
package import GANTraining

/// The latents whose images are nearest to given ones, as far as a search finds them.
///
/// Many latents are drawn, and the nearest few of each image descend by Adam; the best of those go on.
/// A generator makes few of all images: the distance that is left says how far an image is from what
/// it can make, once images of its own are found.
package struct Inversion: Sendable {
  /// `[N, L]`.
  package let latents: HostTensor
  /// The classes that go with them; nil for a generator that is told none.
  package let labels: [Int]?
  /// The mean squared differences of pixels in [-1, 1], `[N]`.
  package let errors: [Double]

  /// How much is searched.
  package struct Effort: Hashable, Sendable {
    /// Latents that are drawn, for all images alike.
    package var candidates = 2_000
    /// The nearest ones that descend.
    package var starts = 8
    /// Steps of all of them.
    package var steps = 200
    /// Steps of the best `survivors` afterwards.
    package var furtherSteps = 600
    /// The best that go on.
    package var survivors = 2

    package init() {}
  }

  /// Searches, on the engine's thread.
  ///
  /// - Parameters:
  ///   - images: `[N, C, H, W]` in [-1, 1], of the generator's extents.
  ///   - seed: Decides the latents that are drawn.
  ///   - pause: Called between steps, with the share that is done.
  /// - Throws: `RuntimeError`, and what `pause` throws.
  init(
    of images: HostTensor, by generator: SavedNetwork, effort: Effort = Effort(), seed: UInt64,
    on device: any Device, pause: (_ share: Double) async throws -> Void
  ) async throws {
    let count = images.shape[0]
    let targets = images.floats
    let classes = generator.network.classCount
    let search = try LatentSearch(generator, seed: seed, on: device)
    var starts = try await search.nearest(to: targets, count: count, effort) { share in
      try await pause(0.2 * share)
    }
    try await search.descend(&starts, targets, steps: effort.steps) { share in
      try await pause(0.2 + 0.4 * share)
    }
    starts = (0..<count).flatMap { image in
      starts.filter { $0.image == image }.sorted { $0.error < $1.error }.prefix(effort.survivors)
    }
    try await search.descend(&starts, targets, steps: effort.furtherSteps) { share in
      try await pause(0.6 + 0.4 * share)
    }
    let best = (0..<count).compactMap { image in
      starts.filter { $0.image == image }.min { $0.error < $1.error }
    }
    latents = HostTensor(
      shape: [count, search.latentSize], best.flatMap { $0.best })
    labels = classes.map { _ in best.map { Int($0.label) } }
    errors = best.map { Double($0.error) }
  }
}

extension Engine {
  /// Searches the latents of images.
  ///
  /// - Throws: As `Inversion.init`; `CancellationError`.
  package func inversion(
    of images: HostTensor, by generator: SavedNetwork,
    effort: Inversion.Effort = Inversion.Effort(), seed: UInt64, on device: DeviceKind,
    threads: Int, note: @Sendable (_ share: Double) -> Void
  ) async throws -> Inversion {
    let device = try device.makeDevice(threadCount: threads)
    return try await Inversion(
      of: images, by: generator, effort: effort, seed: seed, on: device
    ) { share in
      note(share)
      await passTurn()
      try Task.checkCancellation()
    }
  }
}
