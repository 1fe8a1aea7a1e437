import GANData
import GANTensor
import GANTraining

extension TrainingOptions {
  /// The length of the run, and in a second line that of its recipe where the data make much less of
  /// it: `length: 200 epochs of 5 steps, 1,000 in all`, `length: tutorial is made for about 120,000
  /// steps: --steps 120000`.
  package var lengthLines: [String] {
    let steps = "\(stepsPerEpoch.grouped) step\(stepsPerEpoch == 1 ? "" : "s")"
    let length =
      epochs.map { "\($0.grouped) epochs of \(steps), \(totalSteps.grouped) in all" }
      ?? "\(totalSteps.grouped) steps, \(stepsPerEpoch.grouped) an epoch"
    return ([length] + (shortfall.map { [$0] } ?? [])).map { "length: \($0)" }
  }

  /// How often the generator is judged: `evaluation: every 10 epochs and at the end; --set
  /// evaluation.interval=0 makes none`; nil where it is not.
  package var evaluationLine: String? {
    guard evaluation.isOn, let interval = evaluation.interval else { return nil }
    let often = interval == 1 ? "every epoch" : "every \(interval.grouped) epochs"
    return "evaluation: \(often) and at the end; --set evaluation.interval=0 makes none"
  }

  /// The recipe's length, where fewer data than it was made for make less than half of it.
  private var shortfall: String? {
    guard let recipe = try? Recipe.named(recipe), recipe.options.steps == nil,
      2 * stepsPerEpoch <= recipe.options.stepsPerEpoch, 2 * totalSteps <= recipe.wantedSteps
    else { return nil }
    let wanted = Self.rounded(recipe.wantedSteps)
    return "\(recipe.name) is made for about \(wanted.grouped) steps: --steps \(wanted)"
  }

  /// A number of two digits and zeros.
  private static func rounded(_ count: Int) -> Int {
    var unit = 1
    while count / unit >= 100 { unit *= 10 }
    return (count + unit / 2) / unit * unit
  }

  /// The recipe that was taken as it fits the data: `recipe: photos-32 fits 304 colour images of
  /// 32x32; --recipe names another`.
  package var fittingRecipeLine: String {
    let kind = itemShape[0] == 1 ? "gray" : "colour"
    let extents = itemShape.dimensions.dropFirst().map(String.init).joined(separator: "x")
    return "recipe: \(recipe) fits \(datasetCount.grouped) \(kind) images of \(extents); "
      + "--recipe names another"
  }
}
