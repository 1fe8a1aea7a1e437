internal import GANGraph
internal import GANTensor

extension ReferenceBackend {
  /// The value of a node for the values of its operands, `x`.
  func computed(
    _ id: NodeID, _ node: Node, _ x: [ReferenceTensor]
  ) throws(ReferenceError) -> ReferenceTensor {
    let type = node.type
    switch node.op {
    case .input, .data, .state:
      preconditionFailure("\(id) is given, not computed")
    case .constant(let value, _):
      return constant(value, type)
    case .random(let distribution, let purpose, _, let first):
      return random(
        distribution, purpose, first: first, seed: x[0].integers[0], step: x[1].integers[0], type)
    case .unary(let function):
      return ReferenceTensor(type, .real(x[0].reals.map { value(of: function, at: $0) }))
    case .binary(let function):
      return binary(function, x[0], x[1], type)
    case .compare(let comparison):
      return compared(x[0], comparison, x[1], type)
    case .select:
      return selected(x[0].integers, x[1], x[2], type)
    case .convert:
      return converted(x[0], type)
    case .matmul(let transposingLHS, let transposingRHS):
      return product(
        matrix(x[0], isTransposed: transposingLHS), matrix(x[1], isTransposed: transposingRHS), type
      )
    case .convolution(let convolution), .convolutionInputGradient(let convolution, _, _),
      .convolutionWeightGradient(let convolution, _, _):
      return convolved(x, node, convolution)
    case .sum(let axes):
      return sum(x[0], axes, type)
    case .broadcast(let shape, let axes):
      var strides = [Int](repeating: 0, count: shape.rank)
      for (axis, stride) in zip(axes, x[0].shape.rowMajorStrides) { strides[axis] = stride }
      return x[0].picking(offsets(of: shape, strides: strides), as: type)
    case .reshape:
      return ReferenceTensor(type, x[0].storage)
    case .permute(let order):
      let strides = x[0].shape.rowMajorStrides
      return x[0].picking(offsets(of: type.shape, strides: order.map { strides[$0] }), as: type)
    case .concatenate(let axis):
      return concatenated(x, axis, type)
    case .slice(let axis, let start, _):
      let strides = x[0].shape.rowMajorStrides
      return x[0].picking(
        offsets(of: type.shape, strides: strides, from: start * strides[axis]), as: type)
    case .pad(let axis, let before, _):
      let zeros = constant(0, type)
      return writing([(x[0], axis: axis, at: before)], over: zeros)
    case .gatherRows:
      let rows = try rows(x[1], below: x[0].shape[0], id)
      let width = x[0].shape.removing(axes: [0]).elementCount
      return x[0].picking(rows.flatMap { $0 * width..<($0 + 1) * width }, as: type)
    case .scatterAddRows(let count):
      return scatterAdded(x[0], try rows(x[1], below: count, id), type)
    case .allReduce(let parts):
      let own = joined(x[0].reals[...], parts)
      return ReferenceTensor(type, .real(ranks?.allReduced(own) ?? own))
    }
  }

  // MARK: Leaves

  private func constant(_ value: Double, _ type: TensorType) -> ReferenceTensor {
    let count = type.shape.elementCount
    return type.elementType == .float32
      ? ReferenceTensor(type, .real(Array(repeating: value, count: count)))
      : ReferenceTensor(
        type, .integer(Array(repeating: integer(value, type.elementType), count: count)))
  }

  private func random(
    _ distribution: RandomDistribution, _ purpose: RandomPurpose, first: Int, seed: Int64,
    step: Int64, _ type: TensorType
  ) -> ReferenceTensor {
    let stream = RandomStream(
      seed: UInt64(bitPattern: seed), purpose: purpose, step: UInt64(bitPattern: step))
    let values = (first..<first + type.shape.elementCount).map { element in
      switch distribution {
      case .uniform: Double(stream.uniform(at: element))
      case .normal: Double(stream.normal(at: element))
      }
    }
    return ReferenceTensor(type, .real(values))
  }

  // MARK: Elementwise

  private func binary(
    _ function: BinaryFunction, _ a: ReferenceTensor, _ b: ReferenceTensor, _ type: TensorType
  ) -> ReferenceTensor {
    switch a.storage {
    case .real(let values):
      ReferenceTensor(type, .real(zip(values, b.reals).map { value(of: function, at: $0, $1) }))
    case .integer(let values):
      ReferenceTensor(
        type, .integer(zip(values, b.integers).map { value(of: function, at: $0, $1) }))
    }
  }

  private func compared(
    _ a: ReferenceTensor, _ comparison: Comparison, _ b: ReferenceTensor, _ type: TensorType
  ) -> ReferenceTensor {
    func holds<Value: Comparable>(_ a: Value, _ b: Value) -> Int64 {
      switch comparison {
      case .greater: a > b ? 1 : 0
      case .greaterOrEqual: a >= b ? 1 : 0
      case .equal: a == b ? 1 : 0
      }
    }
    return switch a.storage {
    case .real(let values): ReferenceTensor(type, .integer(zip(values, b.reals).map(holds)))
    case .integer(let values): ReferenceTensor(type, .integer(zip(values, b.integers).map(holds)))
    }
  }

  private func selected(
    _ condition: [Int64], _ a: ReferenceTensor, _ b: ReferenceTensor, _ type: TensorType
  ) -> ReferenceTensor {
    func chosen<Value>(_ a: [Value], _ b: [Value]) -> [Value] {
      condition.indices.map { condition[$0] != 0 ? a[$0] : b[$0] }
    }
    return switch a.storage {
    case .real(let values): ReferenceTensor(type, .real(chosen(values, b.reals)))
    case .integer(let values): ReferenceTensor(type, .integer(chosen(values, b.integers)))
    }
  }

  private func converted(_ x: ReferenceTensor, _ type: TensorType) -> ReferenceTensor {
    switch (x.storage, type.elementType) {
    case (.real, .float32): x
    case (.integer(let values), .float32): ReferenceTensor(type, .real(values.map(Double.init)))
    case (.real(let values), let elementType):
      ReferenceTensor(type, .integer(values.map { integer($0, elementType) }))
    case (.integer(let values), let elementType):
      ReferenceTensor(type, .integer(values.map { wrapped($0, elementType) }))
    }
  }

  // MARK: Products

  private func matrix(_ x: ReferenceTensor, isTransposed: Bool) -> [[Double]] {
    let (rows, columns) = (x.shape[0], x.shape[1])
    let values = x.reals
    return isTransposed
      ? (0..<columns).map { column in (0..<rows).map { values[$0 * columns + column] } }
      : (0..<rows).map { Array(values[$0 * columns..<($0 + 1) * columns]) }
  }

  private func product(_ a: [[Double]], _ b: [[Double]], _ type: TensorType) -> ReferenceTensor {
    var values: [Double] = []
    values.reserveCapacity(type.shape.elementCount)
    for row in a {
      var sums = [Double](repeating: 0, count: type.shape[1])
      for (factor, other) in zip(row, b) {
        for column in sums.indices { sums[column] += factor * other[column] }
      }
      values += sums
    }
    return ReferenceTensor(type, .real(values))
  }

  // MARK: Axes

  private func sum(_ x: ReferenceTensor, _ axes: [Int], _ type: TensorType) -> ReferenceTensor {
    var strides = [Int](repeating: 0, count: x.shape.rank)
    let kept = strides.indices.filter { !axes.contains($0) }
    for (axis, stride) in zip(kept, type.shape.rowMajorStrides) { strides[axis] = stride }
    var sums = [Double](repeating: 0, count: type.shape.elementCount)
    for (value, target) in zip(x.reals, offsets(of: x.shape, strides: strides)) {
      sums[target] += value
    }
    return ReferenceTensor(type, .real(sums))
  }

  private func concatenated(
    _ x: [ReferenceTensor], _ axis: Int, _ type: TensorType
  ) -> ReferenceTensor {
    var start = 0
    let parts = x.map { part in
      defer { start += part.shape[axis] }
      return (part, axis: axis, at: start)
    }
    return writing(parts, over: constant(0, type))
  }

  /// `whole` with parts of it replaced, each from a position along an axis.
  private func writing(
    _ parts: [(ReferenceTensor, axis: Int, at: Int)], over whole: ReferenceTensor
  ) -> ReferenceTensor {
    let strides = whole.shape.rowMajorStrides
    func overwritten<Value>(
      _ values: [Value], _ elements: (ReferenceTensor) -> [Value]
    ) -> [Value] {
      var values = values
      for (part, axis, position) in parts {
        let targets = offsets(of: part.shape, strides: strides, from: position * strides[axis])
        for (target, value) in zip(targets, elements(part)) { values[target] = value }
      }
      return values
    }
    return switch whole.storage {
    case .real(let values): ReferenceTensor(whole.type, .real(overwritten(values, \.reals)))
    case .integer(let values):
      ReferenceTensor(whole.type, .integer(overwritten(values, \.integers)))
    }
  }

  private func rows(
    _ indices: ReferenceTensor, below count: Int, _ id: NodeID
  ) throws(ReferenceError) -> [Int] {
    for index in indices.integers where !(0..<Int64(count)).contains(index) {
      throw .noSuchRow(node: id, index: index, rows: count)
    }
    return indices.integers.map { Int($0) }
  }

  /// The sum of neighbouring parts, as a balanced binary tree.
  private func joined(_ values: ArraySlice<Double>, _ parts: Int) -> [Double] {
    guard parts > 1 else { return Array(values) }
    let middle = values.startIndex + values.count / parts * (parts / 2)
    return zip(joined(values[..<middle], parts / 2), joined(values[middle...], parts - parts / 2))
      .map { $0 + $1 }
  }

  private func scatterAdded(
    _ x: ReferenceTensor, _ rows: [Int], _ type: TensorType
  ) -> ReferenceTensor {
    let width = type.shape.removing(axes: [0]).elementCount
    var sums = [Double](repeating: 0, count: type.shape.elementCount)
    let values = x.reals
    for (source, target) in rows.enumerated() {
      for column in 0..<width { sums[target * width + column] += values[source * width + column] }
    }
    return ReferenceTensor(type, .real(sums))
  }
}
