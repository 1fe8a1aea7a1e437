import Foundation
import GANData
import GANFormats
import GANGraph
import GANNetworks
import GANTensor
import GANTestSupport
import Testing

@testable import GANTraining

@Suite("Averages of a run are made after it")
struct PowerAverageTests {
  private let scratch: SmallMNIST
  private let dataset: ImageDataset
  private var options: TrainingOptions

  /// Ten steps an epoch and a snapshot after each of eight epochs, of a generator with all that is
  /// averaged and all that is copied.
  init() throws {
    scratch = try SmallMNIST()
    dataset = try ImageDataset.mnist(in: scratch.path)
    var options = TrainingOptions.smallRun(on: dataset, epochs: 8, width: 5)
    options.generator.normalization = .batch
    options.average.postHoc = true
    options.keptCheckpoints = 1
    options.keptCheckpointInterval = 0
    self.options = options
  }

  private func finishedRun(_ options: TrainingOptions) async throws -> RunFolder {
    let folder = try RunFolder.create(
      in: scratch.path(of: "runs"), for: options,
      on: RunEnvironment(threads: 1, dataset: dataset))
    let request = TrainingRequest(options, on: dataset, in: folder)
    for try await _ in try Engine().training(request).events {}
    return folder
  }

  @Test("Both averages weigh each update as their profile does, and copy what has no mean")
  func weights() throws {
    for normalization in [Normalization.batch, .spectral] {
      var options = options
      options.generator.normalization = normalization
      let session = try TrainingSession(options.setup, dataset: dataset)
      let count = 14
      var history: [String: [[Double]]] = [:]
      for _ in 0..<count {
        try session.runStep()
        for (name, tensor) in try session.tensors(of: .generator)
        where tensor.elementType == .float32 {
          history[name, default: []].append(tensor.floats.map(Double.init))
        }
      }
      let network = options.network(of: .generator)
      let copied = network.buffers.filter {
        $0.initial == nil || $0.type.elementType != .float32
      }.map(\.name)
      #expect(!copied.isEmpty)
      let states = Dictionary(
        uniqueKeysWithValues: try session.checkpoint().map { ($0.name, $0.tensor) })
      for length in PowerAverage.keptLengths {
        // The profile's integral over the k-th of n updates.
        let exponent = PowerProfile.exponent(ofLength: length) + 1
        func part(_ k: Int) -> Double { pow(Double(k) / Double(count), exponent) }
        for name in network.tensorNames {
          let average = try #require(states["powerAverage.\(length).\(name)"])
          guard !copied.contains(name) else {
            #expect(average == states["generator.\(name)"])
            continue
          }
          let past = try #require(history[name])
          for (index, value) in average.floats.enumerated() {
            let expected = (1...count).reduce(0.0) {
              $0 + (part($1) - part($1 - 1)) * past[$1 - 1][index]
            }
            // Fourteen roundings of values of the greatest's size.
            let size = past.map { abs($0[index]) }.max() ?? 0
            #expect(abs(Double(value) - expected) <= 4e-6 * size, "\(length), \(name)[\(index)]")
          }
        }
      }
    }
  }

  @Test(
    "A late update has its share to single precision", arguments: [1_000, 1_000_000, 16_000_000])
  func lateShare(updates: Int) throws {
    let session = try TrainingSession(options.setup, dataset: dataset)
    try session.runStep()
    // An average of zeros after so many updates is the share of the next one, times the network.
    let zeros = try session.checkpoint().map { name, tensor in
      switch name {
      case "optimizer.generator.updates": (name, HostTensor(shape: .scalar, [Int64(updates)]))
      case _ where name.hasPrefix("powerAverage.") && tensor.elementType == .float32:
        (name, HostTensor(shape: tensor.shape, tensor.floats.map { _ in Float(0) }))
      default: (name, tensor)
      }
    }
    try session.restore(Dictionary(uniqueKeysWithValues: zeros))
    try session.runStep()
    let bias = try #require(try session.tensors(of: .generator).first).tensor.floats
    for length in PowerAverage.keptLengths {
      let exponent = PowerProfile.exponent(ofLength: length) + 1
      let share = -expm1(exponent * log1p(-1 / Double(updates + 1)))
      let name = try #require(options.network(of: .generator).tensorNames.first)
      let states = Dictionary(
        uniqueKeysWithValues: try session.checkpoint().map { ($0.name, $0.tensor) })
      let average = try #require(states["powerAverage.\(length).\(name)"]).floats
      for (value, own) in zip(average, bias) {
        // The logarithm of 16,000,000 is 17, whose last place is 2e-6.
        #expect(abs(Double(value) - share * Double(own)) <= 5e-6 * share * abs(Double(own)))
      }
    }
  }

  @Test("The averages change nothing else")
  func apart() throws {
    var without = options
    without.average.postHoc = false
    let sessions = try [options, without].map {
      try TrainingSession($0.setup, dataset: dataset)
    }
    for session in sessions { for _ in 0..<6 { try session.runStep() } }
    let states = try sessions.map {
      Dictionary(uniqueKeysWithValues: try $0.checkpoint().map { ($0.name, $0.tensor) })
    }
    #expect(states[0].filter { !$0.key.hasPrefix("powerAverage.") } == states[1])
  }

  @Test("At snapshots, and where it was only interrupted, the kept lengths are what was kept")
  func keptLengths() async throws {
    let run = try await finishedRun(options)
    #expect(run.averageSteps() == Array(stride(from: 10, through: 80, by: 10)))
    let end = try #require(try run.latestCheckpoint())
    for path in [run.path, end.path, run.averages(step: 80), run.averages(step: 30)] {
      let file = try path == run.path ? end : RunFile(contentsOf: path)
      let snapshots = try AverageSnapshots(path)
      #expect(snapshots.steps == Array(stride(from: 10, through: file.step, by: 10)))
      for length in PowerAverage.keptLengths {
        let made = try snapshots.generator(length: length)
        #expect(made.step == file.step && made.averageLength == length)
        for (name, tensor) in made.tensors {
          let kept = try #require(file.contents["powerAverage.\(length).\(name)"])
          #expect(tensor.shape == kept.shape && tensor.elementType == kept.elementType)
          guard tensor.elementType == .float32 else {
            #expect(tensor == kept)
            continue
          }
          for (one, other) in zip(tensor.floats, kept.floats) {
            // One rounding, where weights of 1e-9 touch the last digit.
            #expect(abs(one - other) <= 1e-6 * max(abs(other), 1e-2), "\(length), \(name)")
          }
        }
      }
    }
    // The snapshot says its time, in images of the generator's updates.
    #expect(try RunFile(contentsOf: run.averages(step: 30)).contents.metadata["images"] == "750")
  }

  @Test("Few snapshots make the lengths near the kept ones, and refuse others with their number")
  mutating func tooFew() async throws {
    (options.epochs, options.checkpointInterval) = (3, 3)
    let run = try await finishedRun(options)
    let snapshots = try AverageSnapshots(run.path)
    #expect(snapshots.steps == [30])
    for length in PowerAverage.keptLengths { _ = try snapshots.generator(length: length) }
    let error = #expect(throws: AverageError.self) { try snapshots.generator(length: 0.2) }
    guard case .tooFew(_, 0.2, 1, let relativeError) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(relativeError > AverageSnapshots.mostError)
  }

  @Test("A run that kept none says how to keep them, and weights alone are no run")
  mutating func notKept() async throws {
    options.average.postHoc = false
    options.epochs = 1
    let run = try await finishedRun(options)
    #expect(!isFolder(run.averages))
    let checkpoint = try #require(try run.latestCheckpoint()).path
    for path in [run.path, checkpoint] {
      #expect(throws: AverageError.notKept(path)) { try AverageSnapshots(path) }
    }
    #expect(throws: TrainingError.self) {
      try AverageSnapshots(run.network(of: .generator))
    }
  }

  @Test(
    "What did not change in training is in every average, and no variance falls below all others")
  func constants() async throws {
    let run = try await finishedRun(options)
    // Means of 3, and variances that fall a thousandfold between two snapshots.
    for step in run.averageSteps() {
      let path = run.averages(step: step)
      let file = try RunFile(contentsOf: path)
      let tensors = file.tensors.map { name, tensor in
        let value: Float? =
          name.hasSuffix("running_mean")
          ? 3 : name.hasSuffix("running_var") ? pow(1e-3, Float(step / 10)) : nil
        return (
          name: name,
          tensor: value.map { value in
            HostTensor(shape: tensor.shape, tensor.floats.map { _ in value })
          } ?? tensor
        )
      }
      try RunFile.write(
        .averages, tensors, networks: file.networks, options: file.options, step: step, to: path)
    }
    let snapshots = try AverageSnapshots(run.averages(step: 80))
    for length in [0.04, 0.05, 0.07, 0.15] {
      for (name, tensor) in try snapshots.generator(length: length).tensors {
        if name.hasSuffix("running_mean") {
          #expect(tensor.floats.allSatisfy { abs($0 - 3) < 1e-6 }, "\(length)")
        }
        if name.hasSuffix("running_var") {
          #expect(tensor.floats.allSatisfy { $0 >= pow(1e-3, 8) }, "\(length)")
        }
      }
    }
  }

  @Test(
    "Snapshots are thinned where there are many, or where room is short",
    arguments: [(0, 1...300), (1, 1...40)] as [(Int, ClosedRange<Int>)])
  func thinning(megabytes: Int, rounds: ClosedRange<Int>) {
    var options = options
    (options.generator.hidden, options.keptMegabytes) = ([500], megabytes)
    let retention = EvenRetention(averagesOf: options)
    #expect(retention.interval == 10)
    #expect(megabytes == 0 ? retention.room == 128 : retention.room < 20)
    var kept: [Int] = []
    for round in rounds {
      kept.append(10 * round)
      kept.removeAll(where: retention.superfluous(among: kept).contains)
      #expect(kept.count <= retention.room + 1 && kept.last == 10 * round)
    }
    #expect(kept.count > retention.room / 2)
  }
}
