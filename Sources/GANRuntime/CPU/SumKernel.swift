internal import CKernels
internal import GANGraph
internal import GANTensor

/// A sum over some axes, each result accumulated in double in a fixed order.
struct SumKernel: PreparedKernel {
  private enum Pattern {
    /// The summed axes are the innermost.
    case rows(count: Int, length: Int)
    /// The summed axes are the outermost.
    case columns(count: Int, height: Int)
    /// They are, and all but the channels' of images.
    case channels(ChannelChunks, height: Int)
    /// Anything else; the innermost axes, if kept, are `count` elements side by side.
    case strided(kept: Axes, count: Int, summed: Axes)
  }

  private struct Axes {
    let extents: [Int64]
    let strides: [Int64]

    init(_ axes: [Int], of shape: Shape) {
      let all = shape.rowMajorStrides
      extents = axes.map { Int64(shape[$0]) }
      strides = axes.map { Int64(all[$0]) }
    }

    func withAxes(_ body: (UnsafePointer<ck_axes>) -> Void) {
      extents.withUnsafeBufferPointer { extents in
        strides.withUnsafeBufferPointer { strides in
          var axes = ck_axes(
            rank: Int32(extents.count), extents: extents.baseAddress, strides: strides.baseAddress)
          body(&axes)
        }
      }
    }
  }

  private let source: NodeID
  private let result: NodeID
  private let pattern: Pattern
  private let members: Int

  init(_ id: NodeID, axes: [Int], in graph: Graph, on device: CPUDevice) {
    result = id
    source = graph[id].operands[0]
    let shape = graph[source].type.shape
    let kept = (0..<shape.rank).filter { !axes.contains($0) }
    let count = graph[id].type.shape.elementCount
    let length = shape.elementCount / count
    if axes == Array(kept.count..<shape.rank) {
      pattern = .rows(count: count, length: length)
    } else if graph.isChannelSum(id, device.profile) {
      pattern = .channels(ChannelChunks(of: shape), height: length)
    } else if axes == Array(0..<axes.count) {
      pattern = .columns(count: count, height: length)
    } else {
      let lastSummed = axes.last ?? -1
      pattern = .strided(
        kept: Axes(kept.filter { $0 < lastSummed }, of: shape),
        count: shape.dimensions[(lastSummed + 1)...].reduce(1, *),
        summed: Axes(axes, of: shape))
    }
    members = Int(device.members(forWork: shape.elementCount))
  }

  var implementation: String {
    switch pattern {
    case .rows: "sums of rows, \(members) threads"
    case .columns: "sums of columns, \(members) threads"
    case .channels: "sums of channels, \(members) threads"
    case .strided: "sums along strides, \(members) threads"
    }
  }

  var scratchBytes: Int {
    guard case .channels(let chunks, _) = pattern else { return 0 }
    return chunks.partialCount * MemoryLayout<Double>.stride
  }

  func bind(_ memory: KernelMemory) -> BoundKernel {
    let (source, result) = (UnsafePointer(memory.floats(source)), memory.floats(result))
    let members = Int32(members)
    switch pattern {
    case .rows(let count, let length):
      return BoundKernel { ck_sum_rows_shared(result, source, count, length, members) }
    case .columns(let count, let height):
      return BoundKernel { ck_sum_columns_shared(result, source, height, count, members) }
    case .channels(let chunks, let height):
      let partials = memory.scratch.assumingMemoryBound(to: Double.self)
      return BoundKernel {
        ck_sum_columns_by_chunks(
          result, partials, source, height, chunks.channels, chunks.elements / chunks.channels,
          members)
      }
    case .strided(let kept, let count, let summed):
      return BoundKernel {
        kept.withAxes { kept in
          summed.withAxes { summed in ck_sum_axes(result, source, kept, count, summed, members) }
        }
      }
    }
  }
}
