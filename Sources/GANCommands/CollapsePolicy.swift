import ArgumentParser

/// What becomes of a run whose generator collapses.
enum CollapsePolicy: String, CaseIterable, ExpressibleByArgument {
  case warn, stop
}
