/// Follows a run's rules from report to report.
///
/// The same points give the same verdicts, whether a run tells them, a run that goes on reads them
/// again, or `gan diagnose` does.
package struct RunDoctor: Sendable {
  private let options: TrainingOptions
  private var memory = DiagnosisMemory()
  private var watches = DiagnosisRule.all.map(Watch.init)
  /// The verdicts that are over.
  private(set) var past: [RunDiagnosis.Finding] = []
  private var lastSamples: SampleMeasures?

  /// A rule and what it has seen lately.
  private struct Watch: Sendable {
    let rule: DiagnosisRule
    /// The first of the points in a row that show it.
    var since: Int?
    var points = 0
    /// Points in a row that do not.
    var clearPoints = 0
    var evidence = ""
    var isOpen = false

    init(_ rule: DiagnosisRule) { self.rule = rule }

    var finding: RunDiagnosis.Finding { .init(rule.kind, evidence, since: since) }
  }

  /// Follows a run from its start.
  package init(_ options: TrainingOptions) { self.options = options }

  /// Steps before which nothing is a verdict: every run begins with one smudge and a discriminator
  /// that tells it.
  package static func youngSteps(_ options: TrainingOptions) -> Int {
    let wanted = (try? Recipe.named(options.recipe))?.wantedSteps ?? 0
    return max(500, Int(leastLength * Double(wanted)))
  }

  /// A run of less than this part of its recipe's steps is too short to be judged by its last state.
  static let leastLength = 0.1
  /// In one of less than this part the last state alone may be that of a young run.
  static let usualLength = 0.5

  /// Looks at the next point.
  ///
  /// - Returns: The verdicts that begin with it.
  package mutating func take(_ point: DiagnosisPoint) -> [RunDiagnosis.Finding] {
    memory.take(point)
    if let samples = point.samples { lastSamples = samples }
    var begun: [RunDiagnosis.Finding] = []
    for index in watches.indices {
      let kind = watches[index].rule.kind
      switch watches[index].rule.sign(point, memory, options) {
      case .silent: continue
      case .absent: clear(index, at: point.step)
      case .present(let evidence):
        let isKnown = watches.contains { $0.isOpen && $0.rule.kind == kind }
        if see(index, evidence, at: point.step), !isKnown { begun.append(watches[index].finding) }
      }
    }
    return begun
  }

  /// - Returns: True if a verdict begins.
  private mutating func see(_ index: Int, _ evidence: String, at step: Int) -> Bool {
    let first = watches[index].since ?? step
    watches[index].since = first
    watches[index].evidence = evidence
    watches[index].points += 1
    watches[index].clearPoints = 0
    let patience = watches[index].rule.patience
    guard !watches[index].isOpen, step >= Self.youngSteps(options),
      watches[index].points >= patience.points, step - first >= patience.steps
    else { return false }
    watches[index].isOpen = true
    return true
  }

  /// A verdict ends once as many points in a row do not show it as it took to begin.
  private mutating func clear(_ index: Int, at step: Int) {
    watches[index].clearPoints += 1
    guard
      !watches[index].isOpen || watches[index].clearPoints >= watches[index].rule.patience.points
    else { return }
    if watches[index].isOpen {
      var finding = watches[index].finding
      finding.until = step
      past.append(finding)
    }
    watches[index] = Watch(watches[index].rule)
  }

  // MARK: Verdicts

  /// What looks wrong now.
  var present: [RunDiagnosis.Finding] {
    Self.once(watches.filter(\.isOpen).map(\.finding))
  }

  /// What looks wrong where the run has ended: at an end less patience is asked for.
  ///
  /// What a run of less than half its recipe's steps shows at its end alone may be its youth.
  package var diagnosis: RunDiagnosis {
    let settings = RunDiagnosis.findings(of: options)
    guard !isShorter(than: Self.leastLength) else {
      return RunDiagnosis(
        first: shortness, findings: present + settings, samples: lastSamples)
    }
    let seen = watches.filter { $0.isOpen || $0.points >= $0.rule.patienceAtEnd }.map(\.finding)
    let findings = Self.once(seen) + noise
    let mayBeYoung = present.isEmpty && !findings.isEmpty && isShorter(than: Self.usualLength)
    return RunDiagnosis(
      first: mayBeYoung ? shortness : [], findings: findings + settings, samples: lastSamples)
  }

  /// The first of each kind.
  private static func once(_ findings: [RunDiagnosis.Finding]) -> [RunDiagnosis.Finding] {
    findings.enumerated().filter { index, finding in
      !findings[..<index].contains { $0.kind == finding.kind }
    }.map(\.element)
  }

  /// Whether the run as it is asked for has less than a part of its recipe's steps.
  private func isShorter(than part: Double) -> Bool {
    guard let recipe = try? Recipe.named(options.recipe) else { return false }
    return Double(options.totalSteps) < part * Double(recipe.wantedSteps)
  }

  private var shortness: [RunDiagnosis.Finding] {
    let wanted = (try? Recipe.named(options.recipe))?.wantedSteps ?? 0
    return [.init(.tooFewSteps, "\(options.totalSteps) of about \(wanted) steps")]
  }

  /// Neighbouring pixels that differ so much more than real ones' are noise.
  static let mostRoughness = 1.8

  private var noise: [RunDiagnosis.Finding] {
    guard let roughness = lastSamples?.roughness, roughness > Self.mostRoughness else { return [] }
    let number = DiagnosisRule.number(roughness)
    return [.init(.noise, "neighbouring pixels differ \(number) times as much as real ones'")]
  }
}
