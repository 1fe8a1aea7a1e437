import GANTraining
import Testing

@testable import GANEvaluation

/// Whether, and how often, a run that is not told evaluates its generator.
@Suite("The interval of evaluations follows from the data and the length of the run")
struct EvaluationIntervalTests {
  /// Options, and the interval that is decided for them.
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let recipe: String
    let interval: Int
    var change: @Sendable (inout TrainingOptions) -> Void = { _ in }
  }

  @Test(
    "An evaluation takes 3 % of a run at most, and there are 20 at most",
    arguments: [
      // 120,000 steps of which an evaluation takes the time of 73: 49 would be affordable.
      Case(testDescription: "the tutorial on MNIST", recipe: "tutorial", interval: 10),
      Case(testDescription: "8,400 steps", recipe: "tutorial", interval: 5) { $0.epochs = 14 },
      Case(testDescription: "three epochs", recipe: "tutorial", interval: 0) { $0.epochs = 3 },
      Case(testDescription: "half an epoch", recipe: "dcgan-28", interval: 0) {
        ($0.epochs, $0.steps) = (nil, 400)
      },
      Case(testDescription: "a step of many operations", recipe: "dcgan-28", interval: 2),
      Case(testDescription: "no labels", recipe: "tutorial", interval: 0) { $0.classCount = nil },
      Case(testDescription: "one class", recipe: "tutorial", interval: 0) { $0.classCount = 1 },
      Case(testDescription: "few images", recipe: "tutorial", interval: 0) {
        $0.datasetCount = 100
      },
      Case(testDescription: "points", recipe: "ring-8", interval: 0),
      Case(testDescription: "rounds of several epochs", recipe: "tutorial", interval: 12) {
        $0.roundSteps = 3_600
      },
      Case(testDescription: "told so", recipe: "tutorial", interval: 7) {
        $0.evaluation.interval = 7
      },
      Case(testDescription: "told never", recipe: "tutorial", interval: 0) {
        $0.evaluation.interval = 0
      },
    ])
  func interval(_ example: Case) throws {
    var options = try Recipe.named(example.recipe).options
    options.classCount = 10
    example.change(&options)
    options.decideEvaluation()
    #expect(options.evaluation.interval == example.interval)
  }
}
