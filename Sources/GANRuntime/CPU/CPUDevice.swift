internal import CKernels
internal import COneDNN
internal import GANGraph

/// The processor as a place to run programs: how many threads, and oneDNN's engine.
///
/// Its identity is the engine. It belongs to the thread that makes it: GNU OpenMP keeps a team of
/// spinning threads for each thread that calls it, and two callers on two cores ruin each other.
package final class CPUDevice {
  /// Threads that compute, the calling one included.
  package let threadCount: Int
  /// What products can do beside multiplying here.
  let productFusion: ProductFusion
  let engine: OpaquePointer

  /// Takes the calling thread's team.
  ///
  /// - Parameters:
  ///   - threadCount: Threads to compute with; by default every processor this process may use.
  ///   - fusesOptimiser: Whether products that are gradients make the optimiser's step themselves
  ///     where the processor has AVX-512; without, it follows them as on every other processor.
  /// - Throws: `RuntimeError.unavailable` where oneDNN cannot be used.
  package init(threadCount: Int? = nil, fusesOptimiser: Bool = true) throws(RuntimeError) {
    let count = threadCount ?? Self.processorCount
    precondition(count > 0, "a device computes on at least one thread; got \(count)")
    // Before the first primitive exists: oneDNN decides then how to split its work.
    ck_team_set_size(Int32(count))
    var reason = ReasonBuffer()
    guard let engine = reason.fill({ conednn_engine_create($0, $1) }) else {
      throw .unavailable(library: "oneDNN", reason: reason.text)
    }
    self.engine = engine
    self.threadCount = count
    productFusion = fusesOptimiser && ck_product_supported() ? .optimiser : .activations
  }

  deinit { conednn_engine_destroy(engine) }

  /// Processors this process may run on.
  package static var processorCount: Int { Int(ck_processor_count()) }

  /// The version of oneDNN that is loaded, as `2.6.3`.
  package static var oneDNNVersion: String {
    var (major, minor, patch): (Int32, Int32, Int32) = (0, 0, 0)
    conednn_version(&major, &minor, &patch)
    return "\(major).\(minor).\(patch)"
  }

  /// Multiply-adds a second, counted twice, of the widest loop on this device's threads.
  ///
  /// - Parameter seconds: How long to measure, about.
  package func peakFLOPS(seconds: Double) -> Double {
    ck_peak_flops_window(Int32(threadCount), seconds)
  }
}

/// Where C writes why it refused.
struct ReasonBuffer {
  private var bytes = [CChar](repeating: 0, count: 256)

  mutating func fill<Result>(_ body: (UnsafeMutablePointer<CChar>?, Int) -> Result) -> Result {
    bytes.withUnsafeMutableBufferPointer { body($0.baseAddress, $0.count) }
  }

  var text: String {
    String(decoding: bytes.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
