/// What this program wrote into a folder of pictures, which nobody means to train on.
enum OwnOutput: String, CaseIterable, Sendable {
  case run, experiment
  /// A picture by `PNG.writeOverview`.
  case overview

  /// Judges a folder by the names in it.
  init?(folderOf names: [String]) {
    if names.contains("options.json"),
      names.contains("stats.jsonl") || names.contains("environment.json")
    {
      self = .run
    } else if names.contains("report.json"), names.contains("README.md") {
      self = .experiment
    } else {
      return nil
    }
  }

  /// Several in words: `3 runs of gan`.
  func words(_ count: Int) -> String {
    let (noun, origin) =
      switch self {
      case .run: ("run", " of gan")
      case .experiment: ("experiment", " of gan lab")
      case .overview: ("picture", " made by gan")
      }
    return "\(count) \(noun)\(count == 1 ? "" : "s")\(origin)"
  }
}
