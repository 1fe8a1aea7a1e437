import GANEvaluation

extension FeatureNote {
  /// A line on the training of a classifier; nil for what an experiment does not say.
  var words: String? {
    switch self {
    case .began(let name, let step, let steps):
      "training a classifier of \(name) once, \(steps) steps"
        + (step > 0 ? ", on from step \(step)" : "")
    case .training(let step, let steps, let secondsLeft) where step.isMultiple(of: steps / 6):
      "step \(step) of \(steps), \(Int(secondsLeft.rounded(.up))) s left"
    case .training, .saved, .trained, .unkept, .computing: nil
    }
  }
}
