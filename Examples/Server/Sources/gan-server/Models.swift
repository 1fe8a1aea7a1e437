import SwiftGAN

/// What the server has trained, is training and was asked to sample, by name.
actor Models {
  private var trained: [String: GAN] = [:]
  private var work: [String: Task<Void, Never>] = [:]
  private let digits = ImageData.strokes(count: 2_000)

  /// Begins to train a model.
  func train(_ name: String, epochs: String?) {
    var options = GANOptions.tutorial
    (options.epochs, options.batchSize) = (epochs.flatMap { Int($0) } ?? 1, 50)
    (options.generatorHidden, options.discriminatorHidden) = ([32], [32])
    options.reportInterval = 10
    begin(name) { [options, digits] in
      let gan = try await GAN.train(options, on: digits) { say(name, "step \($0.step)") }
      await self.keep(gan, as: name)
      say(name, "trained")
    }
  }

  /// Begins to generate images.
  func sample(_ name: String, count: String?) {
    guard let gan = trained[name] else { return say(name, "not trained") }
    let count = count.flatMap { Int($0) } ?? 64
    begin("\(name)/samples") {
      let samples = try await gan.samples(count: count)
      say(name, "\(count) samples, \(samples.values.count) values")
    }
  }

  /// Ends what goes on under a name.
  func cancel(_ name: String) { work[name]?.cancel() }

  private func keep(_ gan: GAN, as name: String) { trained[name] = gan }

  private func begin(_ name: String, _ body: @escaping @Sendable () async throws -> Void) {
    work[name]?.cancel()
    work[name] = Task {
      do {
        try await body()
      } catch is CancellationError {
        say(name, "cancelled")
      } catch {
        say(name, "failed: \(error)")
      }
    }
  }
}
