import Foundation

/// What `Tests/Parity/make_divergences.py` computed.
struct Fixture: Decodable {
  struct Divergences: Decodable {
    let jensenShannon: Double
    let klOfPFromQ: Double
    let klOfQFromP: Double
  }

  struct Discrete: Decodable {
    let jensenShannonBits: Double
    let klBits: Double
  }

  struct OfSamples: Decodable {
    let histogramJensenShannon: Double
  }

  let densities: [String: Divergences]
  let discrete: Discrete
  let ofSamples: OfSamples
  /// Bit patterns of `Float`s.
  let mixture: [UInt32]

  static func read() throws -> Fixture {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Fixtures/divergences.json")
    return try JSONDecoder().decode(Fixture.self, from: Data(contentsOf: file))
  }
}
