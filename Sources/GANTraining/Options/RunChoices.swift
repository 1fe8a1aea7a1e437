/// The choices that decide a run, without being its options.
package struct RunChoices: Equatable, Sendable {
  /// The recipe that the options start from; `auto` takes one that fits the data.
  package var recipe = Recipe.automatic
  /// The data; `auto` takes those that are available.
  package var dataset = "auto"
  /// The folder with the data; nil where their name is enough to find them.
  package var dataDir: String?
  /// The mirror to fetch missing data from; nil for the known ones.
  package var dataMirror: String?
  /// The common size of all images: rows and columns, as `32`, `48x32` or `1x32x32`; `auto` leaves
  /// them as they are.
  package var imageSize = "auto"
  /// The folder in which runs get their folders.
  package var runsDir = "runs"
  /// The device to compute on; `auto` takes the fastest.
  package var device = "auto"
  /// Minutes after which the state is saved beside the checkpoints of the schedule; 0 for never.
  package var checkpointMinutes = 10.0
  /// Seconds that a rank may be silent before the others end.
  package var mpiTimeout = 60.0

  /// The defaults.
  package init() {}
}
