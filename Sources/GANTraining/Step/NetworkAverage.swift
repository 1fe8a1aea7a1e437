import Foundation
import GANGraph
package import GANLearning
import GANNetworks
import GANTensor

/// The options of a network's moving averages: the speed at which the one to use forgets, and whether
/// others can be made after training.
package struct AverageOptions: Encodable, Hashable, Sendable {
  /// Images after which a network's weight in the average has halved; 0 keeps no average.
  package var halfLife: ScheduledValue = 0
  /// Early on the half-life is this many times the images seen so far; 0 has it full at once.
  package var rampUp = 0.05
  /// True if two power-function averages are kept in snapshots, of which others are made.
  package var postHoc = false

  /// Creates options; the defaults keep no average.
  package init(halfLife: ScheduledValue = 0, rampUp: Double = 0.05) {
    (self.halfLife, self.rampUp) = (halfLife, rampUp)
  }

  /// True if there is an average.
  package var isOn: Bool { halfLife.isEverPositive }

  /// Half-lives that single precision holds.
  package static let halfLifeRange = 0..<1e38
}

/// The moving average of a network in a graph: `average ← average + (1 - β) (network - average)`
/// after each of its updates, with `β = 0.5^(batch / min(half-life, ramp-up · images seen))`.
///
/// Running statistics are averaged alike, so that the average is a network; counters and the
/// vectors of power iterations, whose mean would have another length, are copied.
///
/// - Source: Karras et al., "Progressive Growing of GANs", 2017, arXiv:1710.10196; the ramp-up is
///   that of "Training Generative Adversarial Networks with Limited Data", 2020, arXiv:2006.06676.
struct NetworkAverage {
  /// The prefix of its states' names.
  static let prefix = "average"

  let options: AverageOptions
  /// Images in an update.
  let batchSize: Int
  let hyperparameters: Hyperparameters

  /// Averages the network's new values, and makes that the state of the next run.
  ///
  /// - Parameters:
  ///   - updates: `int64 []`, updates of the network before this one.
  func record(_ network: Network, updates: Tensor, in builder: GraphBuilder) {
    network.recordAverage(Self.prefix, share: 1 - decay(updates), in: builder)
  }

  /// β of an update, `[]`.
  private func decay(_ updates: Tensor) -> Tensor {
    let batch = Double(batchSize)
    let seen = updates.converted(to: .float32) * batch
    let halfLife = hyperparameters.scalar(
      "\(Self.prefix).halfLife", options.halfLife, in: AverageOptions.halfLifeRange)
    // Before the first image β is as good as 0: the first average is the network itself.
    let present =
      options.rampUp > 0
      ? halfLife.minimum(seen * options.rampUp).maximum(seen.constant(1e-8)) : halfLife
    return (present.constant(-batch * log(2)) / present).exp()
  }
}

extension Network {
  /// Makes `average + share (network - average)` the state of the next run, tensor by tensor, and
  /// copies what cannot be averaged.
  ///
  /// - Parameters:
  ///   - prefix: The prefix of the average's states.
  ///   - share: `[]`, the network's weight.
  func recordAverage(_ prefix: String, share: Tensor, in builder: GraphBuilder) {
    let averaged = description.averagedNames
    for (name, value) in orderedTensors {
      let state = builder.state("\(prefix).\(name)", value.shape, value.type.elementType)
      builder.update(
        state,
        to: averaged.contains(name)
          ? state + (value - state) * share.broadcast(to: value.shape) : value)
    }
  }
}
