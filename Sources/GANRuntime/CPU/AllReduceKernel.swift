internal import CKernels
internal import GANGraph
internal import GANTensor

/// The sum of this rank's parts of a vector, then of all ranks'.
struct AllReduceKernel: PreparedKernel {
  private let id: NodeID
  private let source: NodeID
  private let parts: Int
  private let count: Int
  private let ranks: Ranks?

  init(_ id: NodeID, parts: Int, in graph: Graph, on device: CPUDevice) {
    (self.id, self.parts) = (id, parts)
    source = graph[id].operands[0]
    count = graph[id].type.shape.elementCount
    ranks = device.ranks
  }

  var implementation: String {
    "a tree of \(parts) parts, then of \(ranks?.rankCount ?? 1) ranks"
  }

  var scratchBytes: Int { ranks == nil ? 0 : count * MemoryLayout<Float>.stride }

  func bind(_ memory: KernelMemory) -> BoundKernel {
    let (source, result) = (memory.floats(source), memory.floats(id))
    let scratch = memory.scratch.assumingMemoryBound(to: Float.self)
    let (parts, count, ranks) = (parts, count, ranks)
    return BoundKernel {
      ck_add_parts(result, source, parts, count)
      ranks?.allReduce(result, count: count, scratch: scratch)
    }
  }
}
