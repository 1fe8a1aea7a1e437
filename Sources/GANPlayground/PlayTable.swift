import Foundation
import GANRuntime
import GANServing
import GANTraining

/// The game that a playground's pages show, on the engine's thread.
///
/// Its identity is the session. It belongs to the thread of its device.
final class PlayTable {
  private let device: any Device
  private let feed: EventFeed
  private(set) var state: PlayState
  private var session: PlaySession
  private var scales: PlayScales
  /// Rounds from one reading to the next.
  private var readingInterval = PlayTable.firstInterval
  private var nextReading = 0
  private var reading: (rounds: Int, speed: Double, since: ContinuousClock.Instant)

  private static let firstInterval = 20
  /// Readings that are kept; when there are more, every other one goes.
  private static let readingLimit = 600
  /// Time for rounds between two pictures.
  private static let roundSeconds = 0.024

  /// Sets a game up.
  ///
  /// - Throws: As `PlaySession.init` does.
  init(_ settings: PlaySettings, on device: any Device, telling feed: EventFeed) throws {
    session = try PlaySession(settings, on: device)
    scales = try PlayScales(of: session)
    (self.device, self.feed) = (device, feed)
    state = PlayState(
      settings: settings, version: 0, isPlaying: false, roundsPerFrame: 1,
      view: session.world.view, hasStandIn: session.hasStandIn)
    reading = (0, 0, ContinuousClock().now)
    try read()
    try show()
  }

  /// Makes the rounds that fit between two pictures, if it plays.
  func play() throws {
    guard state.isPlaying else { return }
    let clock = ContinuousClock()
    let start = clock.now
    var made = 0
    repeat {
      session.stepRound()
      made += 1
      if session.rounds >= nextReading { try read() }
    } while made < state.roundsPerFrame ?? .max
      && (clock.now - start).inSeconds < Self.roundSeconds
    measure(made, clock.now)
    try show()
  }

  /// Does what a page asks.
  ///
  /// - Throws: As `PlaySession.init` does, of settings; the game is then as before.
  func obey(_ command: PlayCommand) throws {
    switch command {
    case .play: state.isPlaying = true
    case .pause: state.isPlaying = false
    case .speed(let rounds): state.roundsPerFrame = rounds
    case .restart: try begin(try PlaySession(state.settings, on: device))
    case .settings(let settings):
      let old = session
      let next = try PlaySession(settings, on: device, goingOnWith: old)
      if settings.hasSamePlayers(as: old.settings) { try goOn(next) } else { try begin(next) }
    case .step(let player):
      state.isPlaying = false
      switch player {
      case .discriminator: session.stepDiscriminator()
      case .generator: session.stepGenerator()
      case .both: session.stepRound()
      }
      try read()
      try show()
    }
    state.version += 1
    try tellStatus()
  }

  private func begin(_ next: PlaySession) throws {
    let scales =
      next.settings.hasSamePlayers(as: session.settings) ? scales : try PlayScales(of: next)
    (session, self.scales) = (next, scales)
    (readingInterval, nextReading) = (Self.firstInterval, 0)
    state = PlayState(
      settings: next.settings, version: state.version, isPlaying: state.isPlaying,
      roundsPerFrame: state.roundsPerFrame, view: next.world.view, hasStandIn: next.hasStandIn)
    try read()
    try show()
  }

  private func goOn(_ next: PlaySession) throws {
    session = next
    let (readings, optimum) = (state.readings, state.optimum)
    state = PlayState(
      settings: next.settings, version: state.version, isPlaying: state.isPlaying,
      roundsPerFrame: state.roundsPerFrame, view: next.world.view, hasStandIn: next.hasStandIn,
      readings: readings, optimum: optimum)
    try show()
  }

  // MARK: Telling

  private func read() throws {
    var (reading, optimum) = try session.reading(scales)
    reading.index = state.readings.count
    state.readings.append(reading)
    state.optimum = optimum
    nextReading = (session.rounds / readingInterval + 1) * readingInterval
    if state.readings.count > Self.readingLimit {
      readingInterval *= 2
      state.readings = state.readings.enumerated().filter { $0.offset.isMultiple(of: 2) }
        .map(\.element)
      for index in state.readings.indices { state.readings[index].index = index }
      state.version += 1
      try tellStatus()
      return
    }
    guard feed.listenerCount > 0 else { return }
    let news = PlayNews(version: state.version, reading: reading, optimum: optimum)
    feed.publish(ServerEvent("reading", try jsonText(of: news)))
  }

  private func show() throws {
    feed.publish(ServerEvent("frame", try jsonText(of: session.frame(scales.judge))))
  }

  private func tellStatus() throws {
    let status = PlayStatus(
      version: state.version, isPlaying: state.isPlaying, roundsPerFrame: state.roundsPerFrame,
      roundsPerSecond: state.isPlaying ? reading.speed : 0)
    feed.publish(ServerEvent("status", try jsonText(of: status)))
  }

  /// Takes the speed, twice a second.
  private func measure(_ rounds: Int, _ now: ContinuousClock.Instant) {
    reading.rounds += rounds
    let seconds = (now - reading.since).inSeconds
    guard seconds >= 0.5 else { return }
    reading = (0, Double(reading.rounds) / seconds, now)
    try? tellStatus()
  }
}
