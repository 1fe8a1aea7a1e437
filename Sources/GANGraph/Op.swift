package import GANTensor

/// The operation of a node. The set is closed: a new case breaks every switch that must know it
/// (type rule, pullback, reference backend, CPU backend, printer), and nothing else.
package enum Op: Hashable, Sendable {
  // MARK: Leaves

  /// A tensor the host writes before each run.
  case input(String, TensorType)
  /// A resident array bound once and only read, such as the pixels of a data set.
  case data(String, TensorType)
  /// A tensor that lives from run to run: a parameter, a moment, a counter.
  case state(String, TensorType)
  /// One value, everywhere.
  case constant(Double, TensorType)
  /// Numbers that are a pure function of (seed, purpose, step, index), from index `first` on: a part
  /// of a batch is drawn as the whole would have it. Operands: the seed and the step, both
  /// `int64 []`.
  case random(RandomDistribution, RandomPurpose, Shape, first: Int = 0)

  // MARK: Elementwise

  case unary(UnaryFunction)
  case binary(BinaryFunction)
  /// Operands of one type; the result is `boolean`.
  case compare(Comparison)
  /// `condition ? a : b`, element by element. Operands: condition, a, b.
  case select
  /// The same values in another element type; towards an integer the fraction is dropped.
  case convert(ElementType)

  // MARK: Products

  /// `op(lhs) · op(rhs)` of two matrices; a transposed operand is stored the other way round.
  case matmul(transposingLHS: Bool, transposingRHS: Bool)

  // MARK: Convolutions

  // Three ops, closed under differentiation: each one's gradients are the other two. Images are
  // `[N, C, H, W]` and `[N, K, H', W']`, weights `[K, C / groups, kH, kW]`.

  /// Windows of the images times the weights. Operands: images of C channels, weights.
  case convolution(Convolution)
  /// The adjoint in the images, which is the transposed convolution: the gradient of `height` ×
  /// `width` images of C channels. Operands: images of K channels, weights.
  case convolutionInputGradient(Convolution, height: Int, width: Int)
  /// The adjoint in the weights, whose windows are `height` × `width`. Operands: images of C
  /// channels, images of K channels.
  case convolutionWeightGradient(Convolution, height: Int, width: Int)

  // MARK: Axes

  /// The sum over `axes` (ascending), which disappear.
  case sum(axes: [Int])
  /// Repeats the operand: its axis `i` becomes axis `axes[i]` (ascending) of the result.
  case broadcast(to: Shape, axes: [Int])
  /// The same elements in the same row-major order under another shape.
  case reshape(Shape)
  /// Axis `i` of the result is axis `order[i]` of the operand.
  case permute([Int])
  /// The operands one after another along `axis`.
  case concatenate(axis: Int)
  /// `count` positions of `axis`, from `start`.
  case slice(axis: Int, start: Int, count: Int)
  /// Zeros before and after along `axis`: the adjoint of `slice`.
  case pad(axis: Int, before: Int, after: Int)
  /// Rows of the first operand chosen by the second, `int32 [N]`; `[R, …] → [N, …]`.
  case gatherRows
  /// The adjoint of `gatherRows`: `[N, …] → [rows, …]`, row `indices[i]` receives row `i`, in
  /// ascending order of `i`.
  case scatterAddRows(rows: Int)

  // MARK: Ranks

  /// The sum of `parts` neighbouring parts of the operand, over all ranks of a run:
  /// `[parts · n] → [n]`. The parts of the ranks, in their order, are joined as a balanced binary
  /// tree: neighbours first. A second operand is the exchange that comes before, whose value is not
  /// read.
  case allReduce(parts: Int)
}

/// The distribution of a random leaf.
package enum RandomDistribution: String, Hashable, Sendable {
  /// Uniform on [0, 1), multiples of 2⁻²⁴.
  case uniform
  /// Standard normal.
  case normal
}

/// Functions of one `float32` value.
package enum UnaryFunction: Hashable, Sendable {
  case negate
  case exp
  /// `exp(x) - 1`, accurate near 0.
  case expm1
  /// The natural logarithm.
  case log
  case sqrt
  case tanh
  /// `1 / (1 + exp(-x))`.
  case sigmoid
  /// `log(1 + exp(x))`; exact in both tails.
  case softplus
  /// `x` where positive, `slope * x` elsewhere; its derivative at 0 is `slope`, as PyTorch has it.
  case leakyReLU(slope: Double)
}

/// Functions of two values of one type.
package enum BinaryFunction: String, Hashable, Sendable {
  case add, subtract, multiply, divide, maximum
}

/// Comparisons of two values of one type; false if either is NaN.
package enum Comparison: String, Hashable, Sendable {
  case greater, greaterOrEqual, equal
}

extension Op {
  /// The op without its payload, as printers and errors name it.
  package var name: String {
    switch self {
    case .input: "input"
    case .data: "data"
    case .state: "state"
    case .constant: "constant"
    case .random: "random"
    case .unary(let function): function.name
    case .binary(let function): function.rawValue
    case .compare(let comparison): comparison.rawValue
    case .select: "select"
    case .convert: "convert"
    case .matmul: "matmul"
    case .convolution: "convolution"
    case .convolutionInputGradient: "convolutionInputGradient"
    case .convolutionWeightGradient: "convolutionWeightGradient"
    case .sum: "sum"
    case .broadcast: "broadcast"
    case .reshape: "reshape"
    case .permute: "permute"
    case .concatenate: "concatenate"
    case .slice: "slice"
    case .pad: "pad"
    case .gatherRows: "gatherRows"
    case .scatterAddRows: "scatterAddRows"
    case .allReduce: "allReduce"
    }
  }

  /// True if element `i` of the result depends on element `i` of each operand alone.
  package var isElementwise: Bool {
    switch self {
    case .unary, .binary, .compare, .select, .convert: true
    case .input, .data, .state, .constant, .random, .matmul, .convolution,
      .convolutionInputGradient, .convolutionWeightGradient, .sum, .broadcast, .reshape, .permute,
      .concatenate, .slice, .pad, .gatherRows, .scatterAddRows, .allReduce:
      false
    }
  }

  /// True for a convolution of any kind.
  package var isConvolution: Bool {
    switch self {
    case .convolution, .convolutionInputGradient, .convolutionWeightGradient: true
    case .input, .data, .state, .constant, .random, .unary, .binary, .compare, .select, .convert,
      .matmul, .sum, .broadcast, .reshape, .permute, .concatenate, .slice, .pad, .gatherRows,
      .scatterAddRows, .allReduce:
      false
    }
  }

  /// True if the value comes from outside the graph; leaves are not computed.
  package var isLeaf: Bool {
    switch self {
    case .input, .data, .state, .constant: true
    case .random, .unary, .binary, .compare, .select, .convert, .matmul, .convolution,
      .convolutionInputGradient, .convolutionWeightGradient, .sum, .broadcast, .reshape, .permute,
      .concatenate, .slice, .pad, .gatherRows, .scatterAddRows, .allReduce:
      false
    }
  }
}

extension UnaryFunction {
  /// The function's name, with its parameter.
  package var name: String {
    switch self {
    case .negate: "negate"
    case .exp: "exp"
    case .expm1: "expm1"
    case .log: "log"
    case .sqrt: "sqrt"
    case .tanh: "tanh"
    case .sigmoid: "sigmoid"
    case .softplus: "softplus"
    case .leakyReLU(let slope): slope == 0 ? "relu" : "leakyReLU(\(slope))"
    }
  }
}
