/// What looks wrong with a run, by what the run itself knows: its scores, its losses, its length and
/// its samples.
///
/// It is a judgement by thresholds, not a measurement: nothing found does not mean that the samples
/// are good. A rule is one row of `DiagnosisRule.all`; `RunDoctor` follows them from report to
/// report, for the warnings of a run, for the verdict at its end, and for `gan diagnose`.
package struct RunDiagnosis: Codable, Hashable, Sendable {
  /// What looks wrong, the worst first; before it that the run was too short, where that may be all.
  package let findings: [Finding]
  /// What was looked at of the last samples.
  package let samples: SampleMeasures?

  /// One thing that looks wrong.
  package struct Finding: Codable, Hashable, Sendable {
    package let kind: Kind
    /// The numbers it is told by, in words.
    package let evidence: String
    /// The first step of those it was seen in; 0 for what the options say.
    package let since: Int?
    /// The step in which it was no longer seen; nil while it is.
    package var until: Int?

    package init(_ kind: Kind, _ evidence: String, since: Int? = nil, until: Int? = nil) {
      (self.kind, self.evidence, self.since, self.until) = (kind, evidence, since, until)
    }
  }

  /// The kinds of trouble, the worst first, each a heading of `docs/troubleshooting.md`.
  package enum Kind: String, Codable, CaseIterable, Sendable {
    /// A number became NaN or infinite.
    case divergence
    /// The discriminator is sure of everything.
    case saturation
    /// The discriminator knows its few images by heart.
    case overfitting
    /// The generator's gradient is nothing.
    case stuckGenerator
    /// Nearly all units of a layer of the generator are 0, whatever its latents.
    case deadUnits
    /// The samples are few different items, or one.
    case collapse
    /// The samples are training images.
    case copying
    /// Who is ahead changes all the time.
    case oscillation
    /// The samples are noise.
    case noise
    /// Options that are known to fail together.
    case settings
    /// The run was too short for its recipe.
    case tooFewSteps
  }

  /// Collects findings.
  ///
  /// - Parameter first: Those before the worst of the others.
  package init(first: [Finding] = [], findings: [Finding], samples: SampleMeasures?) {
    let order = Kind.allCases
    self.findings =
      first
      + findings.sorted {
        (order.firstIndex(of: $0.kind) ?? 0) < (order.firstIndex(of: $1.kind) ?? 0)
      }
    self.samples = samples
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
    return worst.words + (others.isEmpty ? "" : "; also: \(others.joined(separator: ", "))")
      + "; see \(worst.kind.page)"
  }
}

extension RunDiagnosis.Finding {
  /// What it looks like, its numbers and since when, without a full stop.
  package var words: String {
    let start = since.flatMap { $0 > 0 ? ", since step \($0)" : nil } ?? ""
    return "\(kind.words) (\(evidence)\(start))"
  }
}
