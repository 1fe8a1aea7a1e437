import Foundation
import GANTestSupport
import Testing

/// A run of three epochs of three steps that takes a tenth of a second, to be disturbed.
///
/// Every epoch has a checkpoint, of which the second is kept for good and the newest alone besides.
struct ShortRun {
  let scratch: SmallMNIST
  /// The folder that runs get their folders in.
  let runs: String

  private let options = [
    "--set", "epochs=3", "--threads", "1", "--latent-size", "2", "--set", "generator.hidden=[3]",
    "--set", "discriminator.hidden=[]", "--set", "keptCheckpoints=1",
    "--set", "keptCheckpointInterval=2",
  ]

  /// Flags for one that is told classes and has averages, running statistics and dropout.
  static let conditional = [
    "--set", "conditioning=concatenation", "--set", "average.halfLife=300",
    "--set", "average.postHoc=true",
    "--set", "generator.normalization=batch", "--set", "discriminator.dropout=0.2",
  ]

  init(_ scratch: SmallMNIST, runs: String = "runs") {
    self.scratch = scratch
    self.runs = scratch.path(of: runs)
  }

  /// The run's folder, if it is there.
  var folder: String? {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: runs)) ?? []
    return names.first { !$0.hasPrefix(".") }.map { "\(runs)/\($0)" }
  }

  /// What is in `runs` beside the run.
  var leftovers: [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: runs)) ?? []
    return names.filter { $0.hasPrefix(".") }
  }

  /// Starts the run and waits for its end.
  func start(
    _ flags: [String] = [], environment: [String: String] = [:],
    killedAfter limit: Duration? = nil
  ) throws -> Program.Result {
    try Program.run(
      ["train", "--data-dir", scratch.path, "--runs-dir", runs] + options + flags,
      in: scratch.path, environment: environment, killedAfter: limit)
  }

  /// Goes on with the run.
  func resume(
    _ flags: [String] = [], environment: [String: String] = [:]
  ) throws -> Program.Result {
    try Program.run(
      ["train", "--resume", folder ?? runs] + flags, in: scratch.path, environment: environment)
  }

  /// Goes on with a disturbed run, or starts it where it is not there yet, and says what is then
  /// not as in a run that nobody disturbed.
  func faults(comparedWith undisturbed: RunContents, startFlags: [String] = []) throws -> [String] {
    let result = try folder == nil ? start(startFlags) : resume()
    guard result.status == 0, !result.isKilled, let folder else {
      return ["resuming exits with \(result.status): \(result.errors)"]
    }
    return try RunContents(of: folder).differences(from: undisturbed)
  }
}

#if os(Linux)
  extension ShortRun {
    /// What no test disturbed, started with no more flags.
    static let undisturbed = Result {
      let scratch = try SmallMNIST()
      let run = ShortRun(scratch)
      let result = try run.start()
      try #require(result.status == 0, "\(result.errors)")
      return try RunContents(of: #require(run.folder))
    }

    /// The calls that an undisturbed run changes files by.
    static let changes = Result {
      let scratch = try SmallMNIST()
      let run = ShortRun(scratch)
      let log = scratch.path(of: "changes")
      let result = try run.start(environment: run.disturbed(log: log))
      try #require(result.status == 0, "\(result.errors)")
      return try String(contentsOfFile: log, encoding: .utf8).split(separator: "\n")
        .map { try LoggedChange($0) }
    }

    /// The environment in which `kills.c` disturbs the run.
    func disturbed(by change: Change? = nil, log: String? = nil) throws -> [String: String] {
      // The last of its path: the program may spell the rest otherwise.
      let ending = runs.split(separator: "/").suffix(2).joined(separator: "/")
      var environment = ["LD_PRELOAD": try Interposer.kills.get().path, "CHANGES_IN": ending]
      environment["CHANGES_LOG"] = log
      environment["CHANGE_PART"] = change?.place.part
      environment["CHANGE_AT"] = change.map { "\($0.place.number)" }
      environment["CHANGE_ACT"] = change?.act.rawValue
      environment["CHANGE_MARK"] = mark
      return environment
    }

    /// Whether `kills.c` refused the run anything.
    var isRefused: Bool { FileManager.default.fileExists(atPath: mark) }

    private var mark: String { "\(runs)-refused" }
  }
#endif

/// Does something for each of some cases, as many at once as there are processors, and collects
/// what went wrong with which.
func faults<Case: Sendable>(
  in cases: [Case], _ body: @Sendable @escaping (Case) throws -> [String]
) async -> [String] {
  let width = ProcessInfo.processInfo.activeProcessorCount
  return await withTaskGroup(of: [String].self) { group in
    for lane in 0..<width {
      group.addTask {
        stride(from: lane, to: cases.count, by: width).flatMap { index in
          do {
            return try body(cases[index]).map { "\(cases[index]): \($0)" }
          } catch {
            return ["\(cases[index]): \(error)"]
          }
        }
      }
    }
    return await group.reduce(into: []) { $0 += $1 }
  }
}
