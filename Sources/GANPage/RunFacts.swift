import Foundation
import GANNetworks
import GANTraining

/// What does not change while a run goes on: its options with their origins, and where it is trained.
struct RunFacts: Codable, Sendable {
  let name, title: String
  let dataset, recipe, seed: String
  let areImages: Bool
  let stepsPerEpoch, imagesPerEpoch: Int
  let options: [Option]
  let environment: [Fact]
  /// Values that training changes, by network.
  let parameterCounts: [String: Int]

  /// An option of the run.
  struct Option: Codable, Sendable {
    let path, value: String
    /// Where the value comes from; nil where it is the recipe's, or was not recorded.
    let origin: String?
    /// True where the value is not the recipe's.
    let isSet: Bool
    /// One line about it.
    let help: String
  }

  /// A fact and its name.
  struct Fact: Codable, Sendable { let name, value: String }

  init(_ record: RunRecord) throws {
    let options = try record.options()
    name = record.name
    title = "\(options.dataset), \(options.recipe), seed \(options.seed)"
    (dataset, recipe, seed) = (options.dataset, options.recipe, "\(options.seed)")
    areImages = options.makesImages
    stepsPerEpoch = options.stepsPerEpoch
    imagesPerEpoch = options.epochPlan.itemCount(beforeStep: stepsPerEpoch)
    let usual = try? Recipe.named(options.recipe).options
    let found = try? record.folder.readEnvironment()
    self.options = OptionKey.all.map { key in
      let value = key.value(in: options).description
      let isSet = usual.map { key.value(in: $0).description != value } ?? false
      return Option(
        path: key.path, value: value, origin: found?.optionOrigins?[key.path], isSet: isSet,
        help: key.help)
    }
    parameterCounts = Dictionary(
      uniqueKeysWithValues: Role.pair.map {
        ($0.rawValue, options.network(of: $0).parameterCount)
      })
    environment = found.map(Self.facts) ?? []
  }

  private static func facts(_ environment: RunEnvironment) -> [Fact] {
    let facts: [(String, String?)] = [
      ("version", environment.version), ("device", environment.device),
      ("processor", environment.processor), ("instruction set", environment.instructionSet),
      ("threads", "\(environment.threads)"), ("system", environment.operatingSystem),
      ("command", environment.commandLine.joined(separator: " ")),
      ("SHA-256 of the data", environment.dataSHA256),
    ]
    return facts.compactMap { name, value in value.map { Fact(name: name, value: $0) } }
  }
}
