import Foundation

/// The unit of entropies and divergences.
package enum InformationUnit: String, Codable, CaseIterable, Sendable {
  /// Natural logarithms; log 2 is 0.693.
  case nats
  /// Logarithms to base 2; log 2 is 1.
  case bits

  /// A value in nats, in this unit.
  package func value(ofNats nats: Double) -> Double {
    self == .nats ? nats : nats / log(2)
  }
}
