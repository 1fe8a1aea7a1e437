import Foundation
import SwiftGAN

/// What the server has trained, is training and was asked to sample, by name.
actor Models {
  private let folder: String
  private let digits: TrainingSet
  private var trained: [String: GAN] = [:]
  private var trainings: [String: Training] = [:]
  private var work: [String: Task<Void, Never>] = [:]

  init(in folder: String) throws {
    self.folder = folder
    digits = try TrainingSet.strokes(count: 500)
  }

  /// Begins to train a model.
  func train(_ name: String, epochs: String?) {
    var options = GANOptions.tutorial
    (options.epochs, options.batchSize) = (epochs.flatMap { Int($0) } ?? 1, 50)
    (options.generatorHidden, options.discriminatorHidden) = ([32], [32])
    options.reportInterval = 10
    options["optimizer.generator.learningRate"] = "0.0003"
    begin(name) { [options, digits, folder] in
      try await self.follow(name, GAN.training(options, on: digits, in: folder))
    }
  }

  /// Goes on with a training that was stopped.
  func resume(_ name: String) {
    guard let run = trainings[name]?.folder else { return say(name, "never trained") }
    begin(name) { [digits] in try await self.follow(name, GAN.resume(run, on: digits)) }
  }

  /// Generates images.
  func sample(_ name: String, count: String?) {
    guard let gan = trained[name] else { return say(name, "not trained") }
    begin("\(name)/samples") { [folder] in
      let samples = try await gan.samples(count: count.flatMap { Int($0) } ?? 64)
      let path = "\(folder)/\(name).png"
      try samples.png().write(to: URL(filePath: path), options: .atomic)
      say(name, "\(samples.count) samples")
    }
  }

  /// Asks a training to stop.
  func stop(_ name: String) { trainings[name]?.stop() }

  /// Ends what goes on under a name.
  func cancel(_ name: String) {
    for key in [name, "\(name)/samples"] { work[key]?.cancel() }
  }

  /// Tells what happens in a training, and keeps what it ends with.
  private func follow(_ name: String, _ training: Training) async throws {
    trainings[name] = training
    for try await event in training.events {
      switch event {
      case .report(let progress):
        say(name, "step \(progress.step)")
      case .stopped(let step):
        // Until it goes on, its checkpoint is of use.
        if let run = training.folder { trained[name] = try GAN(contentsOf: run) }
        say(name, "stopped at step \(step)")
      case .finished(let gan):
        trained[name] = gan
        say(name, "trained for \(gan.step) steps")
      case .prepared, .epoch, .evaluated, .missed:
        break
      }
    }
    try Task.checkCancellation()
  }

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
