internal import GANGraph
internal import GANTensor

/// The work of one kernel of a program and its speed.
package struct KernelProfile: Sendable {
  /// The kinds of work that a step's time is divided into.
  package enum Kind: String, CaseIterable, Sendable {
    case convolution, matmul, region, sum, other
  }

  package let kind: Kind
  /// Its work, in words, and the code that serves.
  package let work: String
  /// The fastest run: on a machine with other work only the least time is meaningful.
  package let seconds: Double
  /// Bytes of memory it reads and writes, each value once.
  package let bytes: Int
  /// The multiply-adds of its products; 0 for other work.
  package let multiplyAdds: Int
}

extension KernelProfile {
  init(_ kernel: Kernel, in schedule: Schedule, servedBy implementation: String, seconds: Double) {
    let graph = schedule.graph
    kind = Kind(kernel, in: graph)
    work = "\(schedule.describe(kernel)): \(implementation)"
    self.seconds = seconds
    bytes = (graph.reads(of: kernel) + graph.writes(of: kernel))
      .reduce(0) { $0 + graph[$1].type.byteCount }
    multiplyAdds =
      if case .product(let product) = kernel {
        product.operations.reduce(0) { $0 + graph.multiplyAddCount(of: $1) }
      } else {
        0
      }
  }
}

extension KernelProfile.Kind {
  fileprivate init(_ kernel: Kernel, in graph: Graph) {
    switch kernel {
    case .product(let product):
      self = graph[product.operation].op.isConvolution ? .convolution : .matmul
    case .region: self = .region
    case .single(let id):
      switch graph[id].op {
      case .sum: self = .sum
      case .matmul: self = .matmul
      case let op where op.isConvolution: self = .convolution
      default: self = .other
      }
    }
  }
}

extension KernelProfile {
  /// The profile of one node on the reference backend.
  init(_ id: NodeID, in graph: Graph, seconds: Double) {
    let node = graph[id]
    kind = Kind(.single(id), in: graph)
    work = "\(node.op) \(node.type): reference"
    self.seconds = seconds
    bytes = 8 * ([id] + node.operands).reduce(0) { $0 + graph[$1].type.shape.elementCount }
    multiplyAdds = graph.multiplyAddCount(of: id)
  }
}
