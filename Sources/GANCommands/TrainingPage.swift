import Foundation
import GANPage
import GANServing
import GANTraining
import Synchronization

/// The page of a run that this process trains.
///
/// Its identity is the server. It reads what the run writes, and tells the run what its page asks for; the run
/// waits for neither.
final class TrainingPage: RunControl {
  let runName: String
  /// Follows the page's wishes.
  let pace = RunPace()
  private let folder: RunFolder
  private let stop: StopRequest
  private let server = Mutex<LocalServer?>(nil)
  private let ended = Atomic(false)

  /// Names the run in `folder`, which `stop` stops.
  init(_ folder: RunFolder, stop: StopRequest) {
    (self.folder, self.stop) = (folder, stop)
    runName = URL(filePath: folder.path).lastPathComponent
  }

  /// Serves the page on a socket, and says where.
  func serve(
    on listener: ListeningSocket, _ arguments: PageArguments, onStandardOutput: Bool
  ) throws {
    let runs = URL(filePath: folder.path).deletingLastPathComponent().relativePath
    var router = Router()
    RunPages(try RunsFolder(runs), landing: runName, control: self).add(to: &router)
    let server = LocalServer(router, on: listener)
    try arguments.announce(server, onStandardOutput: onStandardOutput)
    self.server.withLock { $0 = server }
  }

  /// Tells the pages that are open how the run ended, within three seconds, and serves no more.
  func end() async {
    ended.store(true, ordering: .relaxed)
    guard let server = server.withLock({ $0 }) else { return }
    if server.streamCount > 0 {
      for _ in 0..<20 where server.streamCount > 0 {
        try? await Task.sleep(for: .milliseconds(100))
      }
      // The pages ask for the last pictures now.
      try? await Task.sleep(for: .seconds(1))
    }
    server.stop()
  }

  var hasEnded: Bool { ended.load(ordering: .relaxed) }

  var live: LiveRun {
    let now = pace.now
    return LiveRun(
      step: now.step, isPaused: now.isPaused, isStopping: stop.isMade,
      memoryBytes: ProcessMeasures.anonymousResidentBytes(), savedStep: now.savedStep)
  }

  func take(_ command: RunCommand) {
    switch command {
    case .pause: pace.pause()
    case .resume: pace.resume()
    case .step: pace.makeStep()
    case .save: pace.save()
    case .stop: stop.stop()
    }
  }

  func change(_ name: String, to value: Double?) { pace.change(name, to: value) }
}
