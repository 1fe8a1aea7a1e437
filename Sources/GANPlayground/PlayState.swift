/// What a page needs to know of a game besides frames and readings.
struct PlayState: Encodable, Sendable {
  let settings: PlaySettings
  /// Grows whenever something of this, or the list of readings but for its end, has changed.
  var version: Int
  var isPlaying: Bool
  /// Rounds between two pictures; nil for as many as there is time for.
  var roundsPerFrame: Int?
  let view: PlayView
  let hasStandIn: Bool
  /// The curves, thinned out where they are long.
  var readings: [PlayReading] = []
  /// The standing of the last reading: the best discriminator, as a frame's field.
  var optimum = ""
}

/// What is told of a change at once.
struct PlayStatus: Encodable, Sendable {
  let version: Int
  let isPlaying: Bool
  let roundsPerFrame: Int?
  /// Rounds a second of late; 0 where it does not play.
  let roundsPerSecond: Double
}

/// A reading, and what lies with it.
struct PlayNews: Encodable, Sendable {
  let version: Int
  let reading: PlayReading
  let optimum: String
}
