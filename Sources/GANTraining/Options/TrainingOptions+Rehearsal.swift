extension TrainingOptions {
  /// The options of the shortest run that does everything this one would: two steps, each with a report,
  /// then a picture, a checkpoint and, if it is evaluated, an evaluation of few images.
  package var rehearsal: TrainingOptions {
    var options = self
    (options.epochs, options.steps) = (nil, min(totalSteps, 2))
    options.reportInterval = 1
    options.checkpointInterval = 1
    if evaluation.isOn {
      options.evaluation.interval = 1
      options.evaluation.count = min(evaluation.count, 100)
    }
    return options
  }
}
