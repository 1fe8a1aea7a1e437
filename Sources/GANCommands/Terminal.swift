import Foundation
package import GANTensor

/// The terminal, or file, behind standard output or standard error, and its abilities.
package struct Terminal: Sendable {
  /// Characters in a line, and lines.
  package struct Size: Hashable, Sendable {
    package var columns: Int
    package var rows: Int

    package init(columns: Int, rows: Int) {
      self.columns = columns
      self.rows = rows
    }
  }

  /// The characters and colours of its pictures.
  package let palette: HalfBlocks.Palette
  /// True if it is a terminal.
  package let isTerminal: Bool
  /// True if a line can be written over: not on a dumb terminal, nor in a file.
  package let canRedraw: Bool
  private let descriptor: Int32
  private let columns: Int?

  /// Standard output as the process has it.
  package static var output: Terminal { Terminal(STDOUT_FILENO) }

  /// Standard error as the process has it.
  package static var errors: Terminal { Terminal(STDERR_FILENO) }

  private init(_ descriptor: Int32) {
    self.init(
      descriptor, isTerminal: isatty(descriptor) == 1,
      environment: ProcessInfo.processInfo.environment)
  }

  /// Judges a terminal by its environment.
  package init(_ descriptor: Int32, isTerminal: Bool, environment: [String: String]) {
    self.descriptor = descriptor
    self.isTerminal = isTerminal
    let name = environment["TERM"] ?? ""
    canRedraw = isTerminal && !name.isEmpty && name != "dumb"
    palette = Self.palette(isTerminal: isTerminal, environment)
    columns = environment["COLUMNS"].flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil }
  }

  /// Its size now; 80 x 24 if unknown; off a terminal, `COLUMNS` wide.
  package var size: Size {
    var window = winsize()
    #if canImport(Darwin)
      // The macro is too much for the importer.
      let request: UInt = 0x4008_7468
    #else
      let request = UInt(TIOCGWINSZ)
    #endif
    guard isTerminal, ioctl(descriptor, request, &window) == 0, window.ws_col > 0 else {
      return Size(columns: columns ?? 80, rows: 24)
    }
    return Size(
      columns: Int(window.ws_col), rows: window.ws_row > 0 ? Int(window.ws_row) : 24)
  }

  /// True if the process may draw on it now: a shell's background job would draw over the prompt.
  var isOurs: Bool {
    let group = tcgetpgrp(descriptor)
    return group == -1 || group == getpgrp()
  }

  /// The first of some images as text, as many and as large as fit in `lines` lines.
  ///
  /// - Parameters:
  ///   - images: `float32`, `[N, C, H, W]` in `[-1, 1]`, C 1 or 3.
  ///   - lines: Lines to fill at most; by default all but three of the terminal's.
  /// - Returns: The lines, without ends, and the number of images they show; empty if the terminal
  ///   is too small to see anything.
  package func show(_ images: HostTensor, lines: Int? = nil) -> (lines: [String], count: Int) {
    let size = size
    let space = lines ?? max(size.rows - 3, 1)
    guard let sheet = ContactSheet(of: images.shape, columns: size.columns, lines: space) else {
      return ([], 0)
    }
    return (HalfBlocks(palette).lines(of: sheet.picture(of: images)), sheet.count)
  }

  /// Colours by the customs of `NO_COLOR`, `CLICOLOR_FORCE` and `COLORTERM`; characters by the
  /// locale, which is unset in most containers, whose terminals take UTF-8.
  private static func palette(
    isTerminal: Bool, _ environment: [String: String]
  ) -> HalfBlocks.Palette {
    func value(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
    let locale = value("LC_ALL") ?? value("LC_CTYPE") ?? value("LANG") ?? ""
    let encoding = locale.split(separator: ".").dropFirst().first?.lowercased() ?? "utf-8"
    guard encoding.hasPrefix("utf-8") || encoding.hasPrefix("utf8") else { return .ascii }

    let isForced = value("CLICOLOR_FORCE").map { $0 != "0" } ?? false
    let name = value("TERM") ?? "dumb"
    guard value("NO_COLOR") == nil, isForced || (isTerminal && name != "dumb") else {
      return .shades
    }
    if ["truecolor", "24bit"].contains(value("COLORTERM")) || name.hasSuffix("-direct") {
      return .direct
    }
    let families = ["xterm", "screen", "tmux", "rxvt", "alacritty", "foot", "konsole", "vte"]
    let knows256 = name.contains("256color") || families.contains { name.hasPrefix($0) }
    return knows256 || isForced ? .indexed : .shades
  }
}
