/// A plot's place in its figure, for who points at values in it.
package struct PlotFrame: Hashable, Sendable, Codable {
  /// Extents of the figure, in pixels.
  package let width, height: Double
  /// Edges of the frame between the axes, in pixels from the figure's upper left.
  package let left, top, right, bottom: Double
  /// The values from the left edge to the right one, and from the lower to the upper.
  package let x, y: Range

  /// The values from end to end of an axis.
  package struct Range: Hashable, Sendable, Codable {
    /// Its ends.
    package let least, greatest: Double
    /// True where equal ratios are equal lengths.
    package let isLogarithmic: Bool

    init(_ mapping: Mapping) {
      (least, greatest) = (mapping.range.lowerBound, mapping.range.upperBound)
      isLogarithmic = mapping.scale == .log10
    }
  }
}

extension Figure {
  /// The figure as SVG, and the frames of its plots.
  package func placed() -> (svg: String, frames: [PlotFrame]) {
    let (scene, panels) = layout()
    let frames = panels.map { panel in
      PlotFrame(
        width: scene.width, height: scene.height, left: panel.frame.minX, top: panel.frame.minY,
        right: panel.frame.maxX, bottom: panel.frame.maxY, x: PlotFrame.Range(panel.x),
        y: PlotFrame.Range(panel.y))
    }
    return (SVGWriter.text(of: scene), frames)
  }
}
