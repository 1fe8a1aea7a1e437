/// Why a run, or what one left behind, cannot go on.
package enum TrainingError: Error, Hashable, Sendable {
  /// A loss or a parameter is no longer a number.
  ///
  /// `tensor` is the first parameter that is not finite, if one is.
  case diverged(step: Int, epoch: Int, tensor: String?)
  /// The file is sound but nothing of ours, or of another format version.
  case foreign(path: String, reason: String)
  /// The folder is not a run's, or holds no weights yet.
  case notRun(path: String, reason: String)
}

extension TrainingError: CustomStringConvertible {
  /// One line, without `error:` and without a full stop.
  package var description: String {
    switch self {
    case .diverged(let step, let epoch, let tensor):
      "the run diverged by step \(step), in epoch \(epoch): "
        + (tensor.map { "\($0) is not finite" } ?? "a loss is not finite")
    case .foreign(let path, let reason):
      "cannot use \(path): \(reason)"
    case .notRun(let path, let reason):
      "not a run with weights: \(path) (\(reason))"
    }
  }
}
