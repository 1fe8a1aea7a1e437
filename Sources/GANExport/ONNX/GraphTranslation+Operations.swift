import GANGraph
import GANTensor

extension GraphTranslation {
  // MARK: Elementwise

  /// Writes an operation on elements, whose operands may repeat along axes of extent 1.
  mutating func elementwise(_ id: NodeID) throws(ExportError) -> Operand {
    let node = graph[id]
    let operands = try node.operands.map { operand throws(ExportError) in try self.operand(operand)
    }
    let names = operands.map(\.name)
    let shape = node.type.shape.dimensions.indices.map { axis in
      operands.reduce(1) { max($0, $1.shape[axis]) }
    }
    let name: String
    switch node.op {
    case .unary(let function):
      name = write(function, of: names[0])
    case .binary(let function):
      name = append(function.onnxName, names)
    case .compare(let comparison):
      name = append(comparison.onnxName, names)
    case .select:
      name = append("Where", names)
    case .convert(let type):
      name = append(
        "Cast", names, [ONNXModel.Attribute("to", .integer(type.onnxType.rawValue))])
    case .input, .data, .state, .constant, .random, .matmul, .convolution,
      .convolutionInputGradient, .convolutionWeightGradient, .sum, .broadcast, .reshape, .permute,
      .concatenate, .slice, .pad, .gatherRows, .scatterAddRows, .allReduce:
      preconditionFailure("\(node.op.name) is not elementwise")
    }
    return Operand(name: name, shape: shape)
  }

  private mutating func write(_ function: UnaryFunction, of operand: String) -> String {
    switch function {
    case .negate: return append("Neg", [operand])
    case .exp: return append("Exp", [operand])
    case .expm1:
      // exp(x) - 1 = tanh(x / 2) (exp(x) + 1), which is accurate near 0.
      let half = append("Mul", [operand, constant([0.5], [])])
      let tanh = append("Tanh", [half])
      let more = append("Add", [append("Exp", [operand]), constant([1], [])])
      return append("Mul", [tanh, more])
    case .log: return append("Log", [operand])
    case .sqrt: return append("Sqrt", [operand])
    case .tanh: return append("Tanh", [operand])
    case .sigmoid: return append("Sigmoid", [operand])
    case .softplus: return append("Softplus", [operand])
    case .leakyReLU(let slope):
      return slope == 0
        ? append("Relu", [operand])
        : append("LeakyRelu", [operand], [ONNXModel.Attribute("alpha", .float(Float(slope)))])
    }
  }

  // MARK: Axes

  /// Writes a repetition of each item: axes of extent 1, which operations on elements repeat.
  mutating func repeated(_ id: NodeID, _ axes: [Int]) throws(ExportError) -> Operand {
    let node = graph[id]
    let source = try operand(node.operands[0])
    guard axes.first == 0 else {
      throw refusal("broadcast mixes the items of a batch, so that its size cannot be open")
    }
    var shape = [Int](repeating: 1, count: node.type.shape.rank)
    for (axis, extent) in zip(axes, source.shape) { shape[axis] = extent }
    return Operand(name: reshaped(source.name, to: shape), shape: shape)
  }

  /// Writes an operation on axes or rows; gives the value in all of its extents.
  mutating func axesOperation(_ id: NodeID) throws(ExportError) -> String {
    let node = graph[id]
    switch node.op {
    case .sum(let axes):
      // The batch is the first axis of the result: it is not among those summed over.
      let axes = integers(axes)
      return append(
        "ReduceSum", [try whole(node.operands[0]), axes],
        [ONNXModel.Attribute("keepdims", .integer(0))])
    case .reshape(let shape):
      if let images = try enlarged(node) { return images }
      guard graph[node.operands[0]].type.shape.dimensions.first == batchSize else {
        throw refusal("reshape mixes the items of a batch, so that its size cannot be open")
      }
      return reshaped(try whole(node.operands[0]), to: shape.dimensions)
    case .permute(let order) where order.first == 0:
      return append(
        "Transpose", [try whole(node.operands[0])],
        [ONNXModel.Attribute("perm", .integers(order))])
    case .concatenate(let axis) where axis > 0:
      let parts = try node.operands.map { operand throws(ExportError) in try whole(operand) }
      return append("Concat", parts, [ONNXModel.Attribute("axis", .integer(axis))])
    case .slice(let axis, let start, let count) where axis > 0:
      let source = try whole(node.operands[0])
      return append(
        "Slice", [source, integers([start]), integers([start + count]), integers([axis])])
    case .pad(let axis, let before, let after) where axis > 0:
      let source = try whole(node.operands[0])
      var pads = [Int](repeating: 0, count: 2 * node.type.shape.rank)
      (pads[axis], pads[node.type.shape.rank + axis]) = (before, after)
      return append("Pad", [source, integers(pads)])
    case .gatherRows where shared.contains(node.operands[0]):
      return append("Gather", [try whole(node.operands[0]), try whole(node.operands[1])])
    case .matmul, .convolution, .convolutionInputGradient, .convolutionWeightGradient:
      throw refusal("its \(node.op.name) multiplies items by items, not by weights")
    case .permute, .concatenate, .slice, .pad, .gatherRows, .scatterAddRows, .allReduce:
      throw refusal("\(node.op.name) mixes the items of a batch, so that its size cannot be open")
    case .random, .data:
      throw refusal("it draws or looks up \(node.op.name) by itself")
    case .input, .state, .constant, .unary, .binary, .compare, .select, .convert, .broadcast:
      preconditionFailure("\(node.op.name) is translated elsewhere")
    }
  }

  private mutating func reshaped(_ source: String, to shape: [Int]) -> String {
    append("Reshape", [source, integers([-1] + shape.dropFirst())])
  }

  /// Images a whole number of times as large, which the graph says by repeating and joining axes;
  /// nil for other reshapes.
  private mutating func enlarged(_ node: Node) throws(ExportError) -> String? {
    guard case .broadcast(let target, axes: [0, 1, 2, 4]) = graph[node.operands[0]].op,
      target.rank == 6,
      node.type.shape == [
        target[0], target[1], target[2] * target[3], target[4] * target[5],
      ]
    else { return nil }
    let source = try whole(graph[node.operands[0]].operands[0])
    let scales = constant([1, 1, Float(target[3]), Float(target[5])], [4])
    return append(
      "Resize", [source, "", scales],
      [
        ONNXModel.Attribute("mode", .text("nearest")),
        ONNXModel.Attribute("coordinate_transformation_mode", .text("asymmetric")),
        ONNXModel.Attribute("nearest_mode", .text("floor")),
      ])
  }
}

extension BinaryFunction {
  fileprivate var onnxName: String {
    switch self {
    case .add: "Add"
    case .subtract: "Sub"
    case .multiply: "Mul"
    case .divide: "Div"
    case .maximum: "Max"
    }
  }
}

extension Comparison {
  fileprivate var onnxName: String {
    switch self {
    case .greater: "Greater"
    case .greaterOrEqual: "GreaterOrEqual"
    case .equal: "Equal"
    }
  }
}

extension ElementType {
  /// The type of such values in a model.
  var onnxType: ONNXModel.DataType {
    switch self {
    case .float32: .float
    case .int32, .int64: .int64
    case .uint8: .uint8
    case .boolean: .boolean
    }
  }
}
