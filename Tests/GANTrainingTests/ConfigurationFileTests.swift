import Foundation
import GANFormats
import GANTestSupport
import GANTraining
import Testing

@Suite("A configuration file is options in YAML")
struct ConfigurationFileTests {
  private let scratch: SmallMNIST
  private let path: String

  init() throws {
    scratch = try SmallMNIST()
    path = scratch.path(of: "gan.yaml")
  }

  private func assignments(_ text: String) throws -> [OptionAssignment] {
    try Data(text.utf8).write(to: URL(filePath: path))
    return try ConfigurationFile(contentsOf: path).assignments
  }

  @Test("Nested or with dots, block or flow, every value comes with its line")
  func values() throws {
    let read = try assignments(
      """
      # what everything starts from
      recipe: tutorial
      batchSize: 50

      optimizer:
        generator: { learningRate: 1e-4, beta1: 0.5 }
        discriminator:
          beta1: 0.25
      generator.hidden: [512, 256]
      discriminator:
        hidden:
          - 128
          - 64
      epochs: null
      steps: ~
      seed: "7"
      dataset: 'mnist'
      dataDir: a b: c
      """.replacing("a b: c", with: "\"a b: c\""))
    let expected = [
      ("recipe", "tutorial", 2), ("batchSize", "50", 3),
      ("optimizer.generator.learningRate", "1e-4", 6), ("optimizer.generator.beta1", "0.5", 6),
      ("optimizer.discriminator.beta1", "0.25", 8), ("epochs", "null", 14), ("steps", "null", 15),
      ("seed", "7", 16), ("dataset", "mnist", 17), ("dataDir", "a b: c", 18),
    ]
    let lists = [
      ("generator.hidden", ["512", "256"], 9), ("discriminator.hidden", ["128", "64"], 11),
    ]
    #expect(
      Set(read)
        == Set(
          expected.map { OptionAssignment($0.0, $0.1, .file(path, line: $0.2)) }
            + lists.map { OptionAssignment($0.0, $0.1, .file(path, line: $0.2)) }))
    #expect(read.map(\.path).last == "dataDir" && read.count == expected.count + lists.count)
  }

  @Test("Nothing sets nothing", arguments: ["", "\n\n", "# a comment\n", "---\n", "null\n", "{}"])
  func nothing(text: String) throws { #expect(try assignments(text).isEmpty) }

  @Test(
    "What is no configuration is refused, with its line",
    arguments: [
      ("batchSize 50\n", 1, "not a mapping"),
      ("- batchSize\n", 1, "not a mapping"),
      ("batchSize: 50\nbatchSize: 60\n", 1, "batchSize occurs twice"),
      ("a: b: c\n", 1, "not YAML: mapping values are not allowed in this context"),
      ("batchSize: 5\n\tseed: 1\n", 2, "not YAML: found a tab character that violates indentation"),
      ("seed: [1\n", 2, "not YAML: did not find expected ',' or ']'"),
      ("seed: *other\n", 1, "not YAML: found undefined alias"),
      ("seed: \"1\n", 2, "not YAML: found unexpected end of stream"),
      (
        "optimizer:\n  generator: &a {beta1: 0.5}\n  discriminator: {<<: *a}\n", 3,
        "a merge of keys (<<) is not taken: write its lines out"
      ),
    ] as [(String, Int, String)])
  func notConfiguration(text: String, line: Int, reason: String) throws {
    let error = #expect(throws: OptionsError.self) { try assignments(text) }
    #expect(error == .notConfiguration(path: path, line: line, reason: reason))
  }

  @Test("An option given twice, nested and with dots, is refused with both lines")
  func twice() throws {
    let error = #expect(throws: OptionsError.self) {
      try assignments("optimizer:\n  generator: {beta1: 0.5}\noptimizer.generator.beta1: 0.6\n")
    }
    #expect(
      error
        == .notConfiguration(
          path: path, line: 3,
          reason:
            "optimizer.generator.beta1 occurs twice, nested and with dots: before in \(path):2"))
  }

  @Test(
    "An unknown key is refused with its line, its whole path and the nearest name",
    arguments: [
      ("seed: 1\nbatchSiez: 50\n", 2, "batchSiez", "batchSize"),
      (
        "optimizer:\n  generator:\n    learningrate: 1\n", 3, "optimizer.generator.learningrate",
        "optimizer.generator.learningRate"
      ),
      (
        "optimizer: {generator: {}}\ngenerator:\n  hiden: [1]\n", 3, "generator.hiden",
        "generator.hidden"
      ),
      ("seed: 1\n? [1]\n: 2\n", 2, "?", nil),
    ] as [(String, Int, String, String?)])
  func unknownKey(text: String, line: Int, key: String, nearest: String?) throws {
    let error = #expect(throws: OptionsError.self) { try assignments(text) }
    #expect(error == .unknown(key: key, nearest: nearest, origin: .file(path, line: line)))
  }

  @Test(
    "A value of the wrong kind is refused",
    arguments: [
      ("seed: 1\nbatchSize: {a: 1}\n", 2, "batchSize", "a mapping"),
      ("optimizer: 3\n", 1, "optimizer", "3"),
      ("optimizer:\n  generator: [1]\n", 2, "optimizer.generator", "a list"),
    ])
  func wrongKind(text: String, line: Int, key: String, value: String) throws {
    let error = #expect(throws: OptionsError.self) { try assignments(text) }
    guard case .unfit(key, value, _, .file(path, line: line)) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test("What is too large, or no text, is refused before it is parsed")
  func notText() throws {
    for (bytes, reason) in [
      (Data([0xff, 0xfe, 0]), "not UTF-8 text"),
      (Data(count: 1_000_001), "1000001 bytes are too many for a configuration file"),
    ] {
      try bytes.write(to: URL(filePath: path))
      let error = #expect(throws: OptionsError.self) { try ConfigurationFile(contentsOf: path) }
      #expect(error == .notConfiguration(path: path, line: nil, reason: reason))
    }
    // Each line stands for two of the line before: as a key, all of them would be looked at.
    let bomb = (1...40).map { "x\($0): &x\($0) [*x\($0 - 1), *x\($0 - 1)]\n" }.joined()
    let error = #expect(throws: OptionsError.self) {
      try assignments("x0: &x0 [1]\n\(bomb)? *x40\n: 1\n")
    }
    #expect(
      error
        == .notConfiguration(
          path: path, line: nil, reason: "more than 8 aliases, which begin with *"))
    #expect(throws: Never.self) { try assignments("batchSize: &n 5\nseed: *n\n") }
    // Deep nesting ends in an error, not in an overflowing stack.
    #expect(throws: OptionsError.self) { try assignments(String(repeating: "[", count: 900_000)) }
    #expect(throws: OptionsError.self) { try assignments(String(repeating: "{a: ", count: 90_000)) }
  }
}
