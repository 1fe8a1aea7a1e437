/// What a report, or an evaluation, tells of a run's health: the reading that rules look at.
///
/// It is the same whether a run tells it or a line of its `stats.jsonl`.
package struct DiagnosisPoint: Hashable, Sendable {
  package var step: Int
  /// From 1.
  package var epoch: Int
  /// Means over the steps of the report; nil where not finite or not reported.
  package var discriminatorLoss, realScore, fakeScore: Double?
  /// The length of the generator's gradient in the step reported.
  package var generatorGradientNorm: Double?
  /// The mean sign of the logits of real items in the step reported, from -1 to 1.
  package var realSign: Double?
  /// The samples of a round's end beside real items.
  package var samples: SampleMeasures?
  /// Clipped Coverage, of an evaluation.
  package var coverage: Double?

  /// A report without readings.
  package init(step: Int, epoch: Int = 1) { (self.step, self.epoch) = (step, epoch) }

  /// The readings of a line.
  package init(_ line: StatisticsLine) {
    self.init(step: line.step, epoch: line.epoch)
    func mean(_ name: String) -> Double? {
      line.mean(name).flatMap { $0.isFinite ? $0 : nil }
    }
    discriminatorLoss = mean("discriminator.loss")
    realScore = mean("discriminator.realScore")
    fakeScore = mean("discriminator.fakeScore")
    generatorGradientNorm = mean("generator.gradientNorm")
    realSign = mean("discriminator.logits.real.sign")
    samples = line.samples
    coverage = line.coverage
  }

  /// An evaluation.
  package init(_ judgement: RunJudgement, at position: RunPosition) {
    self.init(step: position.step, epoch: position.epoch)
    coverage = judgement[DecidingMetric.clippedCoverage.rawValue]
  }
}

extension [DiagnosisPoint] {
  /// The points of a run's lines, a report and the epoch's end of the same step in one.
  package init(_ lines: [StatisticsLine]) {
    self = lines.enumerated().compactMap { index, line in
      let next = index + 1 < lines.count ? lines[index + 1] : nil
      guard line.kind != .report || next?.kind != .epoch || next?.step != line.step else {
        return nil
      }
      return DiagnosisPoint(line)
    }
  }
}
