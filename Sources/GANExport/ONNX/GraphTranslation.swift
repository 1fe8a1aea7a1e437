import GANGraph
import GANTensor

/// Writes an inference graph as an ONNX model.
///
/// The graph has batches of one size, the model of any: every value that follows from an input keeps
/// the batch as its first axis, and an operation that would mix the items of a batch is refused.
///
/// Operations are translated when a result is asked for, from the output back; what nothing needs is
/// never written. Chains of additions and multiplications by values of their own for each channel,
/// such as biases and normalisations, are joined and become part of the product before them.
struct GraphTranslation {
  let graph: Graph
  let shared: SharedValues
  /// The extent of batches in the graph.
  let batchSize: Int
  /// Names of constants, by the state they come from.
  private let constantNames: [String: String]
  /// Readers of each node, among those that reach the output.
  private let readerCounts: [Int]
  private(set) var nodes: [ONNXModel.Node] = []
  private(set) var initializers: [ONNXModel.Constant] = []
  private var constants: [ConstantKey: String] = [:]
  private var takenNames: Set<String>
  private var operands: [NodeID: Operand] = [:]
  private var counts: [String: Int] = [:]

  /// A tensor of the model.
  struct Operand {
    let name: String
    /// Its extents; where it has 1 and its node more, it repeats.
    let shape: [Int]
  }

  private struct ConstantKey: Hashable {
    let type: ONNXModel.DataType
    let shape: [Int]
    let bytes: [UInt8]
  }

  /// Prepares to translate a graph of one output.
  ///
  /// - Parameters:
  ///   - graph: As built, with images' channels first.
  ///   - shared: What its states come to.
  ///   - batchSize: As above.
  ///   - constantNames: As above.
  init(
    _ graph: Graph, _ shared: SharedValues, batchSize: Int, constantNames: [String: String]
  ) {
    self.graph = graph
    self.shared = shared
    self.batchSize = batchSize
    self.constantNames = constantNames
    takenNames = graph.inputNames
    var readerCounts = [Int](repeating: 0, count: graph.nodes.count)
    for output in graph.results { readerCounts[output.index] += 1 }
    for id in graph.ids.reversed() where readerCounts[id.index] > 0 {
      for operand in Set(graph[id].operands) { readerCounts[operand.index] += 1 }
    }
    self.readerCounts = readerCounts
  }

  /// True if the joined form of one reader can replace a value.
  func hasOneReader(_ id: NodeID) -> Bool { readerCounts[id.index] == 1 }

  /// Gives up: the value cannot be said.
  func refusal(_ reason: String) -> ExportError { .inexpressible(form: "ONNX", reason: reason) }

  // MARK: Results

  /// The value of a node, in all of its extents.
  mutating func whole(_ id: NodeID) throws(ExportError) -> String {
    let operand = try operand(id)
    let shape = graph[id].type.shape.dimensions
    guard operand.shape != shape else { return operand.name }
    guard !shared.contains(id) || !isOfBatch(graph[id].type.shape) else {
      throw refusal("it repeats a value for every item")
    }
    // An extent of 1 stays what the value has: the batch may be any.
    let target = isOfBatch(graph[id].type.shape) ? [1] + shape.dropFirst() : shape
    return append("Expand", [operand.name, integers(target)])
  }

  /// The value of a node, for operations that repeat values along axes of extent 1 by themselves.
  mutating func operand(_ id: NodeID) throws(ExportError) -> Operand {
    if let known = operands[id] { return known }
    let operand = try shared.contains(id) ? sharedOperand(id) : translated(id)
    operands[id] = operand
    return operand
  }

  private mutating func sharedOperand(_ id: NodeID) throws(ExportError) -> Operand {
    let spread = try spread(id)
    return Operand(name: constant(spread), shape: spread.shape)
  }

  /// A value that all items share.
  func spread(_ id: NodeID) throws(ExportError) -> SharedValues.Spread {
    guard let spread = shared.spread(id) else {
      throw refusal("its \(graph[id].op.name) depends on the size of the batch")
    }
    return spread
  }

  /// True if the first axis is the batch's, and its only place.
  private func isOfBatch(_ shape: Shape) -> Bool { shape.dimensions.first == batchSize }

  private mutating func translated(_ id: NodeID) throws(ExportError) -> Operand {
    let node = graph[id]
    if case .input(let name, _) = node.op {
      return Operand(name: name, shape: node.type.shape.dimensions)
    }
    guard isOfBatch(node.type.shape) else {
      throw refusal("\(node.op.name) mixes the items of a batch, so that its size cannot be open")
    }
    if let chain = try channelwise(id) { return try joined(chain, as: node.type.shape) }
    if node.op.isElementwise { return try elementwise(id) }
    if case .broadcast(_, let axes) = node.op { return try repeated(id, axes) }
    let name = try axesOperation(id)
    return Operand(name: name, shape: node.type.shape.dimensions)
  }

  // MARK: Writing

  /// Adds an operation and returns the name of its result.
  mutating func append(
    _ operation: String, _ inputs: [String], _ attributes: [ONNXModel.Attribute] = []
  ) -> String {
    let output = freeName(operation)
    nodes.append(
      ONNXModel.Node(
        operation: operation, inputs: inputs, output: output, attributes: attributes))
    return output
  }

  /// Renames the last result.
  mutating func finish(_ result: String, as name: String) {
    if let last = nodes.indices.last, nodes[last].output == result {
      nodes[last].output = name
    } else {
      nodes.append(ONNXModel.Node(operation: "Identity", inputs: [result], output: name))
    }
  }

  /// A constant; equal ones are one.
  ///
  /// - Parameter name: Its name, if that is free.
  mutating func constant(
    _ type: ONNXModel.DataType, _ shape: [Int], _ bytes: [UInt8], named name: String? = nil
  ) -> String {
    let key = ConstantKey(type: type, shape: shape, bytes: bytes)
    if let known = constants[key] { return known }
    let free = name.flatMap { takenNames.insert($0).inserted ? $0 : nil }
    let name = free ?? freeName(name ?? "constant")
    constants[key] = name
    initializers.append(
      ONNXModel.Constant(name: name, type: type, shape: shape, bytes: bytes))
    return name
  }

  /// A constant of real numbers.
  mutating func constant(_ values: [Float], _ shape: [Int], named name: String? = nil) -> String {
    let bytes = values.flatMap { withUnsafeBytes(of: $0.bitPattern.littleEndian) { [UInt8]($0) } }
    return constant(.float, shape, bytes, named: name)
  }

  /// A constant list of integers.
  mutating func integers(_ values: [Int]) -> String {
    let bytes = values.flatMap {
      withUnsafeBytes(of: Int64($0).littleEndian) { [UInt8]($0) }
    }
    return constant(.int64, [values.count], bytes)
  }

  private mutating func constant(_ spread: SharedValues.Spread) -> String {
    let name = spread.state.map { self.name(ofState: $0) }
    let tensor = spread.tensor
    switch tensor.elementType {
    case .float32: return constant(tensor.floats, spread.shape, named: name)
    case .int64, .int32:
      let values = tensor.elementType == .int64 ? tensor.int64s : tensor.int32s.map(Int64.init)
      let bytes = values.flatMap { withUnsafeBytes(of: $0.littleEndian) { [UInt8]($0) } }
      return constant(.int64, spread.shape, bytes, named: name)
    case .uint8: return constant(.uint8, spread.shape, tensor.bytes, named: name)
    case .boolean: return constant(.boolean, spread.shape, tensor.bytes, named: name)
    }
  }

  /// The name of a constant that comes from a state.
  func name(ofState state: String) -> String { constantNames[state] ?? state }

  private mutating func freeName(_ stem: String) -> String {
    while true {
      let count = counts[stem, default: 0]
      counts[stem] = count + 1
      let name = "\(stem)_\(count)"
      if takenNames.insert(name).inserted { return name }
    }
  }
}
