internal import GANRuntime
internal import GANTensor

/// A prepared step and the places its host reads and writes, looked up once.
final class StepProgram {
  let executable: CPUExecutable
  /// What its discriminator updates are.
  let updates: [StepGraph.Update]
  let isTraced: Bool
  let outputNames: [String]
  private let indices: [UnsafeMutableRawBufferPointer]
  private let reported: [UnsafeRawBufferPointer]

  init(
    _ executable: CPUExecutable, updates: [StepGraph.Update], isTraced: Bool, outputNames: [String]
  ) throws {
    self.executable = executable
    self.updates = updates
    self.isTraced = isTraced
    self.outputNames = outputNames
    indices = try updates.indices.map {
      try executable.input(StepGraph.indicesInput($0))
    }
    let last = "discriminator.\(updates.count - 1)"
    reported = try ["\(last).loss", "generator.loss", "\(last).realScore", "\(last).fakeScore"]
      .map { try executable.output($0) }
  }

  /// Says which images a discriminator update sees: the first of `rows`, as many as it takes.
  func setIndices(_ rows: ArraySlice<Int32>, ofUpdate update: Int) {
    rows.prefix(updates[update].batchSize).withUnsafeBytes {
      indices[update].copyMemory(from: $0)
    }
  }

  /// The losses and scores of the last run; allocates nothing.
  var report: StepReport {
    var report = StepReport()
    report.discriminatorLoss = reported[0].loadUnaligned(as: Float.self)
    report.generatorLoss = reported[1].loadUnaligned(as: Float.self)
    report.realScore = reported[2].loadUnaligned(as: Float.self)
    report.fakeScore = reported[3].loadUnaligned(as: Float.self)
    return report
  }
}
