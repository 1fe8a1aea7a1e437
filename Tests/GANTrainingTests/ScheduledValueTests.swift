import Foundation
import GANLearning
import Testing

@Suite("A scheduled value goes from one number to another")
struct ScheduledValueTests {
  struct Golden: Sendable {
    let schedule: ScheduledValue
    /// At 0, 1/4, 1/2, 3/4 and 1 of the way.
    let values: [Double]
    /// Half a unit of the last published digit.
    let tolerance: Double
  }

  // Huang et al., "The GAN is dead; long live the GAN! A Modern GAN Baseline", 2025, arXiv:2501.05441:
  // the burn-ins of its CIFAR-10 and Stacked MNIST runs.
  static let golden = [
    Golden(
      schedule: ScheduledValue(from: 2e-4, to: 5e-5, over: 20_000_000, .cosine),
      values: [2e-4, 1.7803e-4, 1.25e-4, 7.197e-5, 5e-5], tolerance: 5e-9),
    Golden(
      schedule: ScheduledValue(from: 0.05, to: 0.005, over: 20_000_000, .cosine),
      values: [0.05, 0.043410, 0.0275, 0.011590, 0.005], tolerance: 5e-7),
    Golden(
      schedule: ScheduledValue(from: 0.9, to: 0.99, over: 20_000_000, .cosine),
      values: [0.9, 0.913180, 0.945, 0.976820, 0.99], tolerance: 5e-7),
    Golden(
      schedule: ScheduledValue(from: 1, to: 0.1, over: 2_000_000, .cosine),
      values: [1, 0.868198, 0.55, 0.231802, 0.1], tolerance: 5e-7),
    Golden(
      schedule: ScheduledValue(from: 0, to: 500_000, over: 2_000_000, .cosine),
      values: [0, 73_223, 250_000, 426_777, 500_000], tolerance: 0.5),
    Golden(
      schedule: ScheduledValue(from: 4, to: -4, over: 400, .linear), values: [4, 2, 0, -2, -4],
      tolerance: 0),
  ]

  @Test("Its values are the published ones", arguments: golden)
  func publishedValues(golden: Golden) throws {
    let images = try #require(golden.schedule.change).images
    for (quarter, expected) in golden.values.enumerated() {
      let value = golden.schedule.value(afterImages: images / 4 * quarter)
      #expect(abs(value - expected) <= golden.tolerance, "\(golden.schedule) at \(quarter)/4")
    }
  }

  @Test("Beyond its ends it stays at exactly the numbers there", arguments: golden)
  func endsAreExact(golden: Golden) throws {
    let change = try #require(golden.schedule.change)
    #expect(golden.schedule.value(afterImages: 0) == golden.schedule.start)
    #expect(golden.schedule.value(afterImages: change.images) == change.end)
    #expect(golden.schedule.value(afterImages: 10 * change.images) == change.end)
    #expect(ScheduledValue(0.3).value(afterImages: 1_000_000) == 0.3)
  }

  @Test(
    "Its text is read back as the same value, and is the JSON of a change",
    arguments: golden.map(\.schedule) + [0.0002, 10, 0])
  func roundTrips(schedule: ScheduledValue) throws {
    #expect(ScheduledValue(schedule.description) == schedule)
    let json = String(decoding: try JSONEncoder().encode([schedule]), as: UTF8.self)
    #expect(schedule.change == nil || json == "[\"\(schedule)\"]")
  }

  @Test("A value that stays is a number in JSON, as ever")
  func constantsAreNumbers() throws {
    #expect(
      String(decoding: try JSONEncoder().encode([ScheduledValue(0.25)]), as: UTF8.self) == "[0.25]")
  }

  @Test("Without a curve it is a line, and images may be written as 2e6")
  func lenientText() {
    #expect(
      ScheduledValue("1 to 2 over 2e6") == ScheduledValue(from: 1, to: 2, over: 2_000_000, .linear))
  }

  @Test(
    "What is neither a number nor a change of one is refused",
    arguments: [
      "", "fast", "1 to 2", "1 to 2 over 0", "1 to 2 over -5 linear", "1 to 2 over 10.5",
      "1 to 2 over 10 square", "1 to x over 10", "1 to 2 over 10 linear images", "1 2 3 4 5",
    ])
  func refusals(text: String) {
    #expect(ScheduledValue(text) == nil)
  }
}
