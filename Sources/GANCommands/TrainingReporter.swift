import GANData
import GANEvaluation
import GANTensor
import GANTraining

/// Says on the console, and in lines of JSON on standard output where they are asked for, what happens
/// while a run trains.
struct TrainingReporter {
  private let run: RunFolder
  private let console: Console
  private let printsLines: Bool
  private let showsPreview: Bool

  /// Creates the reporter of a run.
  ///
  /// - Parameters:
  ///   - printsLines: True to print the lines of `stats.jsonl`, too.
  ///   - showsPreview: True to draw some of an epoch's images where the console can.
  init(of run: RunFolder, on console: Console, printsLines: Bool, showsPreview: Bool) {
    (self.run, self.console) = (run, console)
    (self.printsLines, self.showsPreview) = (printsLines, showsPreview)
  }

  /// Says one thing that happened.
  ///
  /// - Throws: Where the output or the log cannot be written.
  func show(_ event: TrainingEvent) throws {
    switch event {
    case .prepared(let cost, let memoryBytes):
      try console.say(
        "step: \(cost.multiplyAdds) multiply-adds, \(megabytes(cost.stateBytes)) of state, "
          + "\(megabytes(cost.arenaBytes)) of arena")
      if let memoryBytes { try console.say("memory: \(megabytes(memoryBytes)), data included") }
    case .report(let report):
      try console.say(report.consoleLine, rows: report.consoleRows)
      try printLine(report.statisticsLine(kind: "report"))
    case .epoch(let report, let fakeItems):
      try printLine(report.statisticsLine(kind: "epoch"))
      if showsPreview, let fakeItems, fakeItems.areImages { console.show(fakeItems) }
    case .progress(let report):
      console.show(report)
    case .judged(let judgement, let position, let images, let isBest):
      try console.say("evaluation: " + judgement.consoleLine(at: position, isBest: isBest))
      try printLine(judgement.statisticsLine(at: position, images: images))
    case .judging(let words):
      try console.say("evaluation: \(words)")
    case .stalled(let count, let bestStep):
      try console.say(
        "evaluation: \(count) without a better one than "
          + (bestStep.map { "that of step \($0)" } ?? "none"))
    case .warned(let warning):
      try console.say("warning: \(warning.finding.words); see \(run.examinationCommand)")
      try printLine(warning.statisticsLine)
    case .changed(let change):
      try console.say("changed: \(change)")
    case .collapsed(let step):
      try console.say("collapsed: stopping at step \(step), as --on-collapse stop asks for")
    case .finished(let outcome):
      console.end()
      try console.say(
        "done: \(durationWords(outcome.elapsedSeconds))"
          + (outcome.memoryBytes.map { ", \(megabytes($0)) of memory" } ?? ""))
      try console.say("verdict: \(outcome.diagnosis.line)")
    case .missed(let reportCount):
      try console.say("\(reportCount) reports came too fast to be shown; stats.jsonl has them")
    case .interrupted:
      break
    }
  }

  private func printLine(_ line: String) throws {
    guard printsLines else { return }
    print(line)
    try flushStandardOutput()
  }
}
