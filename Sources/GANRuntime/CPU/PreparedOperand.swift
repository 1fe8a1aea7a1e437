internal import CKernels
internal import GANGraph

/// An operand in the form in which products read it, made once for all kernels of a program that
/// read it so.
enum PreparedOperand: Hashable {
  /// Weights in panels.
  case packed(PackedWeights)
  /// Weights as minimal filtering multiplies them.
  case minimalWeights(MinimalWeights)
  /// Weights of 3 x 3 windows as minimal filtering multiplies them.
  case minimal3x3Weights(Minimal3x3Weights)
  /// A matrix of floats, `[rows, columns]`, as pairs of bfloat16 that are neighbours in a row:
  /// `[rows, (columns + 1) / 2]`.
  case narrowedRows(NodeID, rows: Int, columns: Int)
  /// The same as pairs of neighbours in a column: `[(rows + 1) / 2, columns]`.
  case pairedRows(NodeID, rows: Int, columns: Int)

  /// The operand as it is stored.
  var source: NodeID {
    switch self {
    case .packed(let weights): weights.source
    case .minimalWeights(let weights): weights.source
    case .minimal3x3Weights(let weights): weights.source
    case .narrowedRows(let source, _, _), .pairedRows(let source, _, _): source
    }
  }

  /// Bytes of the form.
  var byteCount: Int {
    switch self {
    case .packed(let weights): weights.byteCount
    case .minimalWeights(let weights): weights.byteCount
    case .minimal3x3Weights(let weights): weights.byteCount
    case .narrowedRows(_, let rows, let columns):
      rows * ((columns + 1) / 2) * MemoryLayout<Float>.size
    case .pairedRows(_, let rows, let columns):
      (rows + 1) / 2 * columns * MemoryLayout<Float>.size
    }
  }

  /// The kernel that makes it.
  func bind(
    _ source: UnsafeMutablePointer<Float>, prepared: UnsafeMutablePointer<Float>,
    on device: CPUDevice
  ) -> BoundKernel {
    switch self {
    case .packed(let weights): return weights.bind(source, packed: prepared, on: device)
    case .minimalWeights(let weights):
      return weights.bind(source, packed: prepared, on: device)
    case .minimal3x3Weights(let weights):
      return weights.bind(source, packed: prepared, on: device)
    case .narrowedRows(_, let rows, let columns):
      let members = device.members(forWork: rows * columns)
      return BoundKernel { ck_narrow(source, Int64(rows), Int64(columns), prepared, members) }
    case .pairedRows(_, let rows, let columns):
      let members = device.members(forWork: rows * columns)
      return BoundKernel { ck_pair_rows(source, Int64(rows), Int64(columns), prepared, members) }
    }
  }
}

/// A prepared operand and its life: from just before its first reader until its last.
struct Preparation {
  let operand: PreparedOperand
  private(set) var lifetime: Lifetime

  /// Those of kernels in order.
  static func all(for operands: [[PreparedOperand]]) -> [Preparation] {
    var preparations: [Preparation] = []
    var places: [PreparedOperand: Int] = [:]
    for (position, operands) in operands.enumerated() {
      for operand in operands {
        if let place = places[operand] {
          let first = preparations[place].lifetime.live.lowerBound
          preparations[place].lifetime.live = first...position
        } else {
          places[operand] = preparations.count
          let lifetime = Lifetime(bytes: operand.byteCount, live: position...position)
          preparations.append(Preparation(operand: operand, lifetime: lifetime))
        }
      }
    }
    return preparations
  }

  /// True if the kernel at a position is the first that reads it.
  func isMade(before position: Int) -> Bool { lifetime.live.lowerBound == position }
}
