import GANGraph
import GANRuntime
import GANTensor
import GANTestSupport
import Testing

@Suite("Gradients agree with the values they are gradients of")
struct GradientTests {
  /// Sizes 1, primes, and others; every elementwise function runs on each.
  static let shapes: [Shape] = [[], [1], [7], [2, 3], [1, 5]]

  static let elementwise: [GradientCase] = shapes.flatMap { shape -> [GradientCase] in
    func unary(
      _ function: UnaryFunction, _ domain: GradientCase.Domain = .anywhere
    ) -> GradientCase {
      GradientCase(function.name, [shape], [domain]) { $0[0].mapped(by: function) }
    }
    let two = [shape, shape]
    return [
      unary(.negate), unary(.exp), unary(.expm1), unary(.log, .positive), unary(.sqrt, .positive),
      unary(.tanh), unary(.sigmoid), unary(.softplus),
      unary(.leakyReLU(slope: 0), .awayFromZero), unary(.leakyReLU(slope: 0.2), .awayFromZero),
      unary(.leakyReLU(slope: 1), .awayFromZero),
      GradientCase("add", two) { $0[0] + $0[1] },
      GradientCase("subtract", two) { $0[0] - $0[1] },
      GradientCase("multiply", two) { $0[0] * $0[1] },
      GradientCase("divide", two, [.anywhere, .awayFromZero]) { $0[0] / $0[1] },
      GradientCase("maximum", two, [.anywhere, .awayFromFirst]) { $0[0].maximum($0[1]) },
      GradientCase("select", [shape, shape, shape], [.awayFromZero]) {
        $0[0].compared(.greater, to: $0[0].constant(0)).select($0[1], $0[2])
      },
    ]
  }

  static let products: [GradientCase] = [(1, 1, 1), (2, 3, 5), (7, 1, 2), (1, 4, 1)].flatMap {
    rows, inner, columns in
    [(false, false), (true, false), (false, true), (true, true)].map { lhs, rhs in
      GradientCase(
        "matmul\(lhs ? " lhsᵀ" : "")\(rhs ? " rhsᵀ" : "")",
        [lhs ? [inner, rows] : [rows, inner], rhs ? [columns, inner] : [inner, columns]]
      ) { $0[0].matmul($0[1], transposingLHS: lhs, transposingRHS: rhs) }
    }
  }

  /// All three kinds, wherever strides, padding and windows leave no pixel, one, or some unread.
  static let convolutions: [GradientCase] =
    [1, 2].flatMap { stride in
      [0, 1, 2].flatMap { padding in
        [(1, 1), (3, 3), (4, 4), (5, 5), (2, 3)].flatMap { window in
          convolutions(stride: stride, padding: padding, window: window, on: (5, 6))
        }
      }
    }
    + convolutions(stride: 3, padding: 1, window: (3, 3), on: (7, 1))
    + convolutions(stride: 1, padding: 0, window: (4, 3), on: (4, 3))
    + grouped

  /// In two groups of one channel and filter, and of two channels and three filters.
  private static let grouped: [GradientCase] = [(2, 2), (4, 6)].flatMap { channels, filters in
    [1, 3, 4].flatMap { side -> [GradientCase] in
      convolutions(
        stride: side == 4 ? 2 : 1, padding: side / 2, window: (side, side), on: (5, 4),
        channels: channels, filters: filters, groups: 2)
    }
  }

  private static func convolutions(
    stride: Int, padding: Int, window: (Int, Int), on extents: (Int, Int), channels: Int = 2,
    filters: Int = 3, groups: Int = 1
  ) -> [GradientCase] {
    let convolution = Convolution(stride: stride, padding: padding, groups: groups)
    let rows = convolution.windowCount(along: extents.0, window: window.0)
    let columns = convolution.windowCount(along: extents.1, window: window.1)
    let images: Shape = [2, channels, extents.0, extents.1]
    let weights: Shape = [filters, channels / groups, window.0, window.1]
    let windows: Shape = [2, filters, rows, columns]
    var cases = [
      GradientCase("convolution \(convolution)", [images, weights]) {
        $0[0].convolved(with: $0[1], stride: stride, padding: padding, groups: groups)
      },
      GradientCase("weight gradient \(convolution)", [images, windows]) { x in
        let origin = x[0].builder.constant(0, weights)
        let value =
          x[0].convolved(with: origin, stride: stride, padding: padding, groups: groups) * x[1]
        return value.sum().gradients(withRespectTo: [origin])[0]
      },
    ]
    for outputPadding in 0..<stride {
      cases.append(
        GradientCase(
          "transposed convolution \(convolution) output padding \(outputPadding)",
          [windows, weights]
        ) {
          $0[0].transposeConvolved(
            with: $0[1], stride: stride, padding: padding, outputPadding: outputPadding,
            groups: groups)
        })
    }
    return cases
  }

  /// Linear functions of one tensor.
  static let rearrangements: [GradientCase] = [
    GradientCase("sum over [0]", [[3, 5]]) { $0[0].summed(over: [0]) },
    GradientCase("sum over [1]", [[3, 1]]) { $0[0].summed(over: [1]) },
    GradientCase("sum over [0, 2]", [[2, 3, 5]]) { $0[0].summed(over: [0, 2]) },
    GradientCase("sum over all", [[2, 3]]) { $0[0].sum() },
    GradientCase("broadcast of a scalar", [[]]) { $0[0].broadcast(to: [2, 3]) },
    GradientCase("broadcast as axes [1]", [[3]]) { $0[0].broadcast(to: [2, 3], axes: [1]) },
    GradientCase("broadcast as axes [0]", [[3]]) { $0[0].broadcast(to: [3, 1], axes: [0]) },
    GradientCase("broadcast as axes [0, 2]", [[2, 5]]) {
      $0[0].broadcast(to: [2, 3, 5], axes: [0, 2])
    },
    GradientCase("reshape", [[2, 3]]) { $0[0].reshaped(to: [3, 1, 2]) },
    GradientCase("reshape to a scalar", [[1, 1]]) { $0[0].reshaped(to: []) },
    GradientCase("permute [1, 0]", [[2, 3]]) { $0[0].transposed() },
    GradientCase("permute [2, 0, 1]", [[2, 3, 5]]) { $0[0].permuted([2, 0, 1]) },
    GradientCase("permute [1, 2, 0, 3]", [[2, 3, 1, 2]]) { $0[0].permuted([1, 2, 0, 3]) },
    GradientCase("concatenate with itself along 0", [[2, 3]]) {
      $0[0].concatenated(with: [$0[0], $0[0]], axis: 0)
    },
    GradientCase("slice axis 0", [[5, 2]]) { $0[0].sliced(axis: 0, start: 1, count: 3) },
    GradientCase("slice axis 1", [[2, 7]]) { $0[0].sliced(axis: 1, start: 6, count: 1) },
    GradientCase("slice axis 1 of 3", [[2, 3, 2]]) { $0[0].sliced(axis: 1, start: 0, count: 2) },
    GradientCase("pad axis 0", [[2, 3]]) { $0[0].padded(axis: 0, before: 1, after: 2) },
    GradientCase("pad axis 1", [[2, 3]]) { $0[0].padded(axis: 1, before: 3, after: 0) },
    GradientCase("gather rows, one twice, one never", [[3, 2]]) {
      $0[0].gatheredRows(indices($0[0], [2, 0, 2, 2]))
    },
    GradientCase("gather of a vector", [[5]]) { $0[0].gatheredRows(indices($0[0], [4])) },
    GradientCase("scatter add rows, one twice, one never", [[4, 2]]) {
      $0[0].scatterAddedRows(indices($0[0], [1, 3, 1, 0]), rows: 5)
    },
  ]

  static let ofTwo: [GradientCase] = [
    GradientCase("concatenate along 0", [[2, 3], [1, 3]]) {
      $0[0].concatenated(with: [$0[1]], axis: 0)
    },
    GradientCase("concatenate along 1", [[2, 1], [2, 5]]) {
      $0[0].concatenated(with: [$0[1], $0[0]], axis: 1)
    },
    GradientCase("a layer", [[5, 3], [2, 3], [2]]) {
      ($0[0].matmul($0[1], transposingRHS: true) + $0[2].broadcast(to: [5, 2], axes: [1])).tanh()
    },
    // What a gradient penalty is made of: a norm of a gradient.
    GradientCase("the norm of a gradient", [[3, 2], [4, 2]]) { x in
      let scores = x[0].matmul(x[1], transposingRHS: true).softplus()
      let gradient = scores.sum().gradients(withRespectTo: [x[0]])[0]
      return (gradient * gradient).summed(over: [1]).squareRoot()
    },
  ]

  /// Means, deviations and what is scaled by them: sums of cotangents from which vectors are taken out,
  /// and of values that add up to nothing.
  static let normalisations: [GradientCase] = [[0], [1], [0, 2], [1, 2]].flatMap { axes in
    let shape: Shape = axes == [0] || axes == [1] ? [3, 4] : [3, 2, 4]
    let kept = (0..<shape.rank).filter { !axes.contains($0) }
    let vector = Shape(kept.map { shape[$0] })
    let count = Double(axes.reduce(1) { $0 * shape[$1] })
    @Sendable func wide(_ x: Tensor) -> Tensor { x.broadcast(to: shape, axes: kept) }
    @Sendable func centred(_ x: Tensor) -> Tensor {
      x - wide(x.summed(over: axes) * (1 / count))
    }
    @Sendable func deviation(_ x: Tensor) -> Tensor {
      (x.summedSquares(over: axes) * (1 / count) + 0.5).squareRoot()
    }
    return [
      GradientCase("normalised and scaled over \(axes)", [shape, vector, vector]) { x in
        let centred = centred(x[0])
        return (centred * wide(x[1] / deviation(centred)) + wide(x[2])).softplus()
      },
      GradientCase("normalised by a quotient over \(axes)", [shape, shape]) { x in
        let centred = centred(x[0])
        return centred / wide(deviation(centred)) * x[1]
      },
      GradientCase("centred on another's mean over \(axes)", [shape, shape, vector]) { x in
        (x[0] - wide(x[1].summed(over: axes) * (1 / count))) * wide(x[2]) - x[1] * wide(x[2])
      },
      GradientCase("a sum of vectors repeated over \(axes)", [vector, vector, shape]) { x in
        (wide(x[0]) + wide(x[0]) * wide(x[1]) - x[2]) * (wide(x[1]) - wide(x[0]))
      },
    ]
  }

  /// Constant indices, out of constants, since a function has no other leaves.
  private static func indices(_ x: Tensor, _ values: [Int]) -> Tensor {
    let scalars = values.map {
      x.sum().constant(Double($0)).reshaped(to: [1]).converted(to: .int32)
    }
    return scalars[0].concatenated(with: Array(scalars[1...]), axis: 0)
  }

  @Test(
    "Central differences agree along random directions, orders 1 and 2",
    arguments: elementwise + products + convolutions + rearrangements + ofTwo + normalisations,
    [1, 2])
  func gradientMatchesDifferences(test: GradientCase, order: Int) throws {
    for seed in 0..<4 as Range<UInt64> {
      let mismatch = try test.mismatch(order: order, seed: seed)
      #expect(mismatch < 1e-6, "\(test), order \(order), seed \(seed)")
    }
  }

  @Test(
    "Linear functions satisfy <A x, y> = <x, Aᵀ y>, Aᵀ y being the gradient anywhere",
    arguments: rearrangements + products + convolutions)
  func adjointIdentity(test: GradientCase) throws {
    let builder = GraphBuilder()
    let x = test.arguments.enumerated().map { builder.input("x\($0)", $1.shape) }
    let value = test.function(x)
    let y = builder.input("y", value.shape)
    let product = (value * y).sum()
    builder.output(product, as: "product")
    for (position, gradient) in product.gradients(withRespectTo: x).enumerated() {
      builder.output((gradient * x[position]).sum(), as: "adjoint\(position)")
    }
    let graph = try builder.finish()
    for seed in 0..<4 as Range<UInt64> {
      var random = SplitMix(seed: seed)
      var inputs: [String: ReferenceTensor] = [:]
      for (position, values) in test.point(&random).enumerated() {
        inputs["x\(position)"] = ReferenceTensor(test.arguments[position].shape, values)
      }
      inputs["y"] = ReferenceTensor(
        value.shape, random.reals(value.shape.elementCount, in: -1...1))
      let outputs = try ReferenceBackend().run(graph, inputs: inputs).outputs
      let expected = try #require(outputs["product"]).reals[0]
      // A product is linear in each operand.
      for position in x.indices {
        let adjoint = try #require(outputs["adjoint\(position)"]).reals[0]
        // At most a few thousand terms of order 1, each rounded once or twice.
        #expect(abs(adjoint - expected) < 1e-12, "\(test), seed \(seed)")
      }
    }
  }

  @Test("The gradient through a batch's mean sums nothing that the shift's does not")
  func meansShareSums() throws {
    let builder = GraphBuilder()
    let x = builder.input("x", [4, 3, 2, 2])
    let scale = builder.input("scale", [3])
    let shift = builder.input("shift", [3])
    func wide(_ x: Tensor) -> Tensor { x.broadcast(to: [4, 3, 2, 2], axes: [1]) }
    let centred = x - wide(x.summed(over: [0, 2, 3]) * (1 / 16))
    let variance = centred.summedSquares(over: [0, 2, 3]) * (1 / 16)
    let y = centred * wide(scale / (variance + 0.125).squareRoot()) + wide(shift)
    let gradients = y.tanh().sum().gradients(withRespectTo: [x, scale, shift])
    for (position, gradient) in gradients.enumerated() {
      builder.output(gradient, as: "gradient\(position)")
    }
    let graph = try builder.finish().optimized()
    let sums = graph.nodes.filter { if case .sum = $0.op { true } else { false } }
    // The mean and the variance; the shift's gradient and the scale's.
    #expect(sums.count == 4)
  }
}
