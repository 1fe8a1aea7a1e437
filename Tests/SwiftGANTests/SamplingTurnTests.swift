import Foundation
import GANTestSupport
import Synchronization
import Testing

@testable import GANRuntime
@testable import GANTraining
@testable import SwiftGAN

extension SwiftGANTests {
  @Test("Samples during a training wait for three of its steps at most, of whichever model")
  func samplesBetweenSteps() async throws {
    let scratch = try SmallMNIST()
    let other = try await GAN.train(tiny, on: ramp)
    let data = try TrainingSet.images(
      (0..<320).map { UInt8(truncatingIfNeeded: 3 * $0) }, shape: [1, 2, 2], name: "ramps")
    var options = tiny
    options.epochs = 8
    let resolved = try options.resolved(for: data)
    #expect(resolved.stepsPerEpoch == Customer.stepsPerEpoch)
    let run = try RunFolder.create(
      in: scratch.path(of: "runs"), for: resolved,
      on: RunEnvironment(threads: 1, dataset: data.items))
    var request = TrainingRequest(resolved, on: data.items, in: run)
    let customer = Customer(of: other, andOfTheRunIn: run.path)
    request.observers = [customer]
    let training = Training(try GAN.engine.training(request), in: run.path)
    #expect(try await training.result().step == 64)
    #expect(
      customer.served.withLock { $0 } == ["other", "own", "other", "own", "other", "own", "other"])
  }
}

/// Asks for samples within each epoch of a training but the first, and lets it go on three steps
/// later only when they are there.
///
/// Its identity is what it was served.
private final class Customer: RunObserver {
  static let stepsPerEpoch = 8
  private static let askingStep = 2
  /// Tells a hang.
  private static let patience = Duration.seconds(60)

  /// Whose samples came.
  let served = Mutex<[String]>([])
  private let other: GAN
  private let folder: String

  private struct Hang: Error { let awaited: String }

  init(of other: GAN, andOfTheRunIn folder: String) { (self.other, self.folder) = (other, folder) }

  func isDue(at position: RunPosition) -> Bool {
    let step = position.step % Self.stepsPerEpoch
    return position.epoch > 1 && (step == Self.askingStep || step == Self.askingStep + 3)
  }

  func look(at moment: RunMoment) async throws {
    let (number, step) = (moment.position.epoch - 1, moment.position.step)
    guard step % Self.stepsPerEpoch == Self.askingStep else {
      return try wait(for: "samples \(number)") { served.withLock { $0.count } == number }
    }
    Task.detached { [other, folder, self] in
      let isOther = !number.isMultiple(of: 2)
      let gan = isOther ? other : try GAN(contentsOf: folder)
      let count = try await gan.samples(count: 100).count
      // Its own are of one of its checkpoints.
      guard count == 100, isOther || gan.step < step else { return }
      served.withLock { $0.append(isOther ? "other" : "own") }
    }
    // The training has the engine, so that whoever waits for it is the one who asks.
    let engine = try GAN.engine
    try wait(for: "request \(number)") { engine.thread.isAwaited }
  }

  /// Keeps the engine until something has happened.
  private func wait(for what: String, until hasHappened: () -> Bool) throws {
    let end = ContinuousClock.now + Self.patience
    while !hasHappened() {
      guard ContinuousClock.now < end else { throw Hang(awaited: what) }
      usleep(100)
    }
  }
}
