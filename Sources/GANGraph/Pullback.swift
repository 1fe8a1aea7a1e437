internal import GANTensor

/// The cotangent of each operand, in operand order; `nil` where no gradient flows.
///
/// Rules are made of the same ops as everything else, so the gradient of a gradient needs nothing
/// more. A rule never reads a value. Terms of art: `x` operands, `y` the result, `g` its cotangent.
func pullback(of op: Op, operands x: [Tensor], result y: Tensor, cotangent g: Tensor) -> [Tensor?] {
  switch op {
  case .input, .data, .state, .constant: []
  case .random, .compare: [nil, nil]
  case .unary(let function): [pullback(of: function, x[0], y, g)]
  case .binary(let function): pullback(of: function, x[0], x[1], y, g)
  case .select: [nil, x[0].select(g, g.constant(0)), x[0].select(g.constant(0), g)]
  // An integer, a boolean or a pixel carries no gradient, on either side of a conversion.
  case .convert: [nil]
  case .matmul(let transposingLHS, let transposingRHS):
    [
      transposingLHS
        ? x[1].matmul(g, transposingLHS: transposingRHS, transposingRHS: true)
        : g.matmul(x[1], transposingRHS: !transposingRHS),
      transposingRHS
        ? g.matmul(x[0], transposingLHS: true, transposingRHS: transposingLHS)
        : x[0].matmul(g, transposingLHS: !transposingLHS),
    ]
  case .convolution(let convolution):
    [
      g.convolutionInputGradient(x[1], convolution, like: x[0]),
      x[0].convolutionWeightGradient(g, convolution, like: x[1]),
    ]
  case .convolutionInputGradient(let convolution, _, _):
    [
      g.convolution(x[1], convolution),
      g.convolutionWeightGradient(x[0], convolution, like: x[1]),
    ]
  case .convolutionWeightGradient(let convolution, _, _):
    [
      x[1].convolutionInputGradient(g, convolution, like: x[0]),
      x[0].convolution(g, convolution),
    ]
  case .sum(let axes):
    [g.broadcast(to: x[0].shape, axes: (0..<x[0].shape.rank).filter { !axes.contains($0) })]
  case .broadcast(let shape, let axes):
    [g.cotangentSum(over: (0..<shape.rank).filter { !axes.contains($0) })]
  case .reshape: [g.reshaped(to: x[0].shape)]
  case .permute(let order): [g.permuted(inverse(of: order))]
  case .concatenate(let axis): slices(of: g, axis: axis, extents: x.map { $0.shape[axis] })
  case .slice(let axis, let start, let count):
    [g.padded(axis: axis, before: start, after: x[0].shape[axis] - start - count)]
  case .pad(let axis, let before, _):
    [g.sliced(axis: axis, start: before, count: x[0].shape[axis])]
  case .gatherRows: [g.scatterAddedRows(x[1], rows: x[0].shape[0]), nil]
  case .scatterAddRows: [g.gatheredRows(x[1]), nil]
  case .allReduce(let parts): pullback(ofAllReduce: parts, x, g)
  }
}

private func pullback(
  of function: UnaryFunction, _ x: Tensor, _ y: Tensor, _ g: Tensor
) -> Tensor {
  switch function {
  case .negate: -g
  case .exp: g * y
  case .expm1: g * (y + 1)
  case .log: g / x
  case .sqrt: g / (y + y)
  case .tanh: g * (1 - y * y)
  case .sigmoid: g * (y * (1 - y))
  case .softplus: g * x.sigmoid()
  // The result has its operand's sign, so the operand need not be kept.
  case .leakyReLU(let slope): y.compared(.greater, to: y.constant(0)).select(g, slope * g)
  }
}

private func pullback(
  of function: BinaryFunction, _ a: Tensor, _ b: Tensor, _ y: Tensor, _ g: Tensor
) -> [Tensor?] {
  switch function {
  case .add: [g, g]
  case .subtract: [g, -g]
  case .multiply: [g * b, g * a]
  case .divide: [g / b, -(g * y) / b]
  case .maximum:
    [
      a.compared(.greaterOrEqual, to: b).select(g, g.constant(0)),
      a.compared(.greaterOrEqual, to: b).select(g.constant(0), g),
    ]
  }
}

/// What every rank makes of the sum counts for every addend: the cotangent is the sum of the ranks'.
private func pullback(ofAllReduce parts: Int, _ x: [Tensor], _ g: Tensor) -> [Tensor?] {
  let sum = g.builder.append(.allReduce(parts: 1), [g], file: #fileID, line: #line)
  let repeated = sum.broadcast(to: [parts, g.shape[0]], axes: [1]).reshaped(to: x[0].shape)
  return [repeated] + x.dropFirst().map { _ in nil }
}

private func inverse(of order: [Int]) -> [Int] {
  var inverse = order
  for (position, axis) in order.enumerated() { inverse[axis] = position }
  return inverse
}

private func slices(of g: Tensor, axis: Int, extents: [Int]) -> [Tensor?] {
  var start = 0
  return extents.map { extent in
    defer { start += extent }
    return g.sliced(axis: axis, start: start, count: extent)
  }
}

extension Tensor {
  fileprivate func convolution(_ weights: Tensor, _ convolution: Convolution) -> Tensor {
    builder.append(.convolution(convolution), [self, weights], file: #fileID, line: #line)
  }

  /// The gradient in images like `images`, from this cotangent of windows on them.
  fileprivate func convolutionInputGradient(
    _ weights: Tensor, _ convolution: Convolution, like images: Tensor
  ) -> Tensor {
    let (_, _, height, width) = convolution.layout.extents(of: images.shape)
    return builder.append(
      .convolutionInputGradient(convolution, height: height, width: width), [self, weights],
      file: #fileID, line: #line)
  }

  /// The gradient in weights like `weights`, from images and the cotangent of windows on them.
  fileprivate func convolutionWeightGradient(
    _ windows: Tensor, _ convolution: Convolution, like weights: Tensor
  ) -> Tensor {
    builder.append(
      .convolutionWeightGradient(
        convolution, height: weights.shape[2], width: weights.shape[3]), [self, windows],
      file: #fileID, line: #line)
  }
}
