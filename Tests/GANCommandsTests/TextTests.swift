import GANCommands
import Testing

@testable import GANCommands

@Suite("Text for a terminal")
struct TextTests {
  @Test(
    "takes the columns that a terminal gives it",
    arguments: [
      ("", 0), ("cat", 3), ("강아지", 6),
      // The same as Apple's file systems keep it, each syllable in two or three pieces.
      ("\u{1100}\u{1161}\u{11BC}\u{110B}\u{1161}\u{110C}\u{1175}", 6),
      ("café", 4), ("cafe\u{301}", 4), ("犬", 2), ("ねこ", 4), ("🐶", 2), ("ｆ", 2),
    ] as [(String, Int)])
  func columns(text: String, count: Int) {
    #expect(text.columnCount == count)
    #expect(text.padded(to: 10).columnCount == 10)
    #expect(text.padded(to: 10).hasPrefix(text))
  }

  @Test(
    "never moves the cursor, changes colours or turns what follows around",
    arguments: [
      ("plain", "plain"), ("a\u{1B}[2Jb", "a\\u{1B}[2Jb"), ("a\nb", "a\\nb"),
      ("a\u{202E}gpj.exe", "a\\u{202E}gpj.exe"), ("\u{1100}\u{1161}", "가"),
      ("c\u{9B}m", "c\\u{009B}m"),
    ])
  func escapes(text: String, shown: String) {
    #expect(Array(text.onOneLine.unicodeScalars) == Array(shown.unicodeScalars))
  }

  @Test("A table of Markdown stands in columns, and paragraphs fit")
  func markdown() {
    let text = """
      The data are `ring-8`, of *eight* modes and more words than fit in one line of it.

      | objective | **JSD** |
      | --- | --- |
      | hinge | 0.1 |
      | a\\|b | 22.5 ± 0.3 |
      """
    #expect(
      text.withoutMarkdown(columns: 40) == """
        The data are ring-8, of *eight* modes
        and more words than fit in one line of
        it.

        objective  JSD
        hinge      0.1
        a|b        22.5 ± 0.3
        """)
  }
}
