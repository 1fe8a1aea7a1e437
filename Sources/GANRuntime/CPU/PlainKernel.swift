internal import GANGraph
internal import GANTensor

/// Elementwise work on integers and conversions between types, in plain loops: counters, a few
/// elements a step.
struct PlainKernel: PreparedKernel {
  let implementation = "plain loop"
  private let id: NodeID
  private let graph: Graph

  init(_ id: NodeID, in graph: Graph) {
    (self.id, self.graph) = (id, graph)
  }

  func bind(_ memory: KernelMemory) -> BoundKernel {
    let node = graph[id]
    let loop = PlainLoop(
      node: node, operandTypes: node.operands.map { graph[$0].type.elementType },
      count: node.type.shape.elementCount,
      operands: node.operands.map { UnsafeRawPointer(memory.pointer($0)) },
      result: memory.pointer(id))
    return BoundKernel { loop.run() }
  }
}

/// The loop over elements in memory.
private struct PlainLoop {
  let node: Node
  let operandTypes: [ElementType]
  let count: Int
  let operands: [UnsafeRawPointer]
  let result: UnsafeMutableRawPointer

  func run() {
    for index in 0..<count {
      switch node.op {
      case .constant(let value, _): store(value, at: index)
      case .convert:
        if node.type.elementType == .float32 || operandTypes[0] == .float32 {
          store(real(0, index), at: index)
        } else {
          store(integer(0, index), at: index)
        }
      case .binary(let function): store(combined(function, index), at: index)
      case .compare(let comparison): store(compared(comparison, index) ? 1 : 0 as Int64, at: index)
      case .select:
        let chosen = integer(0, index) != 0 ? 1 : 2
        store(integer(chosen, index), at: index)
      default: preconditionFailure("\(node.op) has a kernel of its own")
      }
    }
  }

  private func combined(_ function: BinaryFunction, _ index: Int) -> Int64 {
    let (a, b) = (integer(0, index), integer(1, index))
    return switch function {
    case .add: a &+ b
    case .subtract: a &- b
    case .multiply: a &* b
    case .maximum: max(a, b)
    case .divide: preconditionFailure("integers are not divided")
    }
  }

  private func compared(_ comparison: Comparison, _ index: Int) -> Bool {
    let (a, b) = (integer(0, index), integer(1, index))
    return switch comparison {
    case .greater: a > b
    case .greaterOrEqual: a >= b
    case .equal: a == b
    }
  }

  private func integer(_ operand: Int, _ index: Int) -> Int64 {
    let memory = operands[operand]
    return switch operandTypes[operand] {
    case .int64: memory.load(fromByteOffset: index * 8, as: Int64.self)
    case .int32: Int64(memory.load(fromByteOffset: index * 4, as: Int32.self))
    case .uint8, .boolean: Int64(memory.load(fromByteOffset: index, as: UInt8.self))
    case .float32: preconditionFailure("a number with a fraction where an integer belongs")
    }
  }

  private func real(_ operand: Int, _ index: Int) -> Double {
    operandTypes[operand] == .float32
      ? Double(operands[operand].load(fromByteOffset: index * 4, as: Float.self))
      : Double(integer(operand, index))
  }

  private func store(_ value: Double, at index: Int) {
    if node.type.elementType == .float32 {
      result.storeBytes(of: Float(value), toByteOffset: index * 4, as: Float.self)
    } else {
      // Values beyond an integer's range become its nearest bound; NaN becomes 0.
      store(
        Int64(exactly: value.rounded(.towardZero)) ?? (value > 0 ? .max : value < 0 ? .min : 0),
        at: index)
    }
  }

  private func store(_ value: Int64, at index: Int) {
    switch node.type.elementType {
    case .int64: result.storeBytes(of: value, toByteOffset: index * 8, as: Int64.self)
    case .int32:
      result.storeBytes(
        of: Int32(truncatingIfNeeded: value), toByteOffset: index * 4, as: Int32.self)
    case .uint8:
      result.storeBytes(
        of: UInt8(truncatingIfNeeded: value), toByteOffset: index, as: UInt8.self)
    case .boolean:
      result.storeBytes(of: value == 0 ? 0 : 1, toByteOffset: index, as: UInt8.self)
    case .float32: preconditionFailure("stored as a real number")
    }
  }
}
