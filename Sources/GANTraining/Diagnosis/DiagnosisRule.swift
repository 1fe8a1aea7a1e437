import GANLearning
import GANNetworks

/// A sign of trouble, and how long it must be seen before it is a verdict.
struct DiagnosisRule: Sendable {
  let kind: RunDiagnosis.Kind
  /// Points in a row that show it, and the steps from the first of them to the last.
  let patience: (points: Int, steps: Int)
  /// Points in a row that are enough at the end of a run that is not short.
  let patienceAtEnd: Int
  /// What a point shows.
  let sign: @Sendable (DiagnosisPoint, DiagnosisMemory, TrainingOptions) -> Sign

  /// What a point shows of a rule's trouble.
  enum Sign: Hashable, Sendable {
    /// The point has no reading that would tell.
    case silent
    /// Nothing of it.
    case absent
    /// It is there, by these numbers.
    case present(String)
  }

  init(
    _ kind: RunDiagnosis.Kind, points: Int, steps: Int = 0, atEnd: Int,
    sign: @escaping @Sendable (DiagnosisPoint, DiagnosisMemory, TrainingOptions) -> Sign
  ) {
    (self.kind, self.sign) = (kind, sign)
    (patience, patienceAtEnd) = ((points, steps), atEnd)
  }
}

/// What rules remember of earlier points: a few numbers, however long the run is.
struct DiagnosisMemory: Hashable, Sendable {
  /// The mean scores of generated items in the last reports.
  private(set) var fakeScores: [Double] = []
  /// The greatest coverage of an evaluation so far.
  private(set) var greatestCoverage = 0.0

  /// Reports that are looked back at.
  static let reportCount = 24

  mutating func take(_ point: DiagnosisPoint) {
    greatestCoverage = max(greatestCoverage, point.coverage ?? 0)
    guard let score = point.fakeScore else { return }
    fakeScores = (fakeScores + [score]).suffix(Self.reportCount)
  }

  /// How often the scores went from below one bound to above the other, or back.
  func swings(below low: Double, above high: Double) -> Int {
    var (count, isHigh): (Int, Bool?) = (0, nil)
    for score in fakeScores where score < low || score > high {
      if let isHigh, isHigh != (score > high) { count += 1 }
      isHigh = score > high
    }
    return count
  }
}
