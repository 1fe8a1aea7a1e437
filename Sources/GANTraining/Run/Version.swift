/// The version of the package, as in `gan --version` and every run's `environment.json`.
package enum Version {
  /// The latest entry of the changelog, `-dev` until it is released.
  package static let current = "0.1.0-dev"
  /// The format of our files (checkpoints, traces, saved networks); a reader refuses others.
  package static let fileFormat = "1"
}
