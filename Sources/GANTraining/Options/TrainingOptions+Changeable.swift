import GANLearning

extension TrainingOptions {
  /// The options whose values may change while a run goes on: those that may follow a schedule, as
  /// far as they apply. The step reads them before it runs; all others are part of its program, of
  /// the data's order or of the files.
  package var changeable: [OptionKey] {
    OptionKey.all.filter { key in
      guard case .schedule = key.type, key.appliesWhen?.holds(self) ?? true else { return false }
      switch key.path {
      // Without an average there is none to begin, and changes that all happen draw no chances.
      case "average.halfLife": return average.isOn
      case "augmentationProbability": return augmentationProbability != 1
      default: return true
      }
    }
  }

  /// The options with the values that hyperparameters had at last.
  package func changed(by changes: [HyperparameterChange]) -> TrainingOptions {
    let changeable = changeable
    var options = self
    for change in changes {
      guard let key = changeable.first(where: { $0.path == change.name }) else { continue }
      _ = key.restore(change.to.map(OptionValue.number) ?? key.value(in: self), in: &options)
    }
    return options
  }

  /// A hyperparameter of a run, in the step after some.
  package struct Hyperparameter: Hashable, Sendable {
    /// The option.
    package let name: String
    /// Its value in that step.
    package let value: Double
    /// True where the value is not the options'.
    package let isChanged: Bool
  }

  /// The hyperparameters that may change, with their values in the step after `step` steps.
  ///
  /// - Parameter changes: The run's, in the order of their steps.
  package func hyperparameters(
    after step: Int, _ changes: [HyperparameterChange]
  ) -> [Hyperparameter] {
    let images = epochPlan.itemCount(beforeStep: step)
    return changeable.compactMap { key in
      let made = changes.last { $0.name == key.path && $0.step <= step + 1 }?.to
      guard let schedule = ScheduledValue(key.text(of: self)) else { return nil }
      return Hyperparameter(
        name: key.path, value: made ?? schedule.value(afterImages: images), isChanged: made != nil)
    }
  }
}

extension OptionKey {
  /// A value that the option may change to while a run goes on: a number, or a text that spells one.
  ///
  /// - Throws: `OptionsError.unfit` for anything else, and for an option that cannot change so.
  package func number(_ value: OptionValue) throws(OptionsError) -> Double {
    guard case .schedule(let range) = type else {
      throw .contradiction("\(path) cannot change while a run goes on")
    }
    let type = OptionType.number(range)
    guard case .number(let number)? = type.read(value) else {
      throw .unfit(
        key: path, value: value.description, requirement: type.requirement, origin: nil)
    }
    return number
  }
}
