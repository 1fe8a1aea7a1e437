internal import GANLearning

extension TrainingSession {
  /// The hyperparameters that may change while the run goes on, with their values in the next step.
  package var hyperparameters: [(name: String, value: Double)] {
    let images = plan.epoch.itemCount(beforeStep: step)
    var found: [(name: String, value: Double)] = []
    for input in programs.prepared.flatMap(\.hyperparameters) {
      guard !found.contains(where: { $0.name == input.name }) else { continue }
      found.append(
        (input.name, changed[input.name] ?? input.schedule.value(afterImages: images)))
    }
    return found
  }

  /// Gives a hyperparameter a value from the next step on, in place of its schedule's; `nil` has it
  /// follow the schedule again. No program is made for it, and no checkpoint records it.
  ///
  /// - Throws: `OptionsError.unknown` if no program so far has one by that name, `.unfit` if it
  ///   cannot have the value.
  package func setHyperparameter(_ name: String, to value: Double?) throws(OptionsError) {
    let known = programs.prepared.flatMap(\.hyperparameters)
    guard let input = known.first(where: { $0.name == name }) else {
      throw .unknown(
        key: name, nearest: nearestName(to: name, among: known.map(\.name)), origin: nil)
    }
    if let value, !input.range.contains(value) {
      throw .unfit(
        key: name, value: "\(value)",
        requirement: "from \(input.range.lowerBound) to below \(input.range.upperBound)",
        origin: nil)
    }
    changed[name] = value
  }
}
