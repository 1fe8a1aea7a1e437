import Foundation
import GANData
package import GANNetworks
import GANTensor

/// A network's layers and what they cost; its JSON is part of `gan info --json` and
/// `gan recipes show --json`.
package struct NetworkSummary: Codable, Sendable {
  /// Values that training changes.
  package var parameterCount: Int
  /// Of one forward pass, for one item.
  package var multiplyAddsPerItem: Int
  /// The layers with their shapes and figures.
  package var layers: [LayerSummary]
  /// The layers as files have them.
  package var description: NetworkDescription

  /// Measures a network.
  package init(_ description: NetworkDescription) {
    parameterCount = description.parameterCount
    multiplyAddsPerItem = description.multiplyAddsPerItem
    layers = description.layerSummaries
    self.description = description
  }

  /// The layers one under the other, with a line above and one below.
  ///
  /// - Parameters:
  ///   - title: What the network is called.
  ///   - columns: How wide a line may be; long names of layers are broken at spaces.
  package func table(titled title: String, columns: Int) -> String {
    let header = Row(layer: title, figures: ["output", "kB", "parameters", "multiply-adds"])
    let rows = layers.flatMap { Self.rows($0, depth: 0) }
    let outputBytes = layers.reduce(0) { $0 + $1.outputBytes }
    let total = Row(
      layer: "total",
      figures: [
        "", outputBytes.kilobytes, parameterCount.grouped, multiplyAddsPerItem.grouped,
      ])
    let all = [header] + rows + [total]
    let figureWidths = header.figures.indices.map { index in
      all.map { $0.figures[index].count }.max() ?? 0
    }
    let nameWidth = rows.map(\.name.count).max() ?? 0
    let rest = figureWidths.reduce(0) { $0 + 2 + $1 }
    let longest = all.map { $0.indentation + $0.layer.count }.max() ?? 0
    // No table is of use without room for a word or two.
    let layerWidth = max(20, min(longest, columns - rest - nameWidth - 2))
    return all.flatMap { $0.lines(nameWidth, layerWidth, figureWidths) }.joined(separator: "\n")
  }

  /// A layer with what is nested in it; what contains others shows their shape, not their sum.
  private static func rows(_ layer: LayerSummary, depth: Int) -> [Row] {
    let isBlock = !layer.branches.isEmpty
    func figure(_ value: Int) -> String { value == 0 || isBlock ? "" : value.grouped }
    let row = Row(
      name: layer.name, indentation: 2 * depth, layer: layer.layer,
      figures: [
        layer.outputShape.extents, isBlock ? "" : layer.outputBytes.kilobytes,
        figure(layer.parameterCount), figure(layer.multiplyAdds),
      ])
    return [row] + layer.branches.flatMap { rows($0, depth: depth + 1) }
  }

  private struct Row {
    var name = ""
    var indentation = 0
    let layer: String
    let figures: [String]

    func lines(_ nameWidth: Int, _ layerWidth: Int, _ figureWidths: [Int]) -> [String] {
      let margin = String(repeating: " ", count: indentation)
      let pieces = layer.brokenAtCommas(atMost: layerWidth - indentation)
      let numbers = zip(figures, figureWidths).map { text, width in
        "  " + String(repeating: " ", count: width - text.count) + text
      }.joined()
      return pieces.enumerated().map { index, piece in
        let line =
          (index == 0 ? name : "").padded(to: nameWidth) + "  "
          + (margin + piece).padded(to: layerWidth) + (index == 0 ? numbers : "")
        return String(line.reversed().drop { $0 == " " }.reversed())
      }
    }
  }
}

extension String {
  /// The text in lines of so many characters, broken at spaces; a longer word has a line of its own.
  package func broken(atMost width: Int) -> [String] {
    Self.lines(of: split(separator: " ").map(String.init), atMost: width)
  }

  /// The same broken behind commas where that will do, so that `3 × 3` and `padding 1` stay whole.
  fileprivate func brokenAtCommas(atMost width: Int) -> [String] {
    let parts = components(separatedBy: ", ")
    let words = parts.enumerated().flatMap { index, part in
      let text = index < parts.count - 1 ? part + "," : part
      return text.count <= width ? [text] : text.split(separator: " ").map(String.init)
    }
    return Self.lines(of: words, atMost: width)
  }

  private static func lines(of words: [String], atMost width: Int) -> [String] {
    words.reduce(into: []) { lines, word in
      if let last = lines.last, last.count + 1 + word.count <= width {
        lines[lines.count - 1] = "\(last) \(word)"
      } else {
        lines.append(word)
      }
    }
  }
}

extension LayerSummary {
  /// Of what the layer makes of one item, and of what those inside it do.
  fileprivate var outputBytes: Int {
    branches.isEmpty
      ? outputShape.elementCount * ElementType.float32.byteCount
      : branches.reduce(0) { $0 + $1.outputBytes }
  }
}

extension Int {
  /// A number of bytes as `25.1`, in thousands.
  fileprivate var kilobytes: String {
    let tenths = (self + 50) / 100
    return "\((tenths / 10).grouped).\(tenths % 10)"
  }

  /// `1,234,567`.
  package var grouped: String {
    let digits = Array("\(magnitude)")
    let text = digits.enumerated().map { index, digit in
      index > 0 && (digits.count - index).isMultiple(of: 3) ? ",\(digit)" : "\(digit)"
    }.joined()
    return self < 0 ? "-\(text)" : text
  }
}
