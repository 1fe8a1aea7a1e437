/// What a run's own records say of its health; its JSON is the output of `gan diagnose --json`.
package struct RunExamination: Encodable, Sendable {
  /// The run's folder.
  package let run: String
  /// Steps that are recorded, and those of the whole run.
  package let step, totalSteps: Int
  /// The first step in which something can be a verdict.
  package let judgedFrom: Int
  /// True if it came to its end.
  package let isFinished: Bool
  /// What looks wrong, the worst first after what may be the length alone, and what did so for a
  /// while.
  package let verdicts: [Verdict]
  /// The last samples beside real items; nil of runs that did not record them.
  package let samples: SampleMeasures?
  /// The run's options.
  package let options: TrainingOptions

  /// A finding with what follows from it.
  package struct Verdict: Encodable, Sendable {
    package let kind: RunDiagnosis.Kind
    /// What it looks like, and its numbers.
    package let words, evidence: String
    /// The steps in which it was seen; 0 for what the options say.
    package let since, until: Int?
    package let meaning, page: String
    /// Flags of `gan train` for another run; nil where none are known to help.
    package let advice: [String]?
  }

  private enum CodingKeys: String, CodingKey {
    case run, step, totalSteps, judgedFrom, isFinished, verdicts, samples
  }

  /// Reads a run's folder.
  ///
  /// - Throws: `FormatError`; `TrainingError.notRun` where it has no options, `.foreign` where its
  ///   records are damaged.
  package init(of folder: RunFolder) throws {
    let options = try folder.readOptions()
    let lines = try folder.statisticsLines()
    var doctor = RunDoctor(options)
    for point in [DiagnosisPoint](lines) { _ = doctor.take(point) }
    (run, self.options, totalSteps) = (folder.path, options, options.totalSteps)
    step = lines.last?.step ?? 0
    judgedFrom = RunDoctor.youngSteps(options)
    isFinished = folder.isFinished
    let divergence = lines.compactMap(\.finding).filter { $0.kind == .divergence }
    let now =
      isFinished
      ? doctor.diagnosis
      : RunDiagnosis(
        findings: doctor.present + RunDiagnosis.findings(of: options), samples: nil)
    let all = divergence + now.findings + doctor.past
    verdicts = all.map { Verdict($0, of: options) }
    samples = lines.last { $0.samples != nil }?.samples
  }
}

extension RunExamination.Verdict {
  fileprivate init(_ finding: RunDiagnosis.Finding, of options: TrainingOptions) {
    (kind, evidence) = (finding.kind, finding.evidence)
    (since, until) = (finding.since, finding.until)
    (words, meaning, page) = (kind.words, kind.meaning, kind.page)
    advice = finding.advice(for: options)
  }
}
