import Foundation
import GANPage
import Testing

@Suite("The statistics of a run are read on as their file grows")
struct StatisticsHistoryTests {
  private let path = NSTemporaryDirectory() + "/gan-page-\(UUID().uuidString).jsonl"

  private func line(_ step: Int, loss: String = "0.5", seconds: Double, kind: String = "report")
    -> String
  {
    "{\"kind\":\"\(kind)\",\"epoch\":1,\"step\":\(step),\"images\":\(step * 100),"
      + "\"imagesPerSecond\":1000,\"stepSeconds\":0.1,\"elapsedSeconds\":\(seconds),"
      + "\"readings\":{\"discriminator.loss\":{\"mean\":\(loss)}}}\n"
  }

  private func write(_ text: String) throws {
    try Data(text.utf8).write(to: URL(filePath: path))
  }

  @Test func aGrowingFileGivesWhatTheWholeOneDoes() throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    let text = (1...20).map { line($0, seconds: Double($0)) }.joined()
    var grown = StatisticsHistory()
    // Also where a line is cut.
    for count in stride(from: 0, through: text.count, by: 37) + [text.count] {
      try write(String(text.prefix(count)))
      grown.read(path)
    }
    var whole = StatisticsHistory()
    whole.read(path)
    #expect(grown.steps == Array(1...20))
    #expect(grown.steps == whole.steps && grown.columns == whole.columns)
    #expect(grown.seconds == whole.seconds && grown.restarts.isEmpty)
  }

  @Test func aFileThatWasWrittenAnewIsReadAnew() throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    var history = StatisticsHistory()
    try write((1...5).map { line($0, seconds: Double($0)) }.joined())
    history.read(path)
    try write((1...9).map { line($0, loss: "0.25", seconds: Double($0)) }.joined())
    history.read(path)
    #expect(history.steps == Array(1...9))
    #expect(history.columns["discriminator.loss"]?.first == 0.25)
    try FileManager.default.removeItem(atPath: path)
    history.read(path)
    #expect(history.steps.isEmpty)
  }

  @Test func timeGoesOnWhereAnotherProcessDoes() throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    try write(
      line(1, seconds: 10) + line(2, seconds: 20) + line(3, seconds: 5) + line(4, seconds: 6))
    var history = StatisticsHistory()
    history.read(path)
    #expect(history.seconds == [10, 20, 25, 26])
    #expect(history.restarts == [2])
  }

  @Test func whatIsNotFiniteIsShownAsSuch() throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    try write(line(1, seconds: 1) + line(2, loss: "null", seconds: 2) + line(3, seconds: 3))
    var history = StatisticsHistory()
    history.read(path)
    #expect(history.firstNonfinite == ["discriminator.loss": 2])
    #expect(history.columns["discriminator.loss"]?[1].isNaN == true)
  }

  @Test func anEpochsEndCountsOnceAndADamagedLineNotAtAll() throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    try write(
      line(1, seconds: 1) + line(1, seconds: 1, kind: "epoch") + "{\"kind\":\n"
        + line(2, seconds: 2)
        + "{\"kind\":\"evaluation\",\"epoch\":1,\"step\":2,"
        + "\"metrics\":{\"fd\":{\"value\":3,\"floor\":1}}}\n"
    )
    var history = StatisticsHistory()
    history.read(path)
    #expect(history.steps == [1, 2])
    #expect(history.judgements.count == 1)
    #expect(history.judgements.first?.metrics["fd"]?.floor == 1)
  }
}
