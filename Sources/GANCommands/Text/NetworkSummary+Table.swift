import GANData
import GANNetworks
import GANTensor
package import GANTraining

extension NetworkSummary {
  /// The layers one under the other, with a line above and one below.
  ///
  /// - Parameters:
  ///   - title: The network's name.
  ///   - columns: The greatest width of a line; long names of layers are broken at spaces.
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

  /// A layer with those nested in it; one that contains others shows their shape, not their sum.
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

extension LayerSummary {
  /// The bytes of the layer's results for one item, and of those of the layers inside it.
  fileprivate var outputBytes: Int {
    branches.isEmpty
      ? outputShape.elementCount * ElementType.float32.byteCount
      : branches.reduce(0) { $0 + $1.outputBytes }
  }
}
