import GANRuntime

/// The device a run computes on, in words: `cpu (<processor>, 2 threads, oneDNN 2.6.3)`.
package func deviceDescription(threads: Int) -> String {
  let threadWords = threads == 1 ? "1 thread" : "\(threads) threads"
  return "cpu (\(Processor.name), \(threadWords), oneDNN \(CPUDevice.oneDNNVersion))"
}

/// Threads that compute where nobody says how many: one for each processor this process may use.
package var defaultThreadCount: Int { CPUDevice.processorCount }

/// The numbers of threads that can be asked for, from 1.
package let threadCounts = 1...1_024
