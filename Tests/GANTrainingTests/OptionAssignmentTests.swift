import GANNetworks
import GANTraining
import Testing

@Suite("Options come from the recipe, a file, the environment and flags, in that order")
struct OptionAssignmentTests {
  @Test("Every option has an environment variable of its own")
  func environmentNames() {
    let names = OptionSettings.settablePaths.map { OptionAssignment.environmentName(of: $0) }
    #expect(Set(names).count == names.count)
    #expect(names.contains("GAN_SET_OPTIMIZER_GENERATOR_LEARNING_RATE"))
    #expect(names.contains("GAN_SET_BATCH_SIZE"))
    #expect(names.allSatisfy { $0.wholeMatch(of: /[A-Z0-9_]+/) != nil })
  }

  @Test("Variables with the prefix are options, the others are not ours")
  func environment() throws {
    let read = try OptionAssignment.all(in: [
      "GAN_SET_SEED": "5", "GAN_SET_GENERATOR_HIDDEN": "[8]", "GAN_EXPLAIN": "1", "SEED": "3",
    ])
    #expect(
      read == [
        OptionAssignment(
          "generator.hidden", "[8]", .environment("GAN_SET_GENERATOR_HIDDEN")),
        OptionAssignment("seed", "5", .environment("GAN_SET_SEED")),
      ])
    let error = #expect(throws: OptionsError.self) {
      try OptionAssignment.all(in: ["GAN_SET_BATCHSIZE": "5"])
    }
    #expect(
      error
        == .unknown(
          key: "GAN_SET_BATCHSIZE", nearest: "GAN_SET_BATCH_SIZE",
          origin: .environment("GAN_SET_BATCHSIZE")))
  }

  @Test("Text without a key is no assignment", arguments: ["", "=", "=5", "seed", "seed 5"])
  func notAnAssignment(text: String) {
    #expect(throws: OptionsError.notAnAssignment(text)) { try OptionAssignment(assignment: text) }
  }

  @Test("A value may hold what separates it from its key")
  func equalsSign() throws {
    let assignment = try OptionAssignment(assignment: "dataDir=a=b")
    #expect((assignment.path, assignment.text) == ("dataDir", "a=b"))
  }

  @Test("A later layer replaces an earlier one, a length of another kind included")
  func layers() throws {
    let file = OptionAssignment("epochs", "3", .file("gan.yaml", line: 1))
    let environment = OptionAssignment("steps", "5", .environment("GAN_SET_STEPS"))
    let flag = OptionAssignment("epochs", "7", .flag("--epochs"))
    for (assignments, epochs, steps) in [
      ([file], 3, nil), ([file, environment], nil, 5), ([file, environment, flag], 7, nil),
    ] as [([OptionAssignment], Int?, Int?)] {
      let settings = try OptionSettings(assignments)
      #expect(settings.options.epochs == epochs)
      #expect(settings.options.steps == steps)
      #expect(settings.origin(of: "epochs") == assignments.last?.origin)
    }
  }

  @Test("A shorthand takes one value, and says so in its own name")
  func shorthands() throws {
    let settings = try OptionSettings([OptionAssignment("hiddenSize", "8", .flag("--hidden-size"))])
    #expect(settings.options.generator.hidden == [8, 8])
    for (path, text) in [
      ("hiddenSize", "8,9"), ("hiddenSize", "[8]"), ("hiddenSize", "0"), ("learningRate", "-1"),
    ] {
      let error = #expect(throws: OptionsError.self) {
        try OptionSettings([OptionAssignment(path, text, .flag("--x"))])
      }
      #expect(error?.description.hasPrefix("--x: \(path) must be a ") == true)
      #expect(error?.description.hasSuffix(", got \(text)") == true)
    }
  }
}
