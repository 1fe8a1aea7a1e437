internal import CKernels
internal import GANGraph
internal import GANTensor

/// Rows of a resident array, chosen by index.
struct GatherKernel: PreparedKernel {
  let implementation = "row copies"
  private let (source, indices, result): (NodeID, NodeID, NodeID)
  private let (rows, rowBytes): (Int, Int)

  init(_ id: NodeID, in graph: Graph) {
    (source, indices, result) = (graph[id].operands[0], graph[id].operands[1], id)
    rows = graph[id].type.shape[0]
    rowBytes = graph[id].type.byteCount / rows
  }

  func bind(_ memory: KernelMemory) -> BoundKernel {
    let (rows, rowBytes) = (rows, rowBytes)
    let destination = memory.pointer(result).assumingMemoryBound(to: UInt8.self)
    let origin = memory.pointer(source).assumingMemoryBound(to: UInt8.self)
    let chosen = memory.pointer(indices).assumingMemoryBound(to: Int32.self)
    return BoundKernel { ck_gather_rows_u8(destination, origin, chosen, rows, rowBytes) }
  }
}

/// Rows added to the rows that indices name.
struct ScatterAddKernel: PreparedKernel {
  let implementation = "row additions in ascending order"
  private let (source, indices, result): (NodeID, NodeID, NodeID)
  private let (resultRows, rows, columns): (Int, Int, Int)

  init(_ id: NodeID, in graph: Graph) {
    (source, indices, result) = (graph[id].operands[0], graph[id].operands[1], id)
    resultRows = graph[id].type.shape[0]
    rows = graph[source].type.shape[0]
    columns = graph[source].type.shape.elementCount / rows
  }

  func bind(_ memory: KernelMemory) -> BoundKernel {
    let (resultRows, rows, columns) = (resultRows, rows, columns)
    let (destination, origin) = (memory.floats(result), memory.floats(source))
    let chosen = memory.pointer(indices).assumingMemoryBound(to: Int32.self)
    return BoundKernel {
      ck_scatter_add_rows(destination, resultRows, origin, chosen, rows, columns)
    }
  }
}
