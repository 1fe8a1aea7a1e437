internal import GANRuntime
internal import GANTensor

/// A prepared step and the places its host reads and writes, looked up once.
final class StepProgram {
  let executable: any Executable
  /// What its discriminator updates are.
  let updates: [StepGraph.Update]
  let isTraced: Bool
  let outputNames: [String]
  private let indices: [InputPlace]
  private let reported: [OutputPlace]

  init(
    _ executable: any Executable, updates: [StepGraph.Update], isTraced: Bool, outputNames: [String]
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
    executable.write(rows.prefix(updates[update].batchSize), to: indices[update])
  }

  /// The losses and scores of the last run; allocates nothing.
  var report: StepReport {
    var report = StepReport()
    report.discriminatorLoss = executable.float(reported[0])
    report.generatorLoss = executable.float(reported[1])
    report.realScore = executable.float(reported[2])
    report.fakeScore = executable.float(reported[3])
    return report
  }
}
