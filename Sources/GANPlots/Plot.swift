/// One pair of axes and what is drawn between them.
package struct Plot: Hashable, Sendable {
  /// One line that says what is to be seen.
  package var title: String
  /// Facts the reader needs beside it: sample sizes, seeds, what a band means.
  package var caption: String
  /// From left to right.
  package var x: Axis
  /// From below to above.
  package var y: Axis
  /// True where a unit has the same length on both axes, as in a picture of the plane; ignored
  /// where that would make the plot a needle.
  package var hasEqualUnits: Bool
  /// The place of the legend.
  package var legend: LegendPlacement
  /// The layers, the first lowest.
  package var layers: [PlotLayer]

  /// A place for the names of the layers.
  package enum LegendPlacement: Hashable, Sendable {
    /// In a free corner between the axes, else at the right of them.
    case automatic
    /// At the right of the axes.
    case outside
    /// Nowhere, where a neighbour says it.
    case none
  }

  /// Describes a plot.
  package init(
    _ title: String = "", caption: String = "", x: Axis = Axis(), y: Axis = Axis(),
    hasEqualUnits: Bool = false, legend: LegendPlacement = .automatic, layers: [PlotLayer]
  ) {
    self.title = title
    self.caption = caption
    self.x = x
    self.y = y
    self.hasEqualUnits = hasEqualUnits
    self.legend = legend
    self.layers = layers
  }
}
