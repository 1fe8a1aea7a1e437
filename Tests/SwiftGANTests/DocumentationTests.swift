import Foundation
import Testing

/// Swift in the repository's Markdown: what people copy.
@Suite("Swift in the documentation")
struct DocumentationTests {
  struct Block: Sendable, CustomTestStringConvertible {
    /// From the repository's root.
    let file: String
    let code: String

    var testDescription: String { "\(file): \(code.prefix(40))" }
  }

  private static let root = URL(filePath: #filePath).appending(path: "../../..").standardized

  private static func text(_ path: String) throws -> String {
    try String(contentsOf: root.appending(path: path), encoding: .utf8)
  }

  /// Every block, in every file but hidden ones.
  static let blocks: [Block] = {
    let files = FileManager.default.enumerator(
      at: root, includingPropertiesForKeys: nil, options: .skipsHiddenFiles)
    let paths = (files?.allObjects ?? []).compactMap { ($0 as? URL)?.standardized.path }
    return paths.filter { $0.hasSuffix(".md") }.sorted().flatMap { path -> [Block] in
      let file = String(path.dropFirst(root.path.count + 1))
      return ((try? text(file)) ?? "").components(separatedBy: "\n```swift\n").dropFirst().map {
        Block(file: file, code: $0.components(separatedBy: "\n```")[0])
      }
    }
  }()

  /// What is compiled: a file of the tests, without the function around it if `isBody`.
  private func compiled(_ file: String, isBody: Bool = false) throws -> String {
    let source = try Self.text("Tests/SwiftGANTests/\(file).swift")
    guard isBody else { return source }
    let body = source.split(separator: "\n", omittingEmptySubsequences: false)
      .drop { !$0.hasPrefix("func ") }.dropFirst().prefix { $0 != "}" }
      .map { String($0.dropFirst(2)) }
    return "import SwiftGAN\n\n" + body.joined(separator: "\n")
  }

  @Test("is compiled here, or in the manifest of the example", arguments: blocks)
  func isCompiled(block: Block) throws {
    guard block.code.hasPrefix(".package(") else {
      let sources = [try compiled("ReadmeExample", isBody: true), try compiled("ArticleExample")]
      #expect(sources.contains { $0.contains(block.code) })
      return
    }
    let manifest = try Self.text("Examples/Server/Package.swift")
    for line in block.code.components(separatedBy: "\n") {
      let call = try #require(line.range(of: #"^\.[a-z]+\(.*\)"#, options: .regularExpression))
      let here = line[call].replacingOccurrences(of: "../swift-gan", with: "../..")
      #expect(manifest.contains(here), "\(line)")
    }
  }

  @Test("is in the README, on the landing page and in the article")
  func files() {
    #expect(
      Set(Self.blocks.map(\.file)).isSuperset(of: [
        "README.md", "Sources/SwiftGAN/SwiftGAN.docc/SwiftGAN.md",
        "Sources/SwiftGAN/SwiftGAN.docc/Serving.md",
      ]))
  }
}
