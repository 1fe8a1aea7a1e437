import GANLearning
import GANNetworks
import GANTensor
import Testing

@testable import GANTraining

@Suite("Options that no networks can be made of are refused before anything is trained")
struct NetworkOptionsTests {
  @Test(
    "Classes that no data have", arguments: [(-4, 0), (0, 0), (257, 0), (Int.max, 0), (3, 4)])
  func classes(count: Int, names: Int) throws {
    var options = TrainingOptions()
    options.conditioning = .concatenation
    options.classCount = count
    options.classNames = names == 0 ? nil : (0..<names).map { "class \($0)" }
    #expect(throws: OptionsError.self) { try options.validate() }
    (options.classCount, options.classNames) = (256, ["the first of many"])
    try options.validate()
  }

  /// A recipe for 41 items, of which the last batch of ten holds one.
  private static func oneLeft(_ recipe: String) throws -> TrainingOptions {
    var options = try Recipe.named(recipe).options
    (options.datasetCount, options.batchSize) = (41, 10)
    return options
  }

  @Test(
    "The statistics of a single value are refused, those of an image's pixels are not",
    arguments: [("cgan", false), ("tutorial", true), ("dcgan-28", true), ("sngan-32", true)])
  func batchStatistics(recipe: String, isFit: Bool) throws {
    var options = try Self.oneLeft(recipe)
    if options.conditioning != .none { options.classCount = 10 }
    if isFit {
      try options.validate()
    } else {
      let error = #expect(throws: OptionsError.self) { try options.validate() }
      #expect("\(try #require(error))".contains("41 items in batches of 10"))
      options.datasetCount = 42
      try options.validate()
    }
  }

  @Test("Batches of more pixels than an augmentation can move are refused, and one less is not")
  func movedPixels() throws {
    var options = try Recipe.named("tutorial").options
    options.itemShape = [1, 1_024, 1_024]
    options.batchSize = 17
    try options.validate()
    options.augmentation = [.color, .cutout]
    try options.validate()
    for change in [
      { $0.augmentation = [.translation] }, { $0.augmentation = [.geometry] },
      { $0.horizontalFlip = true },
    ] as [(inout TrainingOptions) -> Void] {
      var moving = options
      moving.augmentation = []
      change(&moving)
      #expect(throws: OptionsError.self) { try moving.validate() }
      moving.batchSize = 16
      try moving.validate()
    }
  }
}
