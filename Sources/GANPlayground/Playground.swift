import Foundation
import GANRuntime
package import GANServing
package import GANTraining
import Synchronization

/// A game in the plane that pages play with.
///
/// Its identity is the game. Pages ask from their connections' threads; `Engine.host` plays.
package final class Playground: Sendable {
  /// Frames, readings and changes of the status, as events of those names.
  package let feed = EventFeed()
  private let wishes = Mutex<[Wish]>([])
  private let shown = Mutex<PlayState?>(nil)
  /// Has a signal as soon as there is something to show.
  private let begun = DispatchSemaphore(value: 0)

  /// A game that nobody plays yet.
  package init() {}

  /// Asks, and waits until it is done.
  ///
  /// - Throws: What makes it impossible: of settings, what is wrong with them.
  package func ask(_ command: PlayCommand) throws {
    let wish = Wish(command)
    wishes.withLock { $0.append(wish) }
    wish.done.wait()
    if let error = wish.error.withLock({ $0 }) { throw error }
  }

  /// The state as JSON, readings included; waits for a game that is about to begin.
  package func stateText() throws -> String {
    begun.wait()
    begun.signal()
    return try jsonText(of: shown.withLock { $0 })
  }

  /// Answers what was asked since the last time.
  fileprivate func answer(with table: PlayTable) {
    let asked = wishes.withLock { wishes in
      defer { wishes = [] }
      return wishes
    }
    for wish in asked {
      do { try table.obey(wish.command) } catch { wish.error.withLock { $0 = error } }
      show(table)
      wish.done.signal()
    }
  }

  fileprivate func show(_ table: PlayTable) {
    let state = table.state
    let isFirst = shown.withLock { shown in
      defer { shown = state }
      return shown == nil
    }
    if isFirst { begun.signal() }
  }
}

/// A command on its way; its identity is what became of it.
private final class Wish: Sendable {
  let command: PlayCommand
  let done = DispatchSemaphore(value: 0)
  let error = Mutex<(any Error)?>(nil)

  init(_ command: PlayCommand) { self.command = command }
}

extension Engine {
  /// Plays a playground's game until the task is cancelled: thirty pictures a second, and between them the
  /// rounds that there is time for. With no page open for a minute it pauses.
  ///
  /// - Throws: `RuntimeError` where this machine cannot run the game.
  package func host(
    _ playground: Playground, startingWith settings: PlaySettings, threads: Int
  ) async throws {
    let device = try DeviceKind.fastest.makeDevice(threadCount: threads)
    let table = try PlayTable(settings, on: device, telling: playground.feed)
    playground.show(table)
    let clock = ContinuousClock()
    var lastSeen = clock.now
    while !Task.isCancelled {
      let start = clock.now
      playground.answer(with: table)
      if playground.feed.listenerCount > 0 { lastSeen = start }
      if table.state.isPlaying, (start - lastSeen).inSeconds > 60 { try table.obey(.pause) }
      if table.state.isPlaying {
        try table.play()
        playground.show(table)
      }
      await passTurn()
      let left = 1.0 / 30 - (clock.now - start).inSeconds
      try await Task.sleep(for: .seconds(max(left, 0.001)))
    }
  }
}
