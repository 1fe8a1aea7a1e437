import Foundation
import GANRuntime

/// The kernels' shares of a step's time, as `gan bench --profile` prints them.
struct KernelTable {
  let kernels: [KernelProfile]

  /// A row for each kind of work, then one for each kernel, the slowest first.
  var text: String {
    let kinds = KernelProfile.Kind.allCases.map { kind in
      (kind, kernels.filter { $0.kind == kind })
    }
    let total = kernels.reduce(0) { $0 + $1.seconds }
    var lines = [String(format: "kernels: %d in %.3f ms", kernels.count, 1_000 * total)]
    for (kind, members) in kinds where !members.isEmpty {
      let name = "\(kind)".padded(to: 12)
      lines.append("  \(name) \(Self.row(members)), \(members.count) kernels")
    }
    for kernel in kernels.sorted(by: { $0.seconds > $1.seconds }) {
      lines.append("  \(Self.row([kernel]))  \(kernel.work)")
    }
    return lines.joined(separator: "\n")
  }

  /// Time, speed of products and memory traffic of some kernels together.
  private static func row(_ kernels: [KernelProfile]) -> String {
    let seconds = kernels.reduce(0) { $0 + $1.seconds }
    let multiplyAdds = kernels.reduce(0) { $0 + $1.multiplyAdds }
    let bytes = kernels.reduce(0) { $0 + $1.bytes }
    let speed =
      multiplyAdds == 0
      ? String(repeating: " ", count: 15)
      : String(format: "%7.1f GFLOP/s", 2e-9 * Double(multiplyAdds) / seconds)
    return String(
      format: "%8.3f ms %@ %8.2f MB %6.1f GB/s", 1_000 * seconds, speed, 1e-6 * Double(bytes),
      1e-9 * Double(bytes) / seconds)
  }
}
