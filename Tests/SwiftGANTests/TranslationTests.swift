import Foundation
import Testing

@Suite("The documentation in two languages")
struct TranslationTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../..").standardized

  private static func text(_ path: String) throws -> String {
    try String(contentsOf: root.appending(path: path), encoding: .utf8)
  }

  private static func page(_ path: String) throws -> MarkdownPage {
    MarkdownPage(try text(path), path: path)
  }

  @Test(
    "A Korean page has the commands, figures, pictures and links of the English one",
    arguments: Translation.all)
  func koreanFollowsEnglish(pages: Translation) throws {
    let differences = Translation.differences(
      try Self.page(pages.english), try Self.page(pages.korean))
    #expect(differences.isEmpty, "\(pages.korean):\n\(differences.joined(separator: "\n"))")
  }

  @Test("Either page names the other above its first section", arguments: Translation.all)
  func pagesNameEachOther(pages: Translation) throws {
    for (page, other) in [(pages.english, pages.korean), (pages.korean, pages.english)] {
      let page = try Self.page(page)
      let links = page.sections.prefix { $0.level < 2 }.flatMap(\.links).map(page.resolved)
      #expect(links.contains(other))
    }
  }

  @Test("docs/ko holds the pages of both languages and the table of terms")
  func folderIsComplete() throws {
    let names = try FileManager.default.contentsOfDirectory(
      atPath: Self.root.appending(path: "docs/ko").path)
    let known = (Translation.all.map(\.korean) + Translation.koreanOnly)
      .filter { $0.hasPrefix("docs/ko/") }
    #expect(names.map { "docs/ko/\($0)" }.sorted() == known.sorted())
  }

  /// What somebody may change in English alone: text of a page in both languages, and what becomes of it.
  @Test(
    "What one language alone has is seen",
    arguments: [
      ("$ gan train", "$ gan train\n$ gan sample RUN"),
      ("$ gan train", "$ gan train --epochs 2"),
      ("`gan info`", "`gan info` and `gan doctor`"),
      ("12 minutes", "13 minutes"),
      ("| 0.75 |", "| 0.76 |"),
      ("| 0.75 |", "| -0.75 |"),
      ("| 0.75 |", "| 0.75 |\n| 1 |"),
      ("(a.png)", "(b.png)"),
      ("[c](c.md)", "[d](d.md)"),
      ("## End", "## More\n\n## End"),
    ])
  func changesAreSeen(old: String, new: String) {
    let text = """
      # Title
      ```
      $ gan train
      ```
      `gan info` 12 minutes ![a](a.png) [c](c.md)

      | size |
      |---|
      | 0.75 |

      ## End
      """
    let page = MarkdownPage(text, path: "page.md")
    #expect(Translation.differences(page, page).isEmpty)
    let changed = MarkdownPage(text.replacing(old, with: new), path: "page.md")
    #expect(!Translation.differences(changed, page).isEmpty)
    #expect(!Translation.differences(page, changed).isEmpty)
  }

  @Test("Links between pages lead somewhere")
  func linksResolve() throws {
    let manager = FileManager.default
    let paths =
      try manager.contentsOfDirectory(atPath: Self.root.path)
      + manager.subpathsOfDirectory(atPath: Self.root.appending(path: "docs").path)
      .map { "docs/\($0)" }
    for path in paths.filter({ $0.hasSuffix(".md") }).sorted() {
      let page = try Self.page(path)
      for link in page.sections.flatMap(\.links) where !link.contains("://") {
        let target = page.resolved(link)
        let exists = manager.fileExists(atPath: Self.root.appending(path: target).path)
        #expect(exists, "\(path): \(link)")
        guard exists, target.hasSuffix(".md"), let hash = link.firstIndex(of: "#") else { continue }
        let anchor = String(link[link.index(after: hash)...])
        #expect(try Self.page(target).anchors.contains(anchor), "\(path): \(link)")
      }
    }
  }
}
