package import GANTensor

extension Tensor {
  private func apply(
    _ op: Op, _ others: Tensor..., file: String, line: Int
  ) -> Tensor {
    builder.append(op, [self] + others, file: file, line: line)
  }

  /// One value everywhere, in this tensor's type.
  package func constant(_ value: Double) -> Tensor {
    builder.constant(value, shape, type.elementType)
  }

  // MARK: Elementwise

  package static func + (lhs: Tensor, rhs: Tensor) -> Tensor { lhs.adding(rhs) }
  package static func - (lhs: Tensor, rhs: Tensor) -> Tensor { lhs.subtracting(rhs) }
  package static func * (lhs: Tensor, rhs: Tensor) -> Tensor { lhs.multiplied(by: rhs) }
  package static func / (lhs: Tensor, rhs: Tensor) -> Tensor { lhs.divided(by: rhs) }
  package static prefix func - (operand: Tensor) -> Tensor { operand.mapped(by: .negate) }
  package static func + (lhs: Tensor, rhs: Double) -> Tensor { lhs + lhs.constant(rhs) }
  package static func - (lhs: Tensor, rhs: Double) -> Tensor { lhs - lhs.constant(rhs) }
  package static func * (lhs: Tensor, rhs: Double) -> Tensor { lhs * lhs.constant(rhs) }
  package static func * (lhs: Double, rhs: Tensor) -> Tensor { rhs.constant(lhs) * rhs }
  package static func - (lhs: Double, rhs: Tensor) -> Tensor { rhs.constant(lhs) - rhs }
  package static func / (lhs: Tensor, rhs: Double) -> Tensor { lhs / lhs.constant(rhs) }

  /// The sum with another tensor of the same type.
  package func adding(_ other: Tensor, file: String = #fileID, line: Int = #line) -> Tensor {
    apply(.binary(.add), other, file: file, line: line)
  }

  /// The difference from another tensor of the same type.
  package func subtracting(_ other: Tensor, file: String = #fileID, line: Int = #line) -> Tensor {
    apply(.binary(.subtract), other, file: file, line: line)
  }

  /// The elementwise product with another tensor of the same type.
  package func multiplied(
    by other: Tensor, file: String = #fileID, line: Int = #line
  ) -> Tensor {
    apply(.binary(.multiply), other, file: file, line: line)
  }

  /// The elementwise quotient by another tensor of the same type.
  package func divided(by other: Tensor, file: String = #fileID, line: Int = #line) -> Tensor {
    apply(.binary(.divide), other, file: file, line: line)
  }

  /// The larger of two values; where they tie the gradient goes to this one.
  package func maximum(
    _ other: Tensor, file: String = #fileID, line: Int = #line
  ) -> Tensor {
    apply(.binary(.maximum), other, file: file, line: line)
  }

  /// The smaller of two values; where they tie the gradient goes to this one.
  package func minimum(_ other: Tensor) -> Tensor { -(-self).maximum(-other) }

  /// The magnitude of each element; at 0 its gradient is that of the element itself.
  package func absolute() -> Tensor { maximum(-self) }

  /// Each element, or the bound it lies beyond: `min(max(x, -bound), bound)`.
  package func clamped(to bound: Double) -> Tensor {
    let lowest = constant(-bound)
    return -(-maximum(lowest)).maximum(lowest)
  }

  /// A function of each element.
  package func mapped(
    by function: UnaryFunction, file: String = #fileID, line: Int = #line
  ) -> Tensor {
    apply(.unary(function), file: file, line: line)
  }

  package func exp() -> Tensor { mapped(by: .exp) }
  package func expm1() -> Tensor { mapped(by: .expm1) }
  package func log() -> Tensor { mapped(by: .log) }
  package func squareRoot() -> Tensor { mapped(by: .sqrt) }
  package func tanh() -> Tensor { mapped(by: .tanh) }
  package func sigmoid() -> Tensor { mapped(by: .sigmoid) }
  package func softplus() -> Tensor { mapped(by: .softplus) }
  package func leakyReLU(slope: Double) -> Tensor { mapped(by: .leakyReLU(slope: slope)) }
  package func relu() -> Tensor { mapped(by: .leakyReLU(slope: 0)) }

  /// Compares with another tensor of the same type; the result is `boolean`.
  package func compared(
    _ comparison: Comparison, to other: Tensor, file: String = #fileID, line: Int = #line
  ) -> Tensor {
    apply(.compare(comparison), other, file: file, line: line)
  }

  /// `self ? a : b`; this tensor is `boolean`.
  package func select(
    _ a: Tensor, _ b: Tensor, file: String = #fileID, line: Int = #line
  ) -> Tensor {
    apply(.select, a, b, file: file, line: line)
  }

  /// The same values in another element type.
  package func converted(
    to elementType: ElementType, file: String = #fileID, line: Int = #line
  ) -> Tensor {
    type.elementType == elementType
      ? self : apply(.convert(elementType), file: file, line: line)
  }

  // MARK: Products

  /// The matrix product, either operand transposed on request.
  package func matmul(
    _ rhs: Tensor, transposingLHS: Bool = false, transposingRHS: Bool = false,
    file: String = #fileID, line: Int = #line
  ) -> Tensor {
    apply(
      .matmul(transposingLHS: transposingLHS, transposingRHS: transposingRHS), rhs,
      file: file, line: line)
  }

  // MARK: Convolutions

  /// The convolution of images, `[N, C, H, W]`, with weights, `[K, C / groups, kH, kW]`; gives
  /// `[N, K, H', W']`, `H' = ⌊(H + 2 padding - kH) / stride⌋ + 1`. Nothing is flipped: deep learning's
  /// convolution, as PyTorch's `conv2d`.
  ///
  /// - Parameters:
  ///   - stride: Pixels from one window to the next, along both axes.
  ///   - padding: Zeros around the images, on each side.
  ///   - groups: Parts of the channels, each convolved with its part of the filters alone.
  package func convolved(
    with weights: Tensor, stride: Int = 1, padding: Int = 0, groups: Int = 1,
    file: String = #fileID, line: Int = #line
  ) -> Tensor {
    apply(
      .convolution(Convolution(stride: stride, padding: padding, groups: groups)), weights,
      file: file, line: line)
  }

  /// The transposed convolution of images, `[N, K, h, w]`, with weights, `[K, C / groups, kH, kW]`; gives
  /// `[N, C, H, W]`, `H = stride (h - 1) + kH - 2 padding + outputPadding`. It is the gradient of
  /// `convolved` in its images, as PyTorch's `conv_transpose2d`, whose weights lie alike.
  ///
  /// - Parameters:
  ///   - stride: Pixels from one window of the result to the next.
  ///   - padding: Pixels cut off the result, on each side.
  ///   - outputPadding: Pixels more below and to the right; fewer than `stride`.
  ///   - groups: Parts of the channels, as of `convolved`.
  package func transposeConvolved(
    with weights: Tensor, stride: Int = 1, padding: Int = 0, outputPadding: Int = 0,
    groups: Int = 1, file: String = #fileID, line: Int = #line
  ) -> Tensor {
    func extent(_ axis: Int) -> Int {
      guard shape.rank == 4, weights.shape.rank == 4 else { return 1 }
      return stride * (shape[axis] - 1) + weights.shape[axis] - 2 * padding + outputPadding
    }
    return apply(
      .convolutionInputGradient(
        Convolution(stride: stride, padding: padding, groups: groups), height: extent(2),
        width: extent(3)),
      weights, file: file, line: line)
  }

  // MARK: Axes

  /// The sum over `axes`, which disappear.
  package func summed(over axes: [Int], file: String = #fileID, line: Int = #line) -> Tensor {
    axes.isEmpty ? self : apply(.sum(axes: axes.sorted()), file: file, line: line)
  }

  /// The sum of all elements, `[]`.
  package func sum() -> Tensor { summed(over: Array(0..<shape.rank)) }

  /// The mean of all elements, `[]`.
  package func mean() -> Tensor { sum() * (1 / Double(shape.elementCount)) }

  /// The sum of the squares over `axes`, which disappear.
  package func summedSquares(over axes: [Int]) -> Tensor { (self * self).summed(over: axes) }

  /// The Euclidean norm over `axes`, which disappear.
  ///
  /// At 0 the norm has a kink; its derivatives are 0 there, not the infinity of a bare square root,
  /// which would turn products with it into NaN.
  package func norms(over axes: [Int]) -> Tensor {
    let squares = summedSquares(over: axes)
    let isZero = squares.compared(.equal, to: squares.constant(0))
    return isZero.select(
      squares.constant(0), isZero.select(squares.constant(1), squares).squareRoot())
  }

  /// Repeats this tensor: its axis `i` becomes axis `axes[i]` of the result.
  package func broadcast(
    to target: Shape, axes: [Int], file: String = #fileID, line: Int = #line
  ) -> Tensor {
    target == shape && axes == Array(0..<shape.rank)
      ? self : apply(.broadcast(to: target, axes: axes), file: file, line: line)
  }

  /// Repeats a scalar everywhere.
  package func broadcast(to target: Shape, file: String = #fileID, line: Int = #line) -> Tensor {
    broadcast(to: target, axes: [], file: file, line: line)
  }

  /// The same elements under another shape.
  package func reshaped(
    to target: Shape, file: String = #fileID, line: Int = #line
  ) -> Tensor {
    target == shape ? self : apply(.reshape(target), file: file, line: line)
  }

  /// Axes in another order.
  package func permuted(_ order: [Int], file: String = #fileID, line: Int = #line) -> Tensor {
    order == Array(0..<shape.rank) ? self : apply(.permute(order), file: file, line: line)
  }

  /// The transpose of a matrix.
  package func transposed(file: String = #fileID, line: Int = #line) -> Tensor {
    permuted([1, 0], file: file, line: line)
  }

  /// This tensor followed by others along `axis`.
  package func concatenated(
    with others: [Tensor], axis: Int, file: String = #fileID, line: Int = #line
  ) -> Tensor {
    others.isEmpty
      ? self
      : builder.append(.concatenate(axis: axis), [self] + others, file: file, line: line)
  }

  /// `count` positions of `axis`, from `start`.
  package func sliced(
    axis: Int, start: Int, count: Int, file: String = #fileID, line: Int = #line
  ) -> Tensor {
    start == 0 && shape.dimensions.indices.contains(axis) && count == shape[axis]
      ? self : apply(.slice(axis: axis, start: start, count: count), file: file, line: line)
  }

  /// Zeros before and after along `axis`.
  package func padded(
    axis: Int, before: Int, after: Int, file: String = #fileID, line: Int = #line
  ) -> Tensor {
    before == 0 && after == 0
      ? self : apply(.pad(axis: axis, before: before, after: after), file: file, line: line)
  }

  /// The rows that `indices`, `int32 [N]`, name.
  package func gatheredRows(
    _ indices: Tensor, file: String = #fileID, line: Int = #line
  ) -> Tensor {
    apply(.gatherRows, indices, file: file, line: line)
  }

  /// A tensor of `rows` rows in which row `indices[i]` receives row `i` of this one.
  package func scatterAddedRows(
    _ indices: Tensor, rows: Int, file: String = #fileID, line: Int = #line
  ) -> Tensor {
    apply(.scatterAddRows(rows: rows), indices, file: file, line: line)
  }

  // MARK: Ranks

  /// The sum of `parts` neighbouring parts of this vector over all ranks: `[parts · n] → [n]`.
  package func allReduced(
    parts: Int = 1, file: String = #fileID, line: Int = #line
  ) -> Tensor {
    apply(.allReduce(parts: parts), file: file, line: line)
  }
}
