internal import CKernels
internal import GANGraph
internal import GANTensor

/// Computed indices: `float32` without its fraction as `int32`, as many as a batch has pixels.
struct IndexKernel: PreparedKernel {
  let implementation = "vector loop"
  private let (source, result): (NodeID, NodeID)
  private let count: Int

  /// Serves a conversion from `float32` to `int32`.
  init(_ id: NodeID, in graph: Graph) {
    (source, result) = (graph[id].operands[0], id)
    count = graph[id].type.shape.elementCount
  }

  func bind(_ memory: KernelMemory) -> BoundKernel {
    let (origin, count) = (memory.floats(source), count)
    let destination = memory.pointer(result).assumingMemoryBound(to: Int32.self)
    return BoundKernel { ck_convert_to_i32(destination, origin, count) }
  }
}
