import GANData
import GANRuntime

extension Engine {
  /// The cost of a training step, found by preparing one and running none, for a run's first lines.
  ///
  /// - Parameter options: Checked first; the data are random ones of their shape, as few as one
  ///   full step takes.
  /// - Throws: `OptionsError`; `RuntimeError.tooLarge` where this machine has no memory for it.
  package func cost(of options: TrainingOptions) throws -> StepCost {
    try options.validate()
    let setup = options.setup
    let data = try options.syntheticData(count: options.batchSize * options.discriminatorSteps)
    return try StepPrograms(
      of: setup.game, setup.plan(itemCount: options.datasetCount), on: [data],
      device: setup.makeDevice(),
      measuring: ReportPlan(options)
    ).cost
  }
}
