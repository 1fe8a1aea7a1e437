internal import GANRuntime
internal import GANTensor

/// A prepared step and the places its host reads and writes, looked up once.
final class StepProgram {
  let executable: CPUExecutable
  /// Real images of each discriminator update.
  let batchSizes: [Int]
  let outputNames: [String]
  private let indices: [UnsafeMutableRawBufferPointer]
  private let reported: [UnsafeRawBufferPointer]

  init(_ executable: CPUExecutable, batchSizes: [Int], outputNames: [String]) throws {
    self.executable = executable
    self.batchSizes = batchSizes
    self.outputNames = outputNames
    indices = try batchSizes.indices.map {
      try executable.input(StepGraph.indicesInput($0))
    }
    let last = "discriminator.\(batchSizes.count - 1)"
    reported = try ["\(last).loss", "generator.loss", "\(last).realScore", "\(last).fakeScore"]
      .map { try executable.output($0) }
  }

  /// Discriminator updates in the step.
  var updateCount: Int { batchSizes.count }

  /// Says which images a discriminator update sees.
  func setIndices(_ rows: ArraySlice<Int32>, ofUpdate update: Int) {
    rows.withUnsafeBytes { indices[update].copyMemory(from: $0) }
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

/// Pixels at a fixed address; its identity is that address, which programs hold.
final class ResidentImages {
  let bytes: UnsafeRawBufferPointer
  private let pixels: [UInt8]

  init(_ pixels: [UInt8]) {
    // The array keeps the one allocation alive; nobody can change it behind this `let`.
    self.pixels = pixels
    bytes = self.pixels.withUnsafeBytes { $0 }
  }
}
