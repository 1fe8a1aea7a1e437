internal import CKernels
internal import GANGraph
internal import GANTensor

/// Computed indices: `float32` without its fraction as `int32`, as many as a batch has pixels.
final class IndexKernel: CPUKernel {
  let implementation = "vector loop"
  private let (source, result): (NodeID, NodeID)
  private let count: Int
  private var work: (() -> Void)?

  /// Serves a conversion from `float32` to `int32`.
  init(_ id: NodeID, in graph: Graph) {
    (source, result) = (graph[id].operands[0], id)
    count = graph[id].type.shape.elementCount
  }

  func bind(_ memory: KernelMemory) {
    let (origin, count) = (memory.floats(source), count)
    let destination = memory.pointer(result).assumingMemoryBound(to: Int32.self)
    work = { ck_convert_to_i32(destination, origin, count) }
  }

  func run() { work?() }
}
