import Foundation
import GANLearning
import GANNetworks
import GANTraining
import Testing

@Suite("Options are set by path, and say where they come from")
struct OptionSettingsTests {
  @Test(
    "A value is what it is set to",
    arguments: [
      ("objective=minimax", "minimax"), ("batchSize=37", "37"),
      (
        "seed=18446744073709551615",
        "18446744073709551615"
      ), ("steps=5", "5"), ("epochs=3", "3"),
      (
        "generator.hidden=[96]",
        "[96]"
      ), ("discriminator.hidden=[96, 160,64]", "[96,160,64]"), ("generator.hidden=[]", "[]"),
      ("optimizer.generator.learningRate=2e-3", "0.002"),
      ("optimizer.discriminator.beta1=0", "0.0"), ("discriminatorSteps=5", "5"),
      ("objective=relativistic", "relativistic"),
      ("generator.activation=softplus", "softplus"), ("packing=4", "4"), ("penalties=[]", "[]"),
      ("penalties=[r2, wgan-gp,r2]", "[wgan-gp,r2]"),
    ])
  func valueIsSet(assignment: String, text: String) throws {
    let settings = try OptionSettings([OptionAssignment(assignment: assignment)])
    let path = String(assignment.prefix { $0 != "=" })
    #expect(try OptionKey.named(path, from: nil).text(of: settings.options) == text)
    #expect(settings.origin(of: path) == .assignment(assignment))
    try settings.options.validate()
  }

  @Test(
    "A wrong value is refused with its requirement",
    arguments: [
      "batchSize=0", "batchSize=ten", "batchSize=1.5", "batchSize=65537", "batchSize=", "seed=-1",
      "seed=18446744073709551616", "epochs=0", "objective=hing", "penalties=r1",
      "penalties=[r3]", "packing=0", "generator.hidden=256",
      "generator.hidden=[1,,2]", "generator.hidden=[0]", "optimizer.generator.beta1=1",
      "optimizer.generator.beta2=-0.1", "optimizer.generator.learningRate=inf",
      "optimizer.generator.learningRate=nan", "optimizer.generator.epsilon=0", "threads=0",
    ])
  func wrongValueIsRefused(assignment: String) throws {
    let error = try #require(throws: OptionsError.self) {
      try OptionSettings([OptionAssignment(assignment: assignment)])
    }
    guard case .unfit(let key, let value, _, let origin) = error else {
      Issue.record("\(assignment): \(error)")
      return
    }
    #expect("\(key)=\(value)" == assignment)
    #expect(origin == .assignment(assignment))
  }

  @Test(
    "An unknown name is refused with the nearest one",
    arguments: [
      ("batchSiez", "batchSize"), ("learningrate", "learningRate"),
      ("generator.hiden", "generator.hidden"), ("frobnicate", nil),
    ] as [(String, String?)])
  func unknownNameIsRefused(name: String, nearest: String?) throws {
    let error = #expect(throws: OptionsError.self) {
      try OptionSettings([OptionAssignment(assignment: "\(name)=1")])
    }
    #expect(
      error == .unknown(key: name, nearest: nearest, origin: .assignment("\(name)=1")))
  }

  @Test("A length of the user's replaces the recipe's, two of them contradict each other")
  func lengths() throws {
    let steps = OptionAssignment("steps", "5", .flag("--steps"))
    #expect(try OptionSettings([steps]).options.epochs == nil)
    let error = #expect(throws: OptionsError.self) {
      try OptionSettings([steps, OptionAssignment("epochs", "2", .flag("--epochs"))])
    }
    #expect(error == .contradiction("--steps and --epochs both give the length of the run"))

    var options = TrainingOptions()
    options.epochs = nil
    #expect(throws: OptionsError.self) { try options.validate() }
    options.epochs = 1
    options.steps = 1
    #expect(throws: OptionsError.self) { try options.validate() }
  }

  @Test("Packing must divide the batch, and the data must hold a pack")
  func packing() throws {
    var options = TrainingOptions()
    options.packing = 3
    #expect(throws: OptionsError.self) { try options.validate() }
    options.batchSize = 30
    try options.validate()
    options.datasetCount = 2
    #expect(throws: OptionsError.self) { try options.validate() }
  }

  @Test(
    "Networks and images that do not fit are refused as soon as the images' size is known",
    arguments: [
      ([], 32), (["imageSize=32"], nil), (["imageSize=36x36"], 40), (["imageSize=32x24"], 32),
      (["dataDir=photos"], nil), (["dataDir=photos", "imageSize=28"], 32),
      (["dataDir=photos", "imageSize=3x24x24"], nil), (["recipe=dcgan-32"], nil),
      (["recipe=dcgan-32", "dataset=mnist"], nil), (["recipe=dcgan-32", "imageSize=30"], 32),
    ] as [([String], Int?)])
  func sizes(assignments: [String], fittingSide: Int?) throws {
    let convolutions = [
      "architecture=dcgan", "generator.hidden=[2,2,2]", "discriminator.hidden=[2,2,2]",
    ]
    let settings = try OptionSettings(
      (convolutions + assignments).map { try OptionAssignment(assignment: $0) })
    guard let fittingSide else { return try settings.validateBeforeData() }
    let error = #expect(throws: OptionsError.self) { try settings.validateBeforeData() }
    #expect(error?.help == "--image-size \(fittingSide) resizes them", "\(assignments)")
  }

  @Test(
    "A coefficient that nothing reads is refused",
    arguments: [
      (["penalty.r1.weight=5"], false), (["penalty.r1.weight=5", "penalties=[r1]"], true),
      (["penalty.wgan-gp.interval=4", "penalties=[r1]"], false), (["wasserstein.clip=0.1"], false),
      (["wasserstein.clip=0.1", "objective=wasserstein"], true),
      (["wasserstein.clip=0.1", "objective=wasserstein", "penalties=[r2]"], false),
    ])
  func coefficientsHaveEffects(assignments: [String], isAllowed: Bool) throws {
    let assignments = try assignments.map { try OptionAssignment(assignment: $0) }
    if isAllowed {
      _ = try OptionSettings(assignments)
    } else {
      let error = #expect(throws: OptionsError.self) { try OptionSettings(assignments) }
      #expect("\(try #require(error))".contains("\(assignments[0].origin) has no effect"))
    }
  }

  @Test("An environment variable can name every option: letters, digits and underscores")
  func environmentNames() throws {
    for path in OptionSettings.settablePaths {
      let name = OptionAssignment.environmentName(of: path)
      #expect(name.allSatisfy { $0 == "_" || $0.isNumber || $0.isUppercase }, "\(name)")
    }
    let r1 = try OptionAssignment.all(in: ["GAN_SET_PENALTY_WGAN_GP_WEIGHT": "3"])
    #expect(r1.map(\.path) == ["penalty.wgan-gp.weight"])
  }

  @Test("Every recipe's options are valid and their own", arguments: Recipe.all.map(\.name))
  func recipes(name: String) throws {
    let settings = try OptionSettings([OptionAssignment("recipe", name, .flag("--recipe"))])
    try settings.options.validate()
    #expect(settings.options.recipe == name)
    #expect(settings.choices.dataset == Recipe.all.first { $0.name == name }?.dataset)
  }

  @Test("Every option in the JSON can be set, but for what the recipe and the data decide")
  func tableIsComplete() throws {
    var options = TrainingOptions()
    (options.steps, options.evaluation.interval, options.augmentationTarget) = (1, 1, 0.5)
    let object = try JSONSerialization.jsonObject(with: Data(options.json.utf8))
    let decided: Set = ["recipe", "dataset", "datasetCount", "itemShape", "classCount", "device"]
    #expect(Set(leaves(of: object)).subtracting(decided) == Set(OptionKey.all.map(\.path)))
  }

  @Test("Every row says what it is in a phrase, and since when, and has a default that fits")
  func rowsAreWhole() {
    for key in OptionKey.choices + OptionKey.all {
      #expect(key.help.first?.isUppercase == true && key.help.last != ".", "\(key.path)")
      #expect(key.since == "0.1.0", "\(key.path)")
      #expect(key.type.checked(key.defaultValue) == key.defaultValue, "\(key.path)")
    }
  }

  @Test("An option is a property, a row and its use: three source files, and the page of the rows")
  func filesOfAnOption() throws {
    let package = URL(filePath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let sources = package.appending(path: "Sources")
    let files = FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil)?
      .compactMap { $0 as? URL }.filter { $0.pathExtension == "swift" }
    let naming = try (files ?? []).filter {
      try String(contentsOf: $0, encoding: .utf8).contains("keptCheckpointInterval")
    }
    #expect(
      naming.map(\.lastPathComponent).sorted() == [
        "Checkpoint.swift", "OptionKey+Table.swift", "TrainingOptions.swift",
      ])
  }

  @Test("Code sets options by path: typed, or by a text, and reads them as it set them")
  func byPath() throws {
    var options = TrainingOptions()
    for (path, value, read) in [
      ("optimizer.generator.learningRate", .number(0.5), .number(0.5)),
      ("optimizer.generator.learningRate", .whole(1), .number(1)),
      ("batchSize", .text("50"), .whole(50)),
      ("seed", .whole(Int128(UInt64.max)), .whole(Int128(UInt64.max))),
      ("penalties", .list([.text("r2"), .text("r1")]), .list([.text("r1"), .text("r2")])),
      ("generator.hidden", .list([.whole(8)]), .list([.whole(8)])),
      ("sharedLatents", .flag(true), .flag(true)), ("steps", .whole(5), .whole(5)),
      ("objective", .text("hinge"), .text("hinge")),
    ] as [(String, OptionValue, OptionValue)] {
      try options.set(path, to: value)
      #expect(try options.value(at: path) == read, "\(path)")
    }
    #expect(options.epochs == nil && options.penalties == [.r1, .r2])
    for (path, value) in [
      ("batchSize", .number(1.5)), ("batchSize", .null), ("objective", .text("hing")),
      ("penalties", .list([.text("r3")])), ("optimizer.generator.beta1", .number(.nan)),
      ("runsDir", .text("runs")), ("batchsize", .whole(1)),
    ] as [(String, OptionValue)] {
      #expect(throws: OptionsError.self, "\(path)") { try options.set(path, to: value) }
    }
  }

  @Test("Options survive their JSON")
  func roundTrip() throws {
    var options = TrainingOptions()
    options.seed = .max
    options.optimizer.generator.learningRate = 0.1
    options.generator.hidden = []
    let decoded = try JSONDecoder().decode(TrainingOptions.self, from: Data(options.json.utf8))
    #expect(decoded == options)
  }

  /// The paths of everything but objects.
  private func leaves(of value: Any, path: [String] = []) -> [String] {
    guard let object = value as? [String: Any] else { return [path.joined(separator: ".")] }
    return object.flatMap { leaves(of: $0.value, path: path + [$0.key]) }
  }
}
