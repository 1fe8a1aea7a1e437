import GANLearning
import GANNetworks
import Testing

@testable import GANTraining

@Suite("The doctor of a run tells trouble from what is usual, and since when")
struct RunDoctorTests {
  /// The tutorial's options, whose first 12,000 steps are young.
  private static func options(_ change: (inout TrainingOptions) -> Void = { _ in })
    -> TrainingOptions
  {
    var options = TrainingOptions()
    change(&options)
    return options
  }

  /// A report in good health, every 200 steps, and what a round's end says every 600.
  private static func healthy(_ report: Int) -> DiagnosisPoint {
    var point = DiagnosisPoint(step: 200 * report, epoch: (report - 1) / 3 + 1)
    let wave = 0.05 * Double((report * 7) % 5 - 2)
    (point.realScore, point.fakeScore) = (0.85 + wave, 0.15 + wave)
    (point.discriminatorLoss, point.generatorGradientNorm) = (0.3 + wave, 20)
    point.realSign = 0.7
    guard report.isMultiple(of: 3) else { return point }
    var samples = SampleMeasures(spread: 0.8, roughness: 1.2)
    (samples.nearest, samples.closeness, samples.deadUnits) = (0.7, 0.9, 0.8)
    point.samples = samples
    return point
  }

  /// The verdicts that begin over some reports, with the steps in which they do.
  private static func begun(
    _ options: TrainingOptions = options(), reports: ClosedRange<Int> = 1...120,
    _ change: (Int, inout DiagnosisPoint) -> Void
  ) -> (begun: [(step: Int, finding: RunDiagnosis.Finding)], doctor: RunDoctor) {
    var doctor = RunDoctor(options)
    var begun: [(step: Int, finding: RunDiagnosis.Finding)] = []
    for report in reports {
      var point = healthy(report)
      change(report, &point)
      begun += doctor.take(point).map { (point.step, $0) }
    }
    return (begun, doctor)
  }

  @Test("A healthy series has no verdict, in any objective, nor at its end")
  func health() {
    for objective in Objective.allCases {
      let (begun, doctor) = Self.begun(Self.options { $0.objective = objective }) { _, _ in }
      #expect(begun.isEmpty, "\(objective)")
      #expect(doctor.diagnosis.findings.isEmpty, "\(objective)")
    }
  }

  /// A trouble that begins with a report, and how many reports it takes to be told.
  struct Trouble: CustomTestStringConvertible, Sendable {
    let kind: RunDiagnosis.Kind
    /// Reports until the verdict.
    let within: Int
    var options: @Sendable (inout TrainingOptions) -> Void = { _ in }
    /// True if the healthy part of its series needs the change, too.
    var isChangedBefore = false
    let change: @Sendable (Int, inout DiagnosisPoint) -> Void

    var testDescription: String { kind.rawValue }
  }

  static let troubles: [Trouble] = [
    Trouble(kind: .saturation, within: 5) { _, point in
      (point.realScore, point.fakeScore, point.discriminatorLoss) = (0.999, 0.001, 0.002)
    },
    Trouble(
      kind: .saturation, within: 5, options: { $0.objective = .relativistic },
      change: { _, point in point.discriminatorLoss = 0.01 }),
    Trouble(
      kind: .overfitting, within: 5, options: { ($0.datasetCount, $0.epochs) = (300, 40_000) },
      change: { _, point in
        (point.realScore, point.fakeScore, point.discriminatorLoss) = (0.97, 0.02, 0.06)
        point.realSign = 0.99
      }),
    Trouble(kind: .stuckGenerator, within: 5) { _, point in point.generatorGradientNorm = 1e-7 },
    Trouble(kind: .collapse, within: 8) { _, point in
      if point.samples != nil { point.samples = SampleMeasures(spread: 0.1, roughness: 1) }
    },
    Trouble(kind: .collapse, within: 8) { _, point in point.samples?.nearest = 0.01 },
    Trouble(kind: .collapse, within: 8) { _, point in
      point.samples?.modes = .init(found: 3, total: 8)
    },
    Trouble(kind: .collapse, within: 3, isChangedBefore: true) { report, point in
      point.coverage = report < 61 ? 0.6 : 0.05
    },
    Trouble(kind: .deadUnits, within: 8) { _, point in point.samples?.deadUnits = 0.97 },
    Trouble(kind: .copying, within: 8) { _, point in point.samples?.closeness = 0.1 },
    Trouble(kind: .oscillation, within: 12) { report, point in
      point.fakeScore = report.isMultiple(of: 2) ? 0.05 : 0.95
    },
  ]

  @Test(
    "Each trouble is told once, within its patience, with the step it began in", arguments: troubles
  )
  func verdict(trouble: Trouble) throws {
    // After the young part.
    let first = 61
    let (begun, doctor) = Self.begun(Self.options(trouble.options)) { report, point in
      if report >= first || trouble.isChangedBefore { trouble.change(report, &point) }
    }
    #expect(begun.map(\.finding.kind) == [trouble.kind])
    let told = try #require(begun.first)
    #expect(told.step <= 200 * (first + trouble.within), "\(told)")
    #expect(try #require(told.finding.since) >= 200 * first, "\(told)")
    #expect(doctor.diagnosis.findings.map(\.kind) == [trouble.kind])
  }

  @Test("What young runs have is told only where it stays", arguments: troubles)
  func youth(trouble: Trouble) {
    let (begun, doctor) = Self.begun(Self.options(trouble.options)) { report, point in
      if report <= 36 { trouble.change(report, &point) }
    }
    #expect(begun.isEmpty && doctor.diagnosis.findings.isEmpty)
  }

  @Test("A blip is no verdict", arguments: troubles)
  func blip(trouble: Trouble) {
    let (begun, _) = Self.begun(Self.options(trouble.options)) { report, point in
      if (90...91).contains(report) { trouble.change(report, &point) }
    }
    #expect(begun.isEmpty)
  }

  @Test("A verdict ends where it is over, and begins anew where it comes again")
  func end() {
    let (begun, doctor) = Self.begun(reports: 1...200) { report, point in
      if (70...100).contains(report) || report >= 150, point.samples != nil {
        point.samples = SampleMeasures(spread: 0.1, roughness: 1)
      }
    }
    #expect(begun.map(\.finding.kind) == [.collapse, .collapse])
    #expect(doctor.past.map(\.since) == [200 * 72])
    #expect(doctor.past.map(\.until) == [200 * 108])
    #expect(doctor.present.map(\.since) == [200 * 150])
  }

  @Test("Reports without a reading neither make nor end a verdict")
  func silence() {
    let (begun, doctor) = Self.begun { report, point in
      point.samples =
        report >= 70 && report.isMultiple(of: 10) ? SampleMeasures(spread: 0.1, roughness: 1) : nil
      point.generatorGradientNorm = nil
    }
    #expect(begun.map(\.finding.kind) == [.collapse])
    #expect(doctor.present.count == 1)
  }

  @Test(
    "At the end of a run that is not short a bad last state is enough; of a short one its length")
  func ends() {
    let bad = SampleMeasures(spread: 0.1, roughness: 3)
    func kinds(
      epochs: Int, badSince first: Int = 120, _ change: (inout TrainingOptions) -> Void = { _ in }
    ) -> [RunDiagnosis.Kind] {
      let options = Self.options {
        $0.epochs = epochs
        change(&$0)
      }
      return Self.begun(options, reports: 1...120) { report, point in
        if report >= first, point.samples != nil { point.samples = bad }
      }.doctor.diagnosis.findings.map(\.kind)
    }
    #expect(kinds(epochs: 100) == [.collapse, .noise])
    // Of less than half the steps its youth may be the reason, unless it was seen for long.
    #expect(kinds(epochs: 99) == [.tooFewSteps, .collapse, .noise])
    #expect(kinds(epochs: 99, badSince: 90) == [.collapse, .noise])
    #expect(kinds(epochs: 99, badSince: 121) == [])
    #expect(kinds(epochs: 20) == [.tooFewSteps, .collapse, .noise])
    #expect(kinds(epochs: 10) == [.tooFewSteps])
    // What the options say comes after the length, too.
    #expect(
      kinds(epochs: 10) { ($0.epochs, $0.steps, $0.batchSize) = (nil, 900, 1) } == [
        .tooFewSteps, .settings,
      ])
  }

  @Test("Options known to fail together are told before the first step, and healthy ones are not")
  func settings() throws {
    func count(_ change: (inout TrainingOptions) -> Void) -> Int {
      RunDiagnosis.findings(of: Self.options(change)).count
    }
    #expect(count { $0.batchSize = 1 } == 1)
    #expect(count { ($0.batchSize, $0.packing) = (2, 2) } == 1)
    #expect(count { ($0.penalties, $0.discriminator.normalization) = ([.wganGP], .batch) } == 1)
    func lazy(_ change: (inout TrainingOptions) -> Void = { _ in }) -> Int {
      count {
        ($0.objective, $0.penalties, $0.penalty.r2.interval) = (.relativistic, [.r1, .r2], 16)
        change(&$0)
      }
    }
    #expect(lazy() == 1)
    #expect(lazy { $0.penalty.r2.interval = 1 } == 0)
    #expect(lazy { $0.objective = .nonSaturating } == 0)
    for recipe in Recipe.all {
      #expect(RunDiagnosis.findings(of: recipe.options).isEmpty, "\(recipe.name)")
    }
  }

  @Test("What is advised can be set on every recipe, and changes it")
  func advice() throws {
    let silent: Set<RunDiagnosis.Kind> = [.divergence, .noise, .tooFewSteps, .settings]
    for recipe in Recipe.all {
      for kind in RunDiagnosis.Kind.allCases where !silent.contains(kind) {
        let finding = RunDiagnosis.Finding(kind, "", since: 1)
        // Points are not augmented.
        guard recipe.options.makesImages || ![.overfitting, .copying].contains(kind) else {
          continue
        }
        #expect(finding.advice(for: recipe.options) != nil, "\(recipe.name), \(kind)")
      }
    }
    let single = Self.options { $0.batchSize = 1 }
    let finding = try #require(RunDiagnosis.findings(of: single).first)
    #expect(finding.advice(for: single) == ["--set", "batchSize=64"])
  }

  @Test("Lines of statistics give the points that the run itself looked at")
  func lines() {
    func line(_ kind: StatisticsLine.Kind, _ step: Int) -> StatisticsLine {
      var report = TrainingReport(
        position: RunPosition(
          step: step, stepsPerEpoch: kind == .epoch ? step : 100, totalSteps: 1_000),
        images: step, losses: StepReport(), readings: ReadingAccumulator().readings,
        stepSeconds: 1, elapsedSeconds: 1, imagesPerSecond: 1)
      if kind == .epoch { report.samples = SampleMeasures(spread: 0.5, roughness: 1) }
      return StatisticsLine(report)
    }
    let points = [DiagnosisPoint](
      [line(.report, 10), line(.report, 20), line(.epoch, 20), line(.report, 30)])
    #expect(points.map(\.step) == [10, 20, 30])
    #expect(points.map { $0.samples?.spread } == [nil, 0.5, nil])
  }
}
