import Foundation
import GANFormats
import GANGraph
import GANNetworks
import GANTensor

/// The snapshots of power-function averages that a run has kept until some step, of which averages of
/// other lengths are made.
///
/// - Source: Karras et al., "Analyzing and Improving the Training Dynamics of Diffusion Models", 2023,
///   arXiv:2312.02696, section 3.2.
package struct AverageSnapshots: Sendable {
  /// The path by which they were named.
  private let path: String
  private let folder: RunFolder?
  /// The averages of the last step: a snapshot or a checkpoint.
  private let last: RunFile
  /// The steps of those that are used, in order.
  package let steps: [Int]

  /// Lengths that averages can have.
  package static let lengths = 0.01...0.25
  /// The greatest `ProfileFit.relativeError` of an average.
  package static let mostError = 0.1

  /// Finds the snapshots of a run until its newest checkpoint, or until the one in a file.
  ///
  /// - Throws: `FormatError`; `TrainingError`; `AverageError.notKept`.
  package init(_ path: String) throws {
    self.path = path
    if isFolder(path) {
      let run = RunFolder(path: path)
      guard try run.readOptions().average.postHoc else { throw AverageError.notKept(path) }
      let snapshot = run.averageSteps().last
      let checkpoint = try run.latestCheckpoint()
      if let checkpoint, checkpoint.step > snapshot ?? -1 {
        last = checkpoint
      } else if let snapshot {
        last = try RunFile(contentsOf: run.averages(step: snapshot))
      } else {
        throw TrainingError.notRun(path: path, reason: "no checkpoint in it yet")
      }
      folder = run
    } else {
      last = try RunFile(contentsOf: path)
      guard last.kind == .checkpoint || last.kind == .averages else {
        throw TrainingError.foreign(
          path: path,
          reason: "a \(last.kind.rawValue), and averages are made of a run or a checkpoint of it")
      }
      guard last.options.average.postHoc else { throw AverageError.notKept(path) }
      folder = RunFolder(around: path)
    }
    let end = last.step
    guard end > 0 else {
      throw TrainingError.foreign(path: path, reason: "of step 0, before any average")
    }
    steps = Self.telling(folder?.averageSteps() ?? [], until: end)
  }

  /// The snapshots to fit with, in order: the last, and of those before it each that lies no nearer to
  /// the next than a thousandth of the whole. Nearer ones tell nothing new, and doubles could not tell
  /// their profiles apart.
  ///
  /// - Parameter steps: In order.
  static func telling(_ steps: [Int], until end: Int) -> [Int] {
    var telling = [end]
    var next = end
    for step in steps.reversed() where step < end && Double(next - step) >= Double(end) / 1_000 {
      telling.append(step)
      next = step
    }
    return telling.reversed()
  }

  /// The generator's average of a length at the last step.
  ///
  /// Counters and the vectors of power iterations are those of the last step, as in the averages
  /// themselves. Weights may be negative, so a running variance is kept from falling below the least
  /// that a snapshot has.
  ///
  /// - Parameter length: The standard deviation of the average's profile over the time of training,
  ///   from `lengths`.
  /// - Throws: `AverageError.tooFew` where they make another average than that; `FormatError`,
  ///   `TrainingError.foreign` where a file is damaged or of another network.
  package func generator(length: Double) throws -> SavedNetwork {
    precondition(Self.lengths.contains(length), "length \(length)")
    let profiles = steps.flatMap { step in
      PowerAverage.keptLengths.map { PowerProfile(length: $0, end: Double(step)) }
    }
    let fit = ProfileFit(PowerProfile(length: length, end: Double(last.step)), by: profiles)
    guard fit.relativeError <= Self.mostError else {
      throw AverageError.tooFew(
        path, length: length, count: steps.count, relativeError: fit.relativeError)
    }
    guard let network = last.networks[.generator] else {
      throw TrainingError.foreign(path: last.path, reason: "it holds no generator")
    }
    var sum = WeightedSum(of: network)
    var weights = fit.weights[...]
    for step in steps {
      let file = try step == last.step ? last : snapshot(step, of: network)
      for length in PowerAverage.keptLengths {
        guard let weight = weights.popFirst() else { continue }
        try sum.add(weight, times: length, of: file)
      }
    }
    var saved = SavedNetwork(
      player: .generator, network: network, tensors: sum.tensors, options: last.options,
      step: last.step)
    saved.averageLength = length
    return saved
  }

  private func snapshot(_ step: Int, of network: NetworkDescription) throws -> RunFile {
    let name = folder?.averages(step: step) ?? path
    let file = try RunFile(contentsOf: name)
    guard file.kind == .averages, file.step == step, file.networks[.generator] == network else {
      throw TrainingError.foreign(path: name, reason: "not averages of this run's step \(step)")
    }
    return file
  }
}

/// A sum of a network's averages in double precision, tensor by tensor.
private struct WeightedSum {
  private let network: NetworkDescription
  private let averaged: Set<String>
  /// The names of running variances.
  private let variances: Set<String>
  private var sums: [String: [Double]] = [:]
  /// The least values of running variances.
  private var least: [String: [Double]] = [:]
  /// What is copied, of the file added last.
  private var copied: [String: HostTensor] = [:]

  init(of network: NetworkDescription) {
    self.network = network
    averaged = network.averagedNames
    variances = Set(network.buffers.filter(\.isVariance).map(\.name))
  }

  /// Adds an average out of a file.
  ///
  /// - Throws: `TrainingError.foreign` where it is not in it whole.
  mutating func add(_ weight: Double, times length: Double, of file: RunFile) throws {
    for (name, type) in network.tensorTypes {
      let full = "\(PowerAverage.prefix(ofLength: length)).\(name)"
      guard let tensor = file.contents[full], tensor.shape == type.shape,
        tensor.elementType == type.elementType
      else {
        throw TrainingError.foreign(path: file.path, reason: "\(full) is not there as \(type)")
      }
      guard averaged.contains(name) else {
        copied[name] = tensor
        continue
      }
      let values = tensor.floats.map(Double.init)
      let sum = sums[name] ?? [Double](repeating: 0, count: values.count)
      sums[name] = zip(sum, values).map { $0 + weight * $1 }
      guard variances.contains(name) else { continue }
      least[name] = least[name].map { zip($0, values).map(min) } ?? values
    }
  }

  /// The network's tensors, in their order.
  var tensors: [(name: String, tensor: HostTensor)] {
    network.tensorTypes.compactMap { name, type in
      guard var sum = sums[name] else { return copied[name].map { (name, $0) } }
      if let least = least[name] { sum = zip(sum, least).map(max) }
      return (name, HostTensor(shape: type.shape, sum.map(Float.init)))
    }
  }
}
