import Foundation
import GANData
import GANFormats
import GANTestSupport
import Testing

@Suite("Mixtures are read from JSON")
struct MixtureFileTests {
  static func read(_ text: String) throws -> Mixture {
    try Mixture(json: [UInt8](text.utf8), source: "w.json")
  }

  @Test func everyFieldArrives() throws {
    let mixture = try Self.read(
      """
      {"name": "three", "components": [
        {"weight": 7, "mean": [0, 1.5], "deviation": 0.5},
        {"weight": 2, "mean": [-3, 1e-1], "deviation": [0.25, 4]},
        {"weight": 1, "lower": [-1, 0], "upper": [1, 6]}]}
      """)
    #expect(
      mixture
        == (try Mixture(
          name: "three", dimension: 2,
          components: [
            .gaussian(weight: 7, mean: SIMD2(0, 1.5), deviations: SIMD2(0.5, 0.5)),
            .gaussian(weight: 2, mean: SIMD2(-3, 0.1), deviations: SIMD2(0.25, 4)),
            .uniform(weight: 1, from: SIMD2(-1, 0), to: SIMD2(1, 6)),
          ])))
  }

  @Test func overTheLineNumbersNeedNoBrackets() throws {
    let plain = try Self.read(
      """
      {"components": [{"weight": 1, "mean": 2, "deviation": 3},
                      {"weight": 1, "lower": 0, "upper": 1}]}
      """)
    let bracketed = try Self.read(
      """
      {"components": [{"weight": 1, "mean": [2], "deviation": [3]},
                      {"weight": 1, "lower": [0], "upper": [1]}]}
      """)
    #expect(plain == bracketed)
    #expect(plain.name == "w.json" && plain.dimension == 1)
  }

  static func components(_ text: String) -> String { #"{"components": [\#(text)]}"# }

  @Test(arguments: [
    ("[]", "the text must be an object, got a list of 0"),
    ("{}", "components must be a list, is missing"),
    (#"{"components": {}}"#, "components must be a list, got an object"),
    (#"{"components": []}"#, "a mixture needs at least one component"),
    (#"{"parts": []}"#, "parts: no such key; there is name, components"),
    (#"{"name": 3, "components": []}"#, "name must be a text, got 3.0"),
    (components("7"), "components[0] must be an object, got 7.0"),
    (
      components(#"{"mean": 0, "deviation": 1}"#),
      "components[0].weight must be a number, is missing"
    ),
    (
      components(#"{"weight": true, "mean": 0, "deviation": 1}"#),
      "components[0].weight must be a number, got true"
    ),
    (
      components(#"{"weight": 1, "mean": "0", "deviation": 1}"#),
      #"components[0].mean must be a number or a list of numbers, got "0""#
    ),
    (
      components(#"{"weight": 1, "mean": [0, null], "deviation": 1}"#),
      "components[0].mean[1] must be a number, got null"
    ),
    (
      components(#"{"weight": 1, "mean": 0}"#),
      "components[0].deviation must be a number or a list of numbers, is missing"
    ),
    (
      components(#"{"weight": 1, "mean": 0, "deviation": 1, "colour": 2}"#),
      "components[0].colour: no such key; there is weight, mean, deviation, lower, upper"
    ),
    (
      components(#"{"weight": 1, "lower": 0, "upper": 1, "mean": 2}"#),
      "components[0].mean: no such key; there is weight, lower, upper"
    ),
    (
      components(#"{"weight": 1, "lower": 1, "upper": 0}"#),
      "components[0]: deviations and sides must be from 1e-9 to 1e9, and no centre further from 0 "
        + "than 1e9 of them"
    ),
    (
      components(#"{"weight": -1, "mean": 0, "deviation": 1}"#),
      "components[0].weight must not be negative, got -1.0"
    ),
    (
      components(#"{"weight": 0, "mean": 0, "deviation": 1}"#),
      "weights must sum to a positive number, got 0.0"
    ),
    (
      components(
        #"{"weight": 1, "mean": 0, "deviation": 1}, {"weight": 1, "mean": [0, 0], "deviation": 1}"#),
      "components[1]: points must have 1 coordinate like the others', got 2"
    ),
    (
      components(#"{"weight": 1, "mean": [0, 0], "deviation": [1, 1, 1]}"#),
      "components[0]: points must have 2 coordinates like the others', got 3"
    ),
    (
      components(#"{"weight": 1, "mean": [0, 0, 0], "deviation": 1}"#),
      "components[0]: points must have 1 or 2 coordinates, got 3"
    ),
    (
      components(#"{"weight": 1, "mean": [], "deviation": 1}"#),
      "components[0]: points must have 1 or 2 coordinates, got 0"
    ),
  ])
  func mistakesAreNamedWithTheirPlace(text: String, message: String) {
    let error = #expect(throws: MixtureError.self) { try Self.read(text) }
    #expect(error?.description == "w.json: " + message)
  }

  @Test(arguments: [
    "", "{", "nonsense", components(#"{"weight": 1e999, "mean": 0, "deviation": 1}"#),
  ])
  func whatIsNotJSONIsSaidToBeNone(text: String) {
    let error = #expect(throws: MixtureError.self) { try Self.read(text) }
    #expect(
      error?.description.hasPrefix("w.json: not JSON: ") == true, "\(String(describing: error))")
  }

  @Test func filesAreReadAndBlamedByTheirPath() throws {
    let folder = try DataFolder()
    try folder.write("w.json", [UInt8](Self.components("8").utf8))
    let path = folder.path + "/w.json"
    let error = #expect(throws: MixtureError.self) { try Mixture(contentsOf: path) }
    #expect(error?.source == path)
    let missing = #expect(throws: FormatError.self) { try Mixture(contentsOf: path + "x") }
    #expect(missing?.kind == .missing)
  }
}
