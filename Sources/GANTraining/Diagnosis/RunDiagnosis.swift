/// What looks wrong at the end of a run, by what the run itself knows: its scores, its losses, its
/// length and its last samples.
///
/// It is a judgement by thresholds, not a measurement: nothing found does not mean that the samples
/// are good. A rule is one function in `RunDiagnosis+Rules.swift` and one row of `rules`.
package struct RunDiagnosis: Codable, Hashable, Sendable {
  /// What looks wrong, the worst first.
  package let findings: [Finding]
  /// What was looked at of the last samples.
  package let samples: SampleMeasures

  /// One thing that looks wrong.
  package struct Finding: Codable, Hashable, Sendable {
    package let kind: Kind
    /// The numbers it is told by, in words.
    package let evidence: String

    package init(_ kind: Kind, _ evidence: String) {
      (self.kind, self.evidence) = (kind, evidence)
    }
  }

  /// The kinds of bad ends, each a heading of `docs/troubleshooting.md`.
  package enum Kind: String, Codable, CaseIterable, Sendable {
    /// The samples are one image, or nearly.
    case collapse
    /// The discriminator is sure of everything.
    case saturation
    /// The samples are noise.
    case noise
    /// The run was too short for its recipe.
    case tooFewSteps
  }

  /// What the rules look at.
  package struct Evidence: Sendable {
    /// The run's options.
    package let options: TrainingOptions
    /// Its losses and scores.
    package let history: RunHistory
    /// Its last samples beside real items.
    package let samples: SampleMeasures

    package init(_ options: TrainingOptions, _ history: RunHistory, _ samples: SampleMeasures) {
      (self.options, self.history, self.samples) = (options, history, samples)
    }
  }

  /// Judges a run.
  package init(_ evidence: Evidence) {
    findings = Self.rules.compactMap { $0(evidence) }
    samples = evidence.samples
  }
}

extension RunDiagnosis.Kind {
  /// What it looks like, to follow "it looks as if".
  package var words: String {
    switch self {
    case .collapse: "the generator makes nearly the same image of everything"
    case .saturation: "the discriminator has won, and the generator learns no more"
    case .noise: "the samples are still noise"
    case .tooFewSteps: "the run was too short"
    }
  }

  /// The page and heading that say what to do.
  package var page: String {
    let heading =
      switch self {
      case .collapse: "collapse"
      case .saturation: "saturation"
      case .noise: "noise"
      case .tooFewSteps: "too-few-steps"
      }
    return "docs/troubleshooting.md#\(heading)"
  }
}

extension RunDiagnosis {
  /// One line: the worst finding with its page and how many others there are, or that nothing was
  /// found.
  package var line: String {
    guard let worst = findings.first else {
      return "no sign of collapse, saturation or noise; look at the samples all the same"
    }
    let others = findings.dropFirst().map(\.kind.shortName)
    return "\(worst.kind.words) (\(worst.evidence))"
      + (others.isEmpty ? "" : "; also: \(others.joined(separator: ", "))")
      + "; see \(worst.kind.page)"
  }
}

extension RunDiagnosis.Kind {
  /// Its name among others.
  package var shortName: String {
    switch self {
    case .collapse: "collapse"
    case .saturation: "saturation"
    case .noise: "noise"
    case .tooFewSteps: "too few steps"
    }
  }
}
