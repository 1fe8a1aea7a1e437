internal import GANTensor

extension Op {
  /// The type of the result for operands of the given types, or the rule they break.
  package func resultType(_ operands: [TensorType]) -> Result<TensorType, TypeRule> {
    guard operands.count == arity || arity == nil else {
      return .failure(TypeRule("takes \(arity ?? 0) operands, got \(operands.count)"))
    }
    return inferredType(operands).flatMap { type in
      type.shape.dimensions.allSatisfy { $0 > 0 }
        ? .success(type) : .failure(TypeRule("extents must be positive, got \(type)"))
    }
  }

  private func inferredType(_ operands: [TensorType]) -> Result<TensorType, TypeRule> {
    switch self {
    case .input(_, let type), .data(_, let type), .state(_, let type), .constant(_, let type):
      return .success(type)
    case .random(_, _, let shape, let first):
      guard first >= 0, !first.addingReportingOverflow(shape.elementCount).overflow else {
        return .failure(TypeRule("indices must not be negative, got \(shape) from \(first)"))
      }
      return operands.allSatisfy { $0 == TensorType(.scalar, .int64) }
        ? .success(TensorType(shape, .float32))
        : .failure(TypeRule("seed and step must be int64[], got \(list(operands))"))
    // A pullback reads the operand's sign off the result.
    case .unary(.leakyReLU(let slope)) where !(slope >= 0):
      return .failure(TypeRule("slope must not be negative, got \(slope)"))
    case .unary:
      return operands[0].elementType == .float32
        ? .success(operands[0]) : .failure(TypeRule("needs float32, got \(operands[0])"))
    case .binary(let function):
      return binaryType(function, operands)
    case .compare:
      return operands[0] == operands[1]
        ? .success(TensorType(operands[0].shape, .boolean))
        : .failure(TypeRule("operands must be alike, got \(list(operands))"))
    case .select:
      guard operands[0] == TensorType(operands[1].shape, .boolean), operands[1] == operands[2]
      else {
        return .failure(
          TypeRule("needs boolean and two operands alike, got \(list(operands))"))
      }
      return .success(operands[1])
    case .convert(let elementType):
      return .success(TensorType(operands[0].shape, elementType))
    case .matmul(let transposingLHS, let transposingRHS):
      return matmulType(operands, transposingLHS, transposingRHS)
    case .convolution(let convolution):
      return convolution.resultType(images: operands[0], weights: operands[1])
    case .convolutionInputGradient(let convolution, let height, let width):
      return convolution.inputGradientType(
        windows: operands[0], weights: operands[1], height: height, width: width)
    case .convolutionWeightGradient(let convolution, let height, let width):
      return convolution.weightGradientType(
        images: operands[0], windows: operands[1], height: height, width: width)
    case .sum(let axes):
      return sumType(operands[0], axes)
    case .broadcast(let shape, let axes):
      return broadcastType(operands[0], shape, axes)
    case .reshape(let shape):
      return shape.elementCount == operands[0].shape.elementCount
        ? .success(TensorType(shape, operands[0].elementType))
        : .failure(TypeRule("must keep the element count, got \(operands[0]) to \(shape)"))
    case .permute(let order):
      return order.sorted() == Array(0..<operands[0].shape.rank)
        ? .success(
          TensorType(Shape(order.map { operands[0].shape[$0] }), operands[0].elementType))
        : .failure(TypeRule("needs each axis once, got \(order) for \(operands[0])"))
    case .concatenate(let axis):
      return concatenateType(operands, axis)
    case .slice(let axis, let start, let count):
      let type = operands[0]
      guard type.shape.dimensions.indices.contains(axis), start >= 0, count > 0,
        start + count <= type.shape[axis]
      else { return .failure(TypeRule("axis \(axis) from \(start), \(count) leaves \(type)")) }
      return .success(
        TensorType(type.shape.replacing(axis: axis, with: count), type.elementType))
    case .pad(let axis, let before, let after):
      let type = operands[0]
      guard type.shape.dimensions.indices.contains(axis), before >= 0, after >= 0 else {
        return .failure(TypeRule("axis \(axis) by \(before) and \(after) does not fit \(type)"))
      }
      return .success(
        TensorType(
          type.shape.replacing(axis: axis, with: before + type.shape[axis] + after),
          type.elementType))
    case .gatherRows:
      guard operands[0].shape.rank > 0, isIndexVector(operands[1]) else {
        return .failure(TypeRule("needs rows and int32[N], got \(list(operands))"))
      }
      return .success(
        TensorType(
          operands[0].shape.replacing(axis: 0, with: operands[1].shape[0]),
          operands[0].elementType))
    case .scatterAddRows(let rows):
      guard operands[0].shape.rank > 0, isIndexVector(operands[1]), rows > 0,
        operands[0].shape[0] == operands[1].shape[0], operands[0].elementType == .float32
      else {
        return .failure(TypeRule("needs float32 rows and int32[N], got \(list(operands))"))
      }
      return .success(
        TensorType(operands[0].shape.replacing(axis: 0, with: rows), .float32))
    case .allReduce(let parts):
      guard (1...2).contains(operands.count), operands[0].elementType == .float32,
        operands[0].shape.rank == 1, parts > 0, operands[0].shape[0].isMultiple(of: parts)
      else {
        return .failure(
          TypeRule("needs float32[\(parts) · n], got \(list(operands))"))
      }
      return .success(TensorType([operands[0].shape[0] / parts], .float32))
    }
  }

  /// Number of operands; `nil` for any number.
  private var arity: Int? {
    switch self {
    case .input, .data, .state, .constant: 0
    case .unary, .convert, .sum, .broadcast, .reshape, .permute, .slice, .pad: 1
    case .random, .binary, .compare, .matmul, .convolution, .convolutionInputGradient,
      .convolutionWeightGradient, .gatherRows, .scatterAddRows:
      2
    case .select: 3
    case .concatenate, .allReduce: nil
    }
  }

  private func binaryType(
    _ function: BinaryFunction, _ operands: [TensorType]
  ) -> Result<TensorType, TypeRule> {
    guard operands[0] == operands[1] else {
      return .failure(TypeRule("operands must be alike, got \(list(operands))"))
    }
    let counts = operands[0].elementType == .int64 && function != .divide
    return operands[0].elementType == .float32 || counts
      ? .success(operands[0])
      : .failure(TypeRule("needs float32, or int64 where nothing is divided, got \(operands[0])"))
  }

  private func matmulType(
    _ operands: [TensorType], _ transposingLHS: Bool, _ transposingRHS: Bool
  ) -> Result<TensorType, TypeRule> {
    guard operands.allSatisfy({ $0.shape.rank == 2 && $0.elementType == .float32 }) else {
      return .failure(TypeRule("needs two float32 matrices, got \(list(operands))"))
    }
    let (lhs, rhs) = (operands[0].shape, operands[1].shape)
    let (rows, inner) = transposingLHS ? (lhs[1], lhs[0]) : (lhs[0], lhs[1])
    let (rhsInner, columns) = transposingRHS ? (rhs[1], rhs[0]) : (rhs[0], rhs[1])
    return inner == rhsInner
      ? .success(TensorType([rows, columns], .float32))
      : .failure(
        TypeRule(
          "inner dimensions must agree, got \(lhs)\(transposingLHS ? "ᵀ" : "") · "
            + "\(rhs)\(transposingRHS ? "ᵀ" : "")"))
  }

  private func sumType(_ type: TensorType, _ axes: [Int]) -> Result<TensorType, TypeRule> {
    isAscending(axes, below: type.shape.rank) && type.elementType == .float32
      ? .success(TensorType(type.shape.removing(axes: axes), .float32))
      : .failure(TypeRule("needs float32 and ascending axes, got \(axes) of \(type)"))
  }

  private func broadcastType(
    _ type: TensorType, _ shape: Shape, _ axes: [Int]
  ) -> Result<TensorType, TypeRule> {
    isAscending(axes, below: shape.rank) && axes.map { shape[$0] } == type.shape.dimensions
      ? .success(TensorType(shape, type.elementType))
      : .failure(TypeRule("axes \(axes) of \(shape) must have the extents of \(type)"))
  }

  private func concatenateType(
    _ operands: [TensorType], _ axis: Int
  ) -> Result<TensorType, TypeRule> {
    guard let first = operands.first, first.shape.dimensions.indices.contains(axis),
      operands.allSatisfy({
        $0.elementType == first.elementType && $0.shape.rank == first.shape.rank
          && $0.shape.removing(axes: [axis]) == first.shape.removing(axes: [axis])
      })
    else {
      return .failure(TypeRule("operands must agree off axis \(axis), got \(list(operands))"))
    }
    let extent = operands.reduce(0) { $0 + $1.shape[axis] }
    return .success(
      TensorType(first.shape.replacing(axis: axis, with: extent), first.elementType))
  }
}

/// The rule a node breaks, with the operands that break it.
package struct TypeRule: Error, Hashable, Sendable {
  /// "rule, got values".
  package let text: String

  init(_ text: String) { self.text = text }
}

private func list(_ types: [TensorType]) -> String {
  types.map(\.description).joined(separator: ", ")
}

private func isAscending(_ axes: [Int], below rank: Int) -> Bool {
  axes.allSatisfy { (0..<rank).contains($0) } && zip(axes, axes.dropFirst()).allSatisfy { $0 < $1 }
}

private func isIndexVector(_ type: TensorType) -> Bool {
  type.shape.rank == 1 && type.elementType == .int32
}
