internal import GANLearning

extension TrainingSession {
  /// The hyperparameters that may change while the run goes on, with their values in the next step.
  package var hyperparameters: [(name: String, value: Double)] {
    var found: [(name: String, value: Double)] = []
    for input in programs.prepared.flatMap(\.hyperparameters) {
      guard !found.contains(where: { $0.name == input.name }) else { continue }
      found.append((input.name, value(of: input)))
    }
    return found
  }

  private func value(of input: HyperparameterInput) -> Double {
    changed[input.name]
      ?? input.schedule.value(afterImages: plan.epoch.itemCount(beforeStep: step))
  }

  /// Gives a hyperparameter a value from the next step on, in place of its schedule's; `nil` has it
  /// follow the schedule again. No program is made for it, and no checkpoint records it.
  ///
  /// - Throws: As `change(of:to:)`.
  package func setHyperparameter(_ name: String, to value: Double?) throws(OptionsError) {
    make(try change(of: name, to: value))
  }

  /// The change that gives a hyperparameter a value from the next step on; it is not made yet.
  ///
  /// - Throws: `OptionsError.unknown` if no program so far has one by that name, `.unfit` if it
  ///   cannot have the value.
  func change(of name: String, to value: Double?) throws(OptionsError) -> HyperparameterChange {
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
    return HyperparameterChange(
      step: step + 1, name: name, from: self.value(of: input), to: value)
  }

  /// Makes a change, which holds from the next step on.
  func make(_ change: HyperparameterChange) { changed[change.name] = change.to }

  /// Makes the changes of a run again: those up to the next step now, each later one at its step.
  func repeatChanges(_ changes: [HyperparameterChange]) {
    planned = changes[...]
    makePlannedChanges()
  }

  /// Makes the changes that hold from the next step on; allocates nothing where there are none.
  func makePlannedChanges() {
    while let next = planned.first, next.step <= step + 1 {
      make(next)
      planned.removeFirst()
    }
  }
}
