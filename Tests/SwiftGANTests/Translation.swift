import Foundation
import Testing

/// An English page and its Korean one, from the root of the repository.
struct Translation: CustomTestStringConvertible {
  let english: String
  let korean: String

  var testDescription: String { korean }

  /// Every page that is kept in both languages.
  static let all =
    [Translation(english: "README.md", korean: "README.ko.md")]
    + ["lab", "objectives", "theory", "troubleshooting"].map {
      Translation(english: "docs/\($0).md", korean: "docs/ko/\($0).md")
    }

  /// Korean pages without an English one.
  static let koreanOnly = ["docs/ko/terms.md"]

  /// Where the Korean page does not follow the English one, in words for whoever has changed one of them.
  static func differences(_ english: MarkdownPage, _ korean: MarkdownPage) -> [String] {
    let levels = (english.sections.map(\.level), korean.sections.map(\.level))
    guard levels.0 == levels.1 else {
      return ["\(korean.path): levels of headings \(levels.1), not \(levels.0)"]
    }
    var found: [String] = []
    for (section, other) in zip(english.sections, korean.sections) {
      var here = blocks(section, other)
      here += code(section, other)
      here += tables(section, other)
      here += figures(section, other)
      here += targets(of: section, in: english, other, in: korean)
      found += here.map { "\(section.title) (\(other.title)): \($0)" }
    }
    return found
  }

  /// Columns of a block stand two spaces apart. The first of a line is the same in both languages, and so are the
  /// others but for those written in Korean.
  private static func blocks(
    _ english: MarkdownPage.Section, _ korean: MarkdownPage.Section
  ) -> [String] {
    guard english.blocks.map(\.count) == korean.blocks.map(\.count) else {
      return ["blocks of \(korean.blocks.map(\.count)) lines, not \(english.blocks.map(\.count))"]
    }
    return zip(english.blocks.joined(), korean.blocks.joined()).compactMap { line, translated in
      let columns = (line.columns, translated.columns)
      let isSame =
        columns.0.count == columns.1.count
        && zip(columns.0, columns.1).enumerated().allSatisfy { index, pair in
          pair.0 == pair.1 || (index > 0 && pair.1.contains(where: \.isHangul))
        }
      return isSame ? nil : "the line \"\(translated)\", not \"\(line)\""
    }
  }

  private static func code(
    _ english: MarkdownPage.Section, _ korean: MarkdownPage.Section
  ) -> [String] {
    var found = english.code.subtracting(korean.code).sorted().map { "lacks `\($0)`" }
    found += korean.code.subtracting(english.code).sorted().map { "only here: `\($0)`" }
    return found
  }

  /// Cells hold the same numbers, in the order of either language.
  private static func tables(
    _ english: MarkdownPage.Section, _ korean: MarkdownPage.Section
  ) -> [String] {
    guard english.tables.map({ $0.map(\.count) }) == korean.tables.map({ $0.map(\.count) }) else {
      return ["other tables, rows or columns"]
    }
    return zip(english.tables.joined().joined(), korean.tables.joined().joined()).compactMap {
      $0.numbers.sorted() == $1.numbers.sorted() ? nil : "the cell \"\($1)\", not \"\($0)\""
    }
  }

  /// Korean writes with digits some small numbers that English writes as words.
  private static func figures(
    _ english: MarkdownPage.Section, _ korean: MarkdownPage.Section
  ) -> [String] {
    var surplus: [String: Int] = [:]
    for number in korean.numbers { surplus[number, default: 0] += 1 }
    for number in english.numbers { surplus[number, default: 0] -= 1 }
    return surplus.sorted { $0.key < $1.key }.compactMap { number, count in
      if count < 0 { return "lacks the number \(number)" }
      return count > 0 && number.count > 1 ? "only here: the number \(number)" : nil
    }
  }

  /// Links of the Korean page go where those of the English one go, and to Korean where there is some.
  private static func targets(
    of section: MarkdownPage.Section, in english: MarkdownPage,
    _ other: MarkdownPage.Section, in korean: MarkdownPage
  ) -> [String] {
    let translated = Dictionary(uniqueKeysWithValues: all.map { ($0.english, $0.korean) })
    let pictures = section.pictures.map(english.resolved)
    let shown = other.pictures.map(korean.resolved)
    let links = Set(section.links.map(english.resolved).map { translated[$0] ?? $0 })
      .subtracting([korean.path])
    let followed = Set(other.links.map(korean.resolved)).subtracting([korean.path])
    let ownPages = all.map(\.korean) + koreanOnly + [english.path]
    var found = pictures == shown ? [] : ["the pictures \(shown), not \(pictures)"]
    found += links.subtracting(followed).sorted().map { "lacks a link to \($0)" }
    found += followed.subtracting(links).subtracting(ownPages).sorted()
      .map { "only here: a link to \($0)" }
    return found
  }
}

extension MarkdownPage.Section {
  /// The numbers of its text and blocks.
  fileprivate var numbers: [String] { ([text] + blocks.joined()).flatMap(\.numbers) }
}

extension String {
  /// Parts that stand two spaces or more apart.
  fileprivate var columns: [String] {
    split(separator: /\s{2,}/).map { $0.trimmingCharacters(in: .whitespaces) }
  }

  /// Decimal numbers in order, with their sign and without commas between thousands.
  fileprivate var numbers: [String] {
    matches(of: /(^|[^0-9A-Za-z)\]])?(-?)([0-9]+(,[0-9]{3})*(\.[0-9]+)?)/).map { match in
      let isSigned = match.output.1 != nil && !match.output.2.isEmpty
      return (isSigned ? "-" : "") + match.output.3.replacing(",", with: "")
    }
  }
}

extension Character {
  fileprivate var isHangul: Bool {
    unicodeScalars.contains { ("\u{AC00}"..."\u{D7A3}").contains($0) }
  }
}
