import GANData
import GANTensor
import Synchronization
import Testing

@testable import GANTraining

@Suite("Events reach every listener, and none of them fills the memory")
struct TrainingEventTests {
  private func report(_ step: Int) -> TrainingReport {
    TrainingReport(
      position: RunPosition(step: step, stepsPerEpoch: 10, totalSteps: 1_000_000), images: step,
      losses: StepReport(), readings: ReadingAccumulator().readings, stepSeconds: 1,
      elapsedSeconds: 1, imagesPerSecond: 1)
  }

  private var picture: HostTensor { HostTensor(shape: [1, 1, 1, 1], [Float(0)]) }

  /// What a listener hears, in words.
  private func heard(_ mailbox: TrainingEventMailbox) async throws -> [String] {
    var words: [String] = []
    while let event = try await mailbox.next() {
      switch event {
      case .prepared: words.append("prepared")
      case .progress(let report): words.append("progress \(report.position.step)")
      case .report(let report): words.append("report \(report.position.step)")
      case .epoch(let report, let items):
        words.append("epoch \(report.position.step)\(items == nil ? "" : " with picture")")
      case .judged(_, let position, _, _): words.append("judged \(position.step)")
      case .judging(let what): words.append("judging \(what)")
      case .stalled(let count, _): words.append("stalled after \(count)")
      case .warned(let warning): words.append("warned of \(warning.finding.kind)")
      case .changed(let change): words.append("changed \(change)")
      case .collapsed(let step): words.append("collapsed \(step)")
      case .missed(let count): words.append("missed \(count)")
      case .interrupted(let step): words.append("interrupted \(step)")
      case .finished: words.append("finished")
      }
    }
    return words
  }

  @Test("The buffer of a listener goes with it")
  func leaving() {
    let hub = TrainingEventHub()
    for _ in 0..<3 {
      weak var left: TrainingEventMailbox?
      do {
        let joined = hub.join()
        left = joined
        hub.tell(.report(report(1)))
      }
      #expect(left == nil)
    }
  }

  @Test("A listener that lags behind keeps the newest pictures and the newest progress")
  func pictures() async throws {
    let mailbox = TrainingEventMailbox()
    for step in 1...6 { mailbox.put(.epoch(report(step), fakeItems: picture)) }
    for step in 7...9 { mailbox.put(.progress(report(step))) }
    mailbox.put(.interrupted(step: 9))
    mailbox.end(.success(()))
    let limit = TrainingEventMailbox.pictureLimit
    let epochs = (1...6).map { "epoch \($0)" + ($0 > 6 - limit ? " with picture" : "") }
    #expect(try await heard(mailbox) == epochs + ["progress 9", "interrupted 9"])
  }

  @Test("It hears how many reports were let go, then the rest in order")
  func reports() async throws {
    let mailbox = TrainingEventMailbox()
    let limit = TrainingEventMailbox.reportLimit
    // So many that the buffer is compacted, too.
    let count = 4 * limit
    mailbox.put(.progress(report(1)))
    for step in 1...count { mailbox.put(.report(report(step))) }
    mailbox.end(.success(()))
    let words = try await heard(mailbox)
    #expect(
      words.prefix(3) == ["missed \(count - limit)", "progress 1", "report \(count - limit + 1)"])
    #expect(words.count == limit + 2)
    #expect(words.last == "report \(count)")
  }

  @Test("The first listener hears all from the start, later ones from when they join")
  func joining() async throws {
    let hub = TrainingEventHub()
    hub.tell(.report(report(1)))
    let first = hub.join()
    hub.tell(.report(report(2)))
    let second = hub.join()
    hub.tell(.report(report(3)))
    hub.end(.success(()))
    let late = hub.join()
    #expect(try await heard(first) == ["report 1", "report 2", "report 3"])
    #expect(try await heard(second) == ["report 3"])
    #expect(try await heard(late) == [])
  }

  @Test("Everybody hears what stopped the run")
  func failure() async throws {
    let hub = TrainingEventHub()
    let listeners = [hub.join(), hub.join()]
    hub.end(.failure(TrainingError.busy(path: "run")))
    for mailbox in listeners + [hub.join()] {
      await #expect(throws: TrainingError.busy(path: "run")) { try await mailbox.next() }
    }
  }

  @Test("A listener that is cancelled while it waits hears no more")
  func cancellation() async throws {
    let mailbox = TrainingEventMailbox()
    let listener = Task { try await mailbox.next() }
    listener.cancel()
    #expect(try await listener.value == nil)
  }
}
