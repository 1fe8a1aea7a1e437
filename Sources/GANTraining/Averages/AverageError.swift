/// A reason why an average cannot be made after training.
package enum AverageError: Error, Hashable, Sendable {
  /// The run has no snapshots of averages, and was not asked for them.
  case notKept(_ path: String)
  /// What there is makes another average than the one asked for.
  case tooFew(_ path: String, length: Double, count: Int, relativeError: Double)
}

extension AverageError: CustomStringConvertible {
  /// One line, without `error:` and without a full stop.
  package var description: String {
    switch self {
    case .notKept(let path):
      return "\(path) kept no averages of which others are made"
    case .tooFew(let path, let length, let count, let relativeError):
      let percent = Int((100 * relativeError).rounded(.up))
      return
        "\(path) has \(count == 1 ? "one snapshot" : "\(count) snapshots") of averages, of which "
        + "one of \(length) is made with an error of \(percent) %; "
        + "\(Int(100 * AverageSnapshots.mostError)) % are the most"
    }
  }

  /// Advice.
  package var help: String {
    switch self {
    case .notKept: "gan train --set average.postHoc=true keeps them"
    case .tooFew:
      "\(PowerAverage.keptLengths.map { "\($0)" }.joined(separator: " and ")) are always there; longer "
        + "training, a smaller checkpointInterval or a greater keptMegabytes leaves more snapshots"
    }
  }
}
