internal import CKernels
internal import GANGraph
internal import GANTensor

/// Elements in another order or another place: permutations, slices, concatenations, padding and
/// broadcasts that must be in memory.
struct CopyKernel: PreparedKernel {
  /// A box of elements on its way.
  private struct Piece {
    let source: NodeID
    let sourceOffset: Int
    let resultOffset: Int
    let extents: [Int64]
    let sourceStrides: [Int64]
    let resultStrides: [Int64]

    init(
      _ source: NodeID, at sourceOffset: Int = 0, to resultOffset: Int = 0, extents: [Int],
      sourceStrides: [Int], resultStrides: [Int]
    ) {
      self.source = source
      self.sourceOffset = sourceOffset
      self.resultOffset = resultOffset
      let axes = StridedAxes(extents: extents, strides: [sourceStrides, resultStrides])
      self.extents = axes.extents.map(Int64.init)
      self.sourceStrides = axes.strides[0].map(Int64.init)
      self.resultStrides = axes.strides[1].map(Int64.init)
    }
  }

  private let result: NodeID
  private let type: TensorType
  private let startsWithZeros: Bool
  private let pieces: [Piece]

  init?(_ id: NodeID, in schedule: Schedule) {
    let graph = schedule.graph
    let node = graph[id]
    result = id
    type = node.type
    let resultStrides = type.shape.rowMajorStrides
    func strides(_ operand: NodeID) -> [Int] { graph[operand].type.shape.rowMajorStrides }
    var startsWithZeros = false
    switch node.op {
    case .permute(let order):
      pieces = [
        Piece(
          node.operands[0], extents: type.shape.dimensions,
          sourceStrides: order.map { strides(node.operands[0])[$0] }, resultStrides: resultStrides)
      ]
    case .slice(let axis, let start, _):
      pieces = [
        Piece(
          node.operands[0], at: start * strides(node.operands[0])[axis],
          extents: type.shape.dimensions, sourceStrides: strides(node.operands[0]),
          resultStrides: resultStrides)
      ]
    case .pad(let axis, let before, _):
      startsWithZeros = true
      pieces = [
        Piece(
          node.operands[0], to: before * resultStrides[axis],
          extents: graph[node.operands[0]].type.shape.dimensions,
          sourceStrides: strides(node.operands[0]), resultStrides: resultStrides)
      ]
    case .broadcast(_, let axes):
      var sourceStrides = [Int](repeating: 0, count: type.shape.rank)
      for (axis, stride) in zip(axes, strides(node.operands[0])) { sourceStrides[axis] = stride }
      pieces = [
        Piece(
          node.operands[0], extents: type.shape.dimensions, sourceStrides: sourceStrides,
          resultStrides: resultStrides)
      ]
    case .concatenate(let axis):
      var pieces: [Piece] = []
      var start = 0
      for part in node.operands {
        let shape = graph[part].type.shape
        let offset = start * resultStrides[axis]
        start += shape[axis]
        if Self.isInPlace(part, of: id, byteOffset: offset * type.elementType.byteCount, schedule) {
          continue
        }
        pieces.append(
          Piece(
            part, to: offset, extents: shape.dimensions, sourceStrides: shape.rowMajorStrides,
            resultStrides: resultStrides))
      }
      self.pieces = pieces
    default: return nil
    }
    self.startsWithZeros = startsWithZeros
  }

  private static func isInPlace(
    _ part: NodeID, of whole: NodeID, byteOffset: Int, _ schedule: Schedule
  ) -> Bool {
    guard let source = schedule.locations[part.index],
      let destination = schedule.locations[whole.index]
    else { return false }
    return source.memory == destination.memory
      && source.byteOffset == destination.byteOffset + byteOffset
  }

  var implementation: String {
    pieces.isEmpty ? "nothing: every part is in place" : "strided copy of \(pieces.count)"
  }

  func bind(_ memory: KernelMemory) -> BoundKernel {
    let bytes = type.elementType.byteCount
    let result = memory.pointer(result)
    let copies = pieces.map { piece in
      Copy(
        source: UnsafeRawPointer(memory.pointer(piece.source) + piece.sourceOffset * bytes),
        result: result + piece.resultOffset * bytes, piece: piece, elementBytes: bytes)
    }
    guard startsWithZeros else {
      return BoundKernel { for index in copies.indices { copies[index].run() } }
    }
    let byteCount = type.byteCount
    return BoundKernel {
      result.initializeMemory(as: UInt8.self, repeating: 0, count: byteCount)
      for index in copies.indices { copies[index].run() }
    }
  }

  /// A box of elements between two places.
  private struct Copy {
    let source: UnsafeRawPointer
    let result: UnsafeMutableRawPointer
    let piece: Piece
    let elementBytes: Int

    func run() {
      piece.extents.withUnsafeBufferPointer { extents in
        ck_copy_strided(
          result, piece.resultStrides, source, piece.sourceStrides, extents.baseAddress,
          Int32(extents.count), elementBytes)
      }
    }
  }
}
