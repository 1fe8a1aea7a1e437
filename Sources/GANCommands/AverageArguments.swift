import ArgumentParser
import GANTraining

/// The flag for an average that is made after training.
struct AverageArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Of a run with average.postHoc, the generator averaged over this part of its training, from 0.01 \
      to 0.25.
      """, valueName: "length"))
  var average: Double?

  func validate() throws { try average.map(Self.check) }

  /// Refuses a length that no average has.
  static func check(_ length: Double) throws {
    let lengths = AverageSnapshots.lengths
    guard lengths.contains(length) else {
      throw ValidationError(
        "--average must be a number from \(lengths.lowerBound) to \(lengths.upperBound), got "
          + "\(length)")
    }
  }
}

/// Lengths of averages, as a list: `0.05,0.1`.
struct AverageLengths: ExpressibleByArgument {
  let lengths: [Double]

  /// Nil for text that lists no different numbers.
  init?(argument: String) {
    let parts = argument.split(separator: ",", omittingEmptySubsequences: false)
    lengths = parts.compactMap { Double($0) }
    guard lengths.count == parts.count, Set(lengths).count == parts.count else { return nil }
  }
}
