import GANNetworks
import GANTensor
package import GANTraining

extension TrainingOptions {
  /// Decides how often the generator is evaluated where nobody has said so.
  ///
  /// Images with labels are evaluated at the end and at most 20 times in the run, as often as is estimated
  /// to take 3 % of its time at most. There is no evaluation where that does not allow for one, of points and
  /// of images that nothing is known about. The decision follows from the options and the data alone, so that
  /// equal runs are evaluated at equal steps.
  package mutating func decideEvaluation() {
    guard evaluation.interval == nil else { return }
    evaluation.interval = 0
    let isLabelled = classCount.map { $0 > 1 } ?? false
    guard isLabelled, (try? GeneratorJudge.requireImages(of: self)) != nil else { return }
    let epochCount = totalSteps / stepsPerEpoch
    let affordable = 0.03 * Double(totalSteps) * stepWork / evaluationWork
    let times = min(20, Int(affordable), epochCount)
    guard times > 0 else { return }
    // Only the end of a round has a checkpoint that could be the best.
    let round = epochsPerRound
    evaluation.interval = ((epochCount + times - 1) / times + round - 1) / round * round
  }

  /// Images of each side in an evaluation: as many as asked for, and at most half of the data, so that the floor
  /// can compare one half with the other.
  var evaluatedCount: Int { min(evaluation.count, datasetCount / 2) }

  /// Multiply-adds of a step: a gradient takes two passes more than the network itself.
  private var stepWork: Double {
    let generator = Double(network(of: .generator).multiplyAddsPerItem)
    let discriminator = Double(network(of: .discriminator).multiplyAddsPerItem)
    let discriminatorUpdate = generator + 6 * discriminator
    let generatorUpdate = 3 * generator + 2 * discriminator
    return Double(batchSize)
      * (Double(discriminatorSteps) * discriminatorUpdate + generatorUpdate)
  }

  /// What an evaluation takes, in multiply-adds of a step that would last as long.
  private var evaluationWork: Double {
    let generator = network(of: .generator).multiplyAddsPerItem
    let features = FeaturePlan.features(of: itemShape, endsWithReLU: true).multiplyAddsPerItem
    // As long again takes what compares the features: 0.8 s in all on two Zen 1 cores for 5,000
    // images, 73 steps of the tutorial.
    return 2 * Double(evaluatedCount) * Double(generator + features)
  }
}
