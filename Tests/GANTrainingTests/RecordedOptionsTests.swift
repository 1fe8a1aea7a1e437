import Foundation
import GANNetworks
import GANTestSupport
import Testing

@testable import GANTraining

@Suite("Options and networks in files outlive the version that wrote them")
struct RecordedOptionsTests {
  /// Options none of whose values is that of another option by chance alone.
  private func members() throws -> [String: Any] {
    let json = Data(try TrainingOptions().json.utf8)
    return try #require(JSONSerialization.jsonObject(with: json) as? [String: Any])
  }

  private func decoded(_ members: [String: Any]) throws -> TrainingOptions {
    try JSONDecoder().decode(
      TrainingOptions.self, from: JSONSerialization.data(withJSONObject: members))
  }

  /// The members with another value at a path, or none.
  private func changed(
    _ members: [String: Any], _ path: [Substring], to value: Any?
  ) -> [String: Any] {
    var members = members
    let key = String(path[0])
    if path.count == 1 {
      members[key] = value
    } else {
      members[key] = changed(
        members[key] as? [String: Any] ?? [:], Array(path.dropFirst()), to: value)
    }
    return members
  }

  @Test(
    "A file without an option means what held before there was that option",
    arguments: (OptionKey.facts + OptionKey.all).map(\.path))
  func absence(path: String) throws {
    let row = try #require((OptionKey.facts + OptionKey.all).first { $0.path == path })
    var members = try members()
    // A run has one length or the other.
    if path == "epochs" { members["steps"] = 5 }
    let without = changed(members, path.split(separator: "."), to: nil)
    switch row.absence {
    case .default:
      #expect(try row.value(in: decoded(without)) == row.defaultValue)
    case .value(let value):
      #expect(try row.value(in: decoded(without)) == value)
    case .damage:
      #expect(throws: RecordedOptionsError.missing(path)) { try decoded(without) }
    }
  }

  @Test("A group of options that a file has nothing of is as each of them without it")
  func absentGroup() throws {
    var members = try members()
    for group in ["average", "wasserstein", "penalty", "optimizer"] { members[group] = nil }
    #expect(try decoded(members) == TrainingOptions())
  }

  @Test(
    "A key that is no option's is of a later version",
    arguments: [
      "frobnication", "optimizer.generator.lookahead", "optimizer.encoder", "average.x.y",
    ]
  )
  func unknownKey(path: String) throws {
    let members = changed(try members(), path.split(separator: "."), to: ["a": 1])
    let known = path == "average.x.y" ? "average.x" : path
    #expect(throws: RecordedOptionsError.unknownKey(known)) { try decoded(members) }
  }

  @Test(
    "A name that an option does not know is of a later version",
    arguments: OptionKey.all.filter { !$0.type.names.isEmpty }.map(\.path))
  func unknownName(path: String) throws {
    let isList = try OptionKey.named(path, from: nil).type.element != nil
    let members = changed(
      try members(), path.split(separator: "."), to: isList ? ["foo"] as Any : "foo")
    #expect(throws: RecordedOptionsError.unknownName("foo", key: path)) { try decoded(members) }
  }

  @Test(
    "A curve that no schedule of this version follows is of a later version",
    arguments: OptionKey.all.filter { if case .schedule = $0.type { true } else { false } }
      .map(\.path))
  func unknownCurve(path: String) throws {
    for curve in ["sine", "cosine after 1000"] {
      let members = changed(
        try members(), path.split(separator: "."), to: "0.5 to 0.25 over 100 \(curve)")
      #expect(throws: RecordedOptionsError.unknownCurve(curve, key: path)) {
        try decoded(members)
      }
    }
  }

  @Test(
    "A value of another type or out of range is damage",
    arguments: [
      ("batchSize", "5"), ("batchSize", 0), ("batchSize", 1.5), ("batchSize", [5]),
      ("epochs", true), ("optimizer.generator.beta1", 1), ("sharedLatents", 1),
      ("generator.hidden", 3), ("objective", 3), ("optimizer", 3), ("average.halfLife", ["a": 1]),
      ("optimizer.generator.learningRate", "1 to 2 over 0 sine"),
      ("optimizer.generator.learningRate", "fast"), ("augmentationStrength", "0 to 2 over 5"),
      ("itemShape", [1, -6, 6]), ("itemShape", [1, Int.max, Int.max]), ("classCount", 0),
    ] as [(String, any Sendable)])
  func misfit(path: String, value: any Sendable) throws {
    let members = changed(try members(), path.split(separator: "."), to: value)
    let error = #expect(throws: RecordedOptionsError.self) { try decoded(members) }
    guard case .unfit(let key, _, _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(key.hasPrefix(path))
  }

  /// Networks and options of runs that have every kind of layer between them.
  private func oldNetworks() throws -> [(networks: JSONTree, options: JSONTree)] {
    let bytes = try Data(contentsOf: URL(filePath: "\(OldFiles.folder)/networks.json"))
    guard case .list(let cases) = try JSONTree(bytes) else { return [] }
    return try cases.map {
      (try #require($0[["networks"]]), try #require($0[["options"]]))
    }
  }

  @Test("Options and layers that 4ddcba4 wrote are read, and written again with all that they had")
  func oldLayers() throws {
    let bytes = try Data(contentsOf: URL(filePath: "\(OldFiles.folder)/networks.json"))
    struct Case: Codable {
      let networks: [String: NetworkDescription]
      let options: TrainingOptions
    }
    let cases = try JSONDecoder().decode([Case].self, from: bytes)
    let again = try JSONTree(readableJSON(cases).utf8)
    #expect(try JSONTree(bytes).firstKey(missingIn: again) == nil)
    for (index, old) in cases.enumerated() {
      try old.options.validate()
      for player in Role.pair {
        #expect(
          old.networks[player.rawValue] == old.options.network(of: player), "\(index) \(player)")
      }
    }
  }

  @Test("A key that another JSON lacks is found by its path")
  func missingKeys() throws {
    for (text, other, path) in [
      ("{\"a\":1}", "{\"a\":2}", nil), ("{\"a\":1,\"b\":1}", "{\"a\":1}", "b"),
      ("{\"a\":[{\"b\":1},{\"c\":1}]}", "{\"a\":[{\"b\":1},{}]}", "a.1.c"), ("[1,2]", "[1]", nil),
    ] as [(String, String, String?)] {
      #expect(try JSONTree(text.utf8).firstKey(missingIn: JSONTree(other.utf8)) == path)
    }
  }
}
