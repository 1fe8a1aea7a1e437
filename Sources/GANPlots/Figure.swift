package import GANFormats

/// Plots side by side, in rows: what is written to a file.
package struct Figure: Hashable, Sendable {
  /// One line over all plots; empty where the only plot's title says it.
  package var title: String
  /// Facts the reader needs beside it.
  package var caption: String
  /// Row by row, from the left.
  package var plots: [Plot]
  /// Plots in a row.
  package var columns: Int
  /// True for one legend above all plots in place of one in each; of layers with the same name the
  /// first is shown, so they should be of the same series.
  package var hasSharedLegend: Bool
  /// Pixels from left to right.
  package var width: Double
  /// Pixels from top to bottom of each row, titles and axes included; equal units need less where
  /// the width is what limits them.
  package var rowHeight: Double

  /// Describes plots in rows.
  package init(
    _ title: String = "", caption: String = "", plots: [Plot], columns: Int = 1,
    hasSharedLegend: Bool = false, width: Double = 720, rowHeight: Double = 420
  ) {
    precondition(!plots.isEmpty && columns > 0, "\(plots.count) plots in \(columns) columns")
    precondition(
      width / Double(columns) >= 160 && rowHeight >= 140 && width <= 4000 && rowHeight <= 4000,
      "\(width) by \(rowHeight) pixels for \(columns) columns")
    self.title = title
    self.caption = caption
    self.plots = plots
    self.columns = columns
    self.hasSharedLegend = hasSharedLegend
    self.width = width
    self.rowHeight = rowHeight
  }

  /// Describes one plot alone.
  package init(_ plot: Plot, width: Double = 720, height: Double = 420) {
    self.init(plots: [plot], width: width, rowHeight: height)
  }

  /// The figure as SVG: text stays text, and where the reader's surroundings are dark so is it.
  ///
  /// The same figure gives the same bytes, whatever fonts the machine has, wherever libpng and
  /// zlib (which heat maps are packed by) are the same.
  package func svg() -> String { SVGWriter.text(of: scene()) }

  /// The figure as pixels.
  ///
  /// - Parameters:
  ///   - theme: Light or dark.
  ///   - scale: Pixels of the picture to one of the figure; 2 suits sharp displays.
  /// - Throws: `PlotError`, where the machine has no font.
  package func picture(_ theme: Theme = .light, scale: Int = 2) throws(PlotError) -> PixelImage {
    try Canvas.picture(of: scene(), in: theme, scale: scale)
  }

  /// Writes `name.svg`, `name.png` and `name-dark.png` into a folder that exists.
  ///
  /// - Throws: `PlotError`, where the machine has no font; `FormatError` of kind `unwritable`.
  package func write(_ name: String, into folder: String) throws {
    try AtomicFile.write([UInt8](svg().utf8), to: "\(folder)/\(name).svg")
    try PNG.writeOverview(picture(.light), to: "\(folder)/\(name).png")
    try PNG.writeOverview(picture(.dark), to: "\(folder)/\(name)-dark.png")
  }
}
