import Foundation
package import GANServing
import GANTraining

/// A folder of runs.
package struct RunsFolder: Sendable {
  /// The folder.
  package let path: String
  private let served: ServedFolder

  /// Shows a folder; the parent's where it is a run's own.
  ///
  /// - Throws: `Refusal` 404 where there is none.
  package init(_ path: String) throws(Refusal) {
    self.path = path
    served = try ServedFolder(path)
  }

  /// The names of the runs in it, the newest number first.
  package func names() -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    return names.filter { !$0.hasPrefix(".") && RunFolder(path: "\(path)/\($0)").isRun }
      .sorted(by: >)
  }

  /// A run in it.
  ///
  /// - Throws: `Refusal` 404 where there is none, or a link leads out of the folder.
  func run(_ name: String) throws(Refusal) -> RunFolder {
    let run = RunFolder(path: try served.path([name]))
    guard !name.hasPrefix("."), run.isRun else { throw .notFound }
    return run
  }

  /// Answers with a file of a run.
  ///
  /// - Throws: `Refusal` 404.
  func response(
    _ names: [String], _ type: MediaType, to request: Request
  ) throws(Refusal) -> Response {
    try served.response(names, type, to: request)
  }
}
