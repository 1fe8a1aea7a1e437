import Foundation

/// A page of the documentation, as far as its translation can be compared with it.
struct MarkdownPage {
  /// From one heading to the next; what stands before the first has an empty title.
  struct Section {
    var title = ""
    var level = 0
    /// Paragraphs, lists and tables, on one line.
    var text = ""
    /// The lines of each fenced block, its opening one first.
    var blocks: [[String]] = []
    /// The cells of each row of each table.
    var tables: [[[String]]] = []
  }

  /// From the root of the repository.
  let path: String
  private(set) var sections = [Section()]

  init(_ text: String, path: String) {
    self.path = path
    var isInBlock = false
    var isInTable = false
    for line in text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
      let trimmed = line.trimmingCharacters(in: .whitespaces)
      let isFence = trimmed.hasPrefix("```")
      let isRow = !isInBlock && trimmed.hasPrefix("|")
      if isFence, !isInBlock {
        sections[sections.count - 1].blocks.append([trimmed])
        isInBlock = true
      } else if isFence {
        isInBlock = false
      } else if isInBlock {
        let last = sections[sections.count - 1].blocks.count - 1
        sections[sections.count - 1].blocks[last].append(line)
      } else if let heading = line.wholeMatch(of: /(#+) (.*)/) {
        let title = String(heading.output.2)
        sections.append(Section(title: title, level: heading.output.1.count, text: title))
      } else {
        sections[sections.count - 1].text += " " + trimmed
        if isRow {
          if !isInTable { sections[sections.count - 1].tables.append([]) }
          let last = sections[sections.count - 1].tables.count - 1
          sections[sections.count - 1].tables[last].append(Self.cells(of: trimmed))
        }
      }
      isInTable = isRow
    }
  }

  /// Splits at bars without a backslash.
  private static func cells(of row: String) -> [String] {
    row.replacing("\\|", with: "\u{0}").split(separator: "|", omittingEmptySubsequences: false)
      .dropFirst().map { String($0).replacing("\u{0}", with: "\\|") }
  }

  /// What `#…` can name, as GitHub forms it of headings.
  var anchors: Set<String> {
    var uses: [String: Int] = [:]
    return Set(
      sections.filter { $0.level > 0 }.map { section in
        let kept = section.title.lowercased().filter {
          $0.isLetter || $0.isNumber || $0 == " " || $0 == "-" || $0 == "_"
        }
        let anchor = kept.replacing(" ", with: "-")
        defer { uses[anchor, default: 0] += 1 }
        return uses[anchor].map { "\(anchor)-\($0)" } ?? anchor
      })
  }

  /// `target`, as this page writes it, from the root of the repository and without its anchor; an address on the
  /// network as it is.
  func resolved(_ target: String) -> String {
    if target.contains("://") { return target }
    let file = String(target.prefix { $0 != "#" })
    if file.isEmpty { return path }
    let folder = URL(filePath: "/\(path)").deletingLastPathComponent()
    return String(folder.appending(path: file).standardized.path(percentEncoded: false).dropFirst())
  }
}

extension MarkdownPage.Section {
  /// What stands between backticks.
  var code: Set<String> {
    Set(text.matches(of: /`([^`]+)`/).map { String($0.output.1) })
  }

  /// Targets of pictures, in order.
  var pictures: [String] {
    prose.matches(of: /!\[[^\]]*\]\(([^)]+)\)/).map { String($0.output.1) }
  }

  /// Targets of links and pictures, in order.
  var links: [String] {
    prose.matches(of: /\]\(([^)]+)\)/).map { String($0.output.1) }
  }

  private var prose: String { text.replacing(/`[^`]+`/, with: "") }
}
