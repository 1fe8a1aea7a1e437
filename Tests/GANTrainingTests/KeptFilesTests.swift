import GANLearning
import GANNetworks
import Testing

@testable import GANTraining

@Suite("Files are kept as far as there is room")
struct KeptFilesTests {
  /// Ten steps a round, and a checkpoint of 12 bytes for each parameter.
  private func options(_ change: (inout TrainingOptions) -> Void) -> TrainingOptions {
    var options = TrainingOptions()
    (options.datasetCount, options.batchSize, options.epochs) = (1_000, 100, 1_000)
    (options.generator.hidden, options.discriminator.hidden) = ([1_000, 500], [1_000, 500])
    options.keptCheckpointInterval = 1
    change(&options)
    return options
  }

  @Test("A checkpoint's bytes are those of its tensors")
  func bytes() {
    let options = TrainingOptions()
    let parameters = options.networksByRole.values.reduce(0) { $0 + $1.parameterCount }
    #expect(options.checkpointBytes == Double(12 * parameters))
    var averaged = options
    averaged.average.halfLife = 1_000
    let generator = options.network(of: .generator).parameterCount
    #expect(averaged.checkpointBytes == Double(12 * parameters + 4 * generator))
    averaged.average.postHoc = true
    #expect(averaged.checkpointBytes == Double(12 * parameters + 3 * 4 * generator))
  }

  @Test(
    "Where room is short every second, every fourth and so on stays, beside the newest",
    arguments: [(0, 1...40), (1_000, 1...40), (30, 1...40), (150, 1...400)] as [(Int, ClosedRange)])
  func thinning(megabytes: Int, rounds: ClosedRange<Int>) {
    let options = options { $0.keptMegabytes = megabytes }
    let retention = CheckpointRetention(options)
    let room = roomForKept(of: options.checkpointBytes, options)
    var kept: [Int] = []
    for round in rounds {
      kept.append(10 * round)
      kept.removeAll(where: retention.superfluous(among: kept).contains)
      #expect(kept.count <= max(room, 1) && kept.last == 10 * round, "\(megabytes), \(round)")
      // What a run kept on the way is what one would keep that had kept everything.
      let all = (1...round).map { 10 * $0 }
      let whole = Set(all).subtracting(retention.superfluous(among: all))
      #expect(whole == Set(kept), "\(megabytes), \(round)")
    }
    if megabytes == 0 { #expect(kept.count == rounds.count) }
    if megabytes == 150 { #expect(kept.count > room / 2, "\(kept.count) of \(room)") }
  }

  @Test("One checkpoint stays however large it is")
  func large() {
    let retention = CheckpointRetention(options { $0.keptMegabytes = 1 })
    #expect(retention.superfluous(among: [10, 20, 30]) == [10, 20])
  }

  @Test(
    "Pictures are thinned likewise, and one of a former end goes",
    arguments: [
      (1, 250, [1, 2, 3], []), (20, 250, [20, 40, 47, 60], [47]), (20, 250, [20, 40, 47], []),
      // 64 pictures of 784 bytes: 19 in a megabyte.
      (1, 1, Array(1...19), []), (1, 1, Array(1...20), Array(stride(from: 1, to: 20, by: 2))),
      (1, 1, Array(1...21), Array(stride(from: 1, to: 21, by: 2))),
    ] as [(Int, Int, [Int], [Int])])
  func pictures(epochs: Int, megabytes: Int, there: [Int], superfluous: [Int]) {
    let options = options {
      ($0.roundSteps, $0.keptMegabytes) = (10 * epochs, megabytes)
    }
    #expect(options.epochsPerRound == epochs)
    #expect(EvenRetention(picturesOf: options).superfluous(among: there) == superfluous)
  }

  @Test(
    "A round is as many epochs as have its steps",
    arguments: [(1, 1), (10, 1), (11, 2), (20, 2), (100, 10), (101, 11)])
  func rounds(steps: Int, epochs: Int) {
    #expect(options { $0.roundSteps = steps }.epochsPerRound == epochs)
  }
}
