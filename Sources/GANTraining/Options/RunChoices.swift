/// What decides what a run is made of, without being one of its options.
package struct RunChoices: Equatable, Sendable {
  /// What the options start from.
  package var recipe = "tutorial"
  /// Which data; `auto` takes what there is.
  package var dataset = "auto"
  /// The folder with the data; nil where their name is enough to find them.
  package var dataDir: String?
  /// Where data are fetched from that are not here; nil for the known mirrors.
  package var dataMirror: String?
  /// What images of all sizes become: rows and columns, as `32`, `48x32` or `1x32x32`; `auto`
  /// leaves them as they are.
  package var imageSize = "auto"
  /// Where runs get their folders.
  package var runsDir = "runs"
  /// Where to compute; `auto` takes the fastest that there is.
  package var device = "auto"
}
