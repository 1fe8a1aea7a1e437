import Foundation

/// How much of a long campaign is run: a share of it for every judgement, the whole of it in
/// `make soak`.
package enum Campaign {
  /// Whether whole campaigns are run.
  package static let isWhole = ProcessInfo.processInfo.environment["GAN_TEST_SOAK"] == "1"

  /// One in so many of the cases, or all of them.
  package static func share<Case>(of cases: [Case], every period: Int, from first: Int = 0)
    -> [Case]
  {
    isWhole ? cases : stride(from: first, to: cases.count, by: period).map { cases[$0] }
  }

  /// One of two counts of cases.
  package static func count(_ share: Int, whole: Int) -> Int { isWhole ? whole : share }
}
