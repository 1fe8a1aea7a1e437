/// A reason why a run, or the files of one, cannot go on.
package enum TrainingError: Error, Hashable, Sendable {
  /// After a step, from 1, a loss or a parameter is no longer a number.
  ///
  /// `tensor` is the first parameter or moment that is not finite, if one is.
  case diverged(step: Int, epoch: Int, tensor: String?)
  /// The file is sound but nothing of ours, or of another format version.
  case foreign(path: String, reason: String)
  /// The file has an entry that this version does not know: a later one wrote it.
  ///
  /// `novelty` is a phrase, such as `the option frobnication`; `version` is nil if the file does
  /// not name its writer.
  case newer(path: String, version: String?, novelty: String)
  /// The folder is not a run's, or holds no weights yet.
  case notRun(path: String, reason: String)
  /// The run cannot go on under other conditions than its own.
  case differs(path: String, differences: [String], help: String?)
  /// Another process is training the run.
  case busy(path: String)
}

extension TrainingError: CustomStringConvertible {
  /// One line, without `error:` and without a full stop.
  package var description: String {
    switch self {
    case .diverged(let step, let epoch, let tensor):
      "the run diverged at step \(step), in epoch \(epoch): "
        + (tensor.map { "\($0) is not finite" } ?? "a loss is not finite")
    case .foreign(let path, let reason):
      "cannot use \(path): \(reason)"
    case .newer(let path, let version, let novelty):
      "cannot use \(path): written by a newer gan\(version.map { ", \($0)" } ?? ""), with "
        + "\(novelty), which this one, \(Version.current), does not know"
    case .notRun(let path, let reason):
      "not a run with weights: \(path) (\(reason))"
    case .differs(let path, let differences, _):
      "cannot resume \(path): " + differences.joined(separator: "; ")
    case .busy(let path):
      "another process is training \(path)"
    }
  }
}
