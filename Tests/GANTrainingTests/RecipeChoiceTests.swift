import GANData
import GANLearning
import GANTensor
import Testing

@testable import GANTraining

@Suite("Without a recipe's name the data decide")
struct RecipeChoiceTests {
  @Test(
    "Shape, colour, number and name choose the recipe",
    arguments: [
      ([1, 28, 28], 60_000, true, "tutorial"), ([1, 6, 6], 250, true, "tutorial"),
      ([2], 1_000, false, "tutorial"), ([1, 28, 28], 60_000, false, "tutorial"),
      ([1, 28, 28], 300, false, "photos-28"), ([3, 28, 28], 300, true, "photos-28"),
      ([3, 28, 28], 60_000, false, "dcgan-28"), ([3, 32, 32], 304, false, "photos-32"),
      ([1, 32, 32], 304, false, "photos-32"), ([3, 32, 32], 50_000, true, "dcgan-32"),
      ([1, 32, 32], 60_000, false, "dcgan-32"), ([3, 64, 64], 304, false, "photos-64"),
      ([3, 64, 64], 100_000, false, "photos-64"), ([3, 48, 48], 304, false, "photos-64"),
      ([3, 40, 40], 304, false, "photos-32"), ([3, 24, 24], 304, false, "photos-32"),
      ([3, 48, 32], 304, false, "mlp-large"), ([3, 30, 30], 304, false, "mlp-large"),
    ] as [([Int], Int, Bool, String)])
  func choice(shape: [Int], count: Int, isNamed: Bool, name: String) throws {
    let recipe = Recipe.fitting(Shape(shape), count: count, isNamed: isNamed)
    #expect(recipe.name == name)
    // What is chosen can be trained on such data.
    var options = recipe.options
    (options.itemShape, options.datasetCount) = (Shape(shape), count)
    #expect(throws: Never.self) { try options.validateTogether() }
  }

  @Test("A folder's data are awaited; then flags mean what they mean in the recipe that fits")
  func settings() throws {
    let images = ImageDataset(
      name: "photos", imageShape: [3, 32, 32], pixels: [UInt8](repeating: 7, count: 80 * 3_072))
    let settings = try OptionSettings([
      OptionAssignment("dataDir", "photos", .flag("--data-dir")),
      // No effect in the tutorial, which has no penalty.
      OptionAssignment("penalty.r1.weight", "2", .flag("--set")),
    ])
    #expect(settings.awaitsData)
    let fitting = try settings.fitting(images)
    #expect(fitting.choices.recipe == "photos-32" && !fitting.awaitsData)
    #expect(fitting.origin(of: "recipe").description == "fits the data")
    let options = try settings.options(for: images)
    #expect(options.recipe == "photos-32" && options.totalSteps == 10_000)
    #expect(options.penalty.r1.weight == 2 && options.itemShape == [3, 32, 32])
  }

  @Test(
    "Without a folder the recipe is known at once",
    arguments: [
      ([], "tutorial"), ([("imageSize", "32")], "dcgan-32"), ([("dataset", "strokes")], "tutorial"),
      ([("dataset", "ring-8")], "tutorial"), ([("recipe", "dcgan-28")], "dcgan-28"),
      ([("recipe", "auto")], "tutorial"),
      ([("recipe", "cgan"), ("dataDir", "photos")], "cgan"),
    ] as [([(String, String)], String)])
  func foreseen(values: [(String, String)], name: String) throws {
    let settings = try OptionSettings(
      values.map { OptionAssignment($0, $1, .flag("--\($0)")) })
    #expect(settings.choices.recipe == name)
    #expect(settings.options.recipe == name)
  }

  @Test("A folder whose data decide cannot contradict itself before they are known")
  func contradiction() throws {
    let settings = try OptionSettings([
      OptionAssignment("dataDir", "photos", .flag("--data-dir")),
      // Divides the batches of photos-32, not the tutorial's.
      OptionAssignment("packing", "8", .flag("--set")),
    ])
    #expect(throws: Never.self) { try settings.validateBeforeData() }
  }
}
