/// What a page asks of a game.
package enum PlayCommand: Sendable {
  /// Goes on by itself.
  case play
  case pause
  /// Pauses, and makes one update of a player, or one round of both.
  case step(Player)
  /// Starts anew with the same settings.
  case restart
  /// Rounds between two pictures; nil makes as many as there is time for.
  case speed(rounds: Int?)
  /// Takes other settings; the game goes on where networks, world and seed stay, else it starts anew.
  case settings(PlaySettings)

  /// Who makes a step.
  package enum Player: String, Decodable, Sendable {
    case discriminator, generator, both
  }
}

extension PlayCommand: Decodable {
  private enum CodingKeys: String, CodingKey { case kind, player, rounds }
  private enum Kind: String, Decodable { case play, pause, step, restart, speed }

  /// Reads a command that is not settings, such as `{"kind": "step", "player": "both"}`.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    switch try container.decode(Kind.self, forKey: .kind) {
    case .play: self = .play
    case .pause: self = .pause
    case .restart: self = .restart
    case .step: self = .step(try container.decode(Player.self, forKey: .player))
    case .speed:
      let rounds = try container.decodeIfPresent(Int.self, forKey: .rounds)
      guard rounds.map({ (1...1_000).contains($0) }) ?? true else {
        throw SettingsError("from 1 to 1000 rounds fit between two pictures")
      }
      self = .speed(rounds: rounds)
    }
  }
}
