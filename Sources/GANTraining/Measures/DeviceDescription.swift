package import GANRuntime

extension DeviceKind {
  /// The device, its processor and threads, in words: `cpu (<processor>, 2 threads, x86-64-v3)`.
  ///
  /// - Parameters:
  ///   - threads: The requested number of threads.
  ///   - precision: What products multiply.
  package func description(threads: Int, precision: Precision = .float32) -> String {
    switch self {
    case .cpu:
      let threadWords = threads == 1 ? "1 thread" : "\(threads) threads"
      let set = CPUDevice.instructionSet + (precision == .float32 ? "" : ", \(precision.rawValue)")
      return "cpu (\(Processor.name), \(threadWords), \(set))"
    case .reference: return "reference (\(Processor.name), 1 thread, double precision)"
    }
  }

  /// The type of the numbers that it multiplies where `chosen` is asked for.
  package func precision(_ chosen: Precision) -> String {
    switch self {
    case .cpu: chosen.rawValue
    case .reference: "float64"
    }
  }
}

/// The default number of computing threads: one for each processor whose time this process has.
package var defaultThreadCount: Int { DefaultThreads.ofProcess.count }

/// The allowed numbers of threads, from 1.
package let threadCounts = 1...1_024

extension TrainingOptions {
  /// The device of a run with these options, in words.
  package var deviceDescription: String {
    device.description(threads: threads, precision: precision)
  }
}
