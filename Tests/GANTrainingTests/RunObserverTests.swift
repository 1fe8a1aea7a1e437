import GANData
import GANNetworks
import GANTensor
import GANTestSupport
import Synchronization
import Testing

@testable import GANTraining

@Suite("Observers look where they said, and change nothing")
struct RunObserverTests {
  /// Looks at every third step, and draws items.
  private final class Looker: RunObserver {
    let steps = Mutex<[Int]>([])

    func isDue(at position: RunPosition) -> Bool { position.step.isMultiple(of: 3) }

    func look(at moment: RunMoment) async throws {
      _ = try moment.session.items(count: 5, purpose: .evaluationLatents)
      steps.withLock { $0.append(moment.position.step) }
    }
  }

  private struct Refusal: Error {}

  /// Ends the run at its first look.
  private struct Refuser: RunObserver {
    func isDue(at position: RunPosition) -> Bool { position.endsRound }
    func look(at moment: RunMoment) async throws { throw Refusal() }
  }

  private func request() throws -> TrainingRequest {
    let dataset = ImageDataset.strokes(count: 100)
    var options = TrainingOptions()
    options.adopt(dataset)
    (options.threads, options.batchSize, options.epochs) = (1, 20, 2)
    (options.generator.hidden, options.discriminator.hidden) = ([8], [8])
    return TrainingRequest(options, on: dataset)
  }

  private func weights(_ request: TrainingRequest) async throws -> [[UInt8]] {
    try #require(try await Engine().training(request).outcome()).generator.tensors.map {
      $0.tensor.bytes
    }
  }

  @Test("A run that is looked at ends with the bits of one that is not")
  func reads() async throws {
    let plain = try request()
    var observed = plain
    let looker = Looker()
    observed.observers = [looker]
    #expect(try await weights(observed) == weights(plain))
    #expect(looker.steps.withLock { $0 } == [3, 6, 9])
  }

  @Test("What an observer throws ends the run")
  func refusal() async throws {
    var request = try request()
    request.observers = [Refuser()]
    await #expect(throws: Refusal.self) { try await weights(request) }
  }

  @Test("Two listeners of one run hear the same reports")
  func listeners() async throws {
    var request = try request()
    request.options.reportInterval = 1
    let run = try Engine().training(request)
    let listeners = [run.events, run.events]
    var heard: [[Int]] = []
    for events in listeners {
      var steps: [Int] = []
      for try await event in events {
        if case .report(let report) = event { steps.append(report.position.step) }
      }
      heard.append(steps)
    }
    // The second joined before the first step, or in it.
    #expect(heard[0] == Array(1...10))
    #expect(heard[0].suffix(heard[1].count) == heard[1][...])
  }
}
