import GANTraining

extension RunExamination {
  /// Every verdict with its numbers, its meaning and what to try.
  func text(of folder: RunFolder) -> String {
    let state = isFinished ? "finished, " : ""
    let headline = "\(run): \(state)\(step.grouped) of \(totalSteps.grouped) steps"
    guard !verdicts.isEmpty else {
      return headline + "\nno sign of trouble; look at the samples all the same"
    }
    return ([headline] + verdicts.map { text(of: $0, in: folder) }).joined(separator: "\n\n")
  }

  private func text(of verdict: Verdict, in folder: RunFolder) -> String {
    let advice =
      verdict.kind == .divergence
      ? [folder.adviceAfterDivergence(of: options)]
      : verdict.advice.map { ["to try: " + folder.restart(with: $0)] } ?? []
    let rows = [("seen", verdict.evidence), ("means", verdict.meaning), ("more", verdict.page)]
    let lines = rows.flatMap { name, words in
      words.broken(atMost: 70).enumerated().map {
        "  " + ($0 == 0 ? name : "").padded(to: 8) + $1
      }
    }
    return (["\(verdict.words)\(verdict.timeWords)"] + lines + advice.map { "  \($0)" })
      .joined(separator: "\n")
  }
}

extension RunExamination.Verdict {
  /// When it was seen.
  fileprivate var timeWords: String {
    guard let since, since > 0 else { return "" }
    return until.map { ", from step \(since) to \($0)" } ?? ", since step \(since)"
  }
}
