import GANGraph
import GANTensor
import Testing

@Suite("Types follow from operands, or the broken rule says so")
struct TypeRuleTests {
  struct Case: CustomTestStringConvertible, Sendable {
    let op: Op
    let operands: [TensorType]
    /// The type, or the rule's text.
    let expected: String

    init(_ op: Op, _ operands: [TensorType], _ expected: String) {
      (self.op, self.operands, self.expected) = (op, operands, expected)
    }

    var testDescription: String { "\(op) of \(operands)" }
  }

  static let matrix = TensorType([2, 3], .float32)
  static let vector = TensorType([3], .float32)
  static let scalar = TensorType(.scalar, .float32)
  static let count = TensorType(.scalar, .int64)
  static let indices = TensorType([5], .int32)
  static let flags = TensorType([2, 3], .boolean)

  static let images = TensorType([2, 3, 9, 8], .float32)
  static let weights = TensorType([7, 3, 3, 3], .float32)
  static let same = Convolution(stride: 1, padding: 1)
  static let halving = Convolution(stride: 2, padding: 1)
  static let halvingLast = Convolution(stride: 2, padding: 1, layout: .channelsLast)

  static let wellTyped: [Case] = [
    Case(.input("x", matrix), [], "float32[2, 3]"),
    Case(.data("x", TensorType([7], .uint8)), [], "uint8[7]"),
    Case(.state("x", count), [], "int64[]"),
    Case(.constant(1, vector), [], "float32[3]"),
    Case(.random(.normal, .syntheticImages, [4, 1]), [count, count], "float32[4, 1]"),
    Case(.unary(.tanh), [matrix], "float32[2, 3]"),
    Case(.unary(.leakyReLU(slope: 0)), [scalar], "float32[]"),
    Case(.binary(.divide), [matrix, matrix], "float32[2, 3]"),
    Case(.binary(.add), [count, count], "int64[]"),
    Case(.compare(.equal), [indices, indices], "boolean[5]"),
    Case(.select, [flags, matrix, matrix], "float32[2, 3]"),
    Case(.convert(.uint8), [matrix], "uint8[2, 3]"),
    Case(
      .matmul(transposingLHS: false, transposingRHS: false), [matrix, [3, 5]], "float32[2, 5]"),
    Case(.matmul(transposingLHS: true, transposingRHS: false), [matrix, [2, 5]], "float32[3, 5]"),
    Case(.matmul(transposingLHS: false, transposingRHS: true), [matrix, [5, 3]], "float32[2, 5]"),
    Case(.matmul(transposingLHS: true, transposingRHS: true), [matrix, [5, 2]], "float32[3, 5]"),
    Case(.convolution(same), [images, weights], "float32[2, 7, 9, 8]"),
    Case(.convolution(halving), [images, weights], "float32[2, 7, 5, 4]"),
    Case(.convolution(halvingLast), [[2, 9, 8, 3], weights], "float32[2, 5, 4, 7]"),
    Case(
      .convolution(Convolution(stride: 5, padding: 0)), [[1, 1, 1, 1], [1, 1, 1, 1]],
      "float32[1, 1, 1, 1]"),
    Case(
      .convolutionInputGradient(halving, height: 9, width: 8), [[2, 7, 5, 4], weights],
      "float32[2, 3, 9, 8]"),
    Case(
      .convolutionInputGradient(halving, height: 10, width: 7), [[2, 7, 5, 4], weights],
      "float32[2, 3, 10, 7]"),
    Case(
      .convolutionInputGradient(halvingLast, height: 9, width: 8), [[2, 5, 4, 7], weights],
      "float32[2, 9, 8, 3]"),
    Case(
      .convolutionWeightGradient(halving, height: 3, width: 3), [images, [2, 7, 5, 4]],
      "float32[7, 3, 3, 3]"),
    Case(
      .convolutionWeightGradient(halvingLast, height: 3, width: 3), [[2, 9, 8, 3], [2, 5, 4, 7]],
      "float32[7, 3, 3, 3]"),
    Case(.sum(axes: [0, 1]), [matrix], "float32[]"),
    Case(.sum(axes: [1]), [matrix], "float32[2]"),
    Case(.broadcast(to: [2, 3], axes: [1]), [vector], "float32[2, 3]"),
    Case(.broadcast(to: [2, 3], axes: []), [scalar], "float32[2, 3]"),
    Case(.reshape([6]), [matrix], "float32[6]"),
    Case(.permute([1, 0]), [matrix], "float32[3, 2]"),
    Case(.permute([2, 0, 1]), [[2, 3, 5]], "float32[5, 2, 3]"),
    Case(.concatenate(axis: 0), [matrix, [1, 3], [4, 3]], "float32[7, 3]"),
    Case(.concatenate(axis: 1), [flags, flags], "boolean[2, 6]"),
    Case(.slice(axis: 1, start: 1, count: 2), [matrix], "float32[2, 2]"),
    Case(.pad(axis: 0, before: 1, after: 4), [matrix], "float32[7, 3]"),
    Case(.gatherRows, [TensorType([9, 2], .uint8), indices], "uint8[5, 2]"),
    Case(.gatherRows, [vector, indices], "float32[5]"),
    Case(.scatterAddRows(rows: 9), [[5, 2], indices], "float32[9, 2]"),
    Case(.allReduce(parts: 3), [[6]], "float32[2]"),
    Case(.allReduce(parts: 1), [[6], [4]], "float32[6]"),
  ]

  static let illTyped: [Case] = [
    Case(.input("x", [2, 0]), [], "extents must be positive, got float32[2, 0]"),
    Case(.input("x", matrix), [scalar], "takes 0 operands, got 1"),
    Case(
      .random(.normal, .syntheticImages, [4]), [count, scalar],
      "seed and step must be int64[], got int64[], float32[]"),
    Case(
      .random(.normal, .syntheticImages, [0]), [count, count],
      "extents must be positive, got float32[0]"),
    Case(
      .random(.normal, .syntheticImages, [4], first: -1), [count, count],
      "indices must not be negative, got [4] from -1"),
    Case(
      .random(.normal, .syntheticImages, [4], first: .max - 3), [count, count],
      "indices must not be negative, got [4] from \(Int.max - 3)"),
    Case(.unary(.exp), [count], "needs float32, got int64[]"),
    Case(.unary(.exp), [], "takes 1 operands, got 0"),
    Case(.unary(.leakyReLU(slope: -1)), [matrix], "slope must not be negative, got -1.0"),
    Case(.binary(.add), [matrix, vector], "operands must be alike, got float32[2, 3], float32[3]"),
    Case(
      .binary(.divide), [count, count],
      "needs float32, or int64 where nothing is divided, got int64[]"),
    Case(
      .binary(.add), [flags, flags],
      "needs float32, or int64 where nothing is divided, got boolean[2, 3]"),
    Case(
      .compare(.greater), [matrix, flags],
      "operands must be alike, got float32[2, 3], boolean[2, 3]"),
    Case(
      .select, [matrix, matrix, matrix],
      "needs boolean and two operands alike, got float32[2, 3], float32[2, 3], float32[2, 3]"),
    Case(
      .select, [flags, matrix, flags],
      "needs boolean and two operands alike, got boolean[2, 3], float32[2, 3], boolean[2, 3]"),
    Case(
      .matmul(transposingLHS: false, transposingRHS: false), [matrix, matrix],
      "inner dimensions must agree, got [2, 3] · [2, 3]"),
    Case(
      .matmul(transposingLHS: true, transposingRHS: true), [matrix, matrix],
      "inner dimensions must agree, got [2, 3]ᵀ · [2, 3]ᵀ"),
    Case(
      .matmul(transposingLHS: false, transposingRHS: false), [matrix, vector],
      "needs two float32 matrices, got float32[2, 3], float32[3]"),
    Case(
      .convolution(same), [images, matrix],
      "needs two float32 tensors of four axes, got float32[2, 3, 9, 8], float32[2, 3]"),
    Case(
      .convolution(same), [TensorType([2, 3, 9, 8], .uint8), weights],
      "needs two float32 tensors of four axes, got uint8[2, 3, 9, 8], float32[7, 3, 3, 3]"),
    Case(
      .convolution(same), [images, [7, 2, 3, 3]], "weights must be [K, 3, kH, kW], got [7, 2, 3, 3]"
    ),
    Case(
      .convolution(halvingLast), [images, weights],
      "weights must be [K, 8, kH, kW], got [7, 3, 3, 3]"),
    Case(
      .convolution(same), [[2, 3, 1, 8], [7, 3, 4, 3]],
      "windows of 4 × 3, stride 1 padding 1, must fit, got images of 1 × 8"),
    Case(
      .convolution(Convolution(stride: 0, padding: 1)), [images, weights],
      "windows of 3 × 3, stride 0 padding 1, must fit, got images of 9 × 8"),
    Case(
      .convolution(Convolution(stride: 1, padding: -1)), [images, weights],
      "windows of 3 × 3, stride 1 padding -1, must fit, got images of 9 × 8"),
    Case(
      .convolutionInputGradient(halving, height: 9, width: 8), [[2, 3, 5, 4], weights],
      "weights must be [3, C, kH, kW], got [7, 3, 3, 3]"),
    // An output padding as large as the stride: another window would fit.
    Case(
      .convolutionInputGradient(halving, height: 11, width: 8), [[2, 7, 5, 4], weights],
      "windows of 3 × 3, stride 2 padding 1, on 11 × 8 must be as many as are given, got 5 × 4"),
    Case(
      .convolutionInputGradient(Convolution(stride: 1, padding: 2), height: 0, width: 1),
      [[2, 7, 1, 2], weights],
      "windows of 3 × 3, stride 1 padding 2, on 0 × 1 must be as many as are given, got 1 × 2"),
    Case(
      .convolutionWeightGradient(halving, height: 3, width: 3), [images, [1, 7, 5, 4]],
      "needs as many images twice, got 2 and 1"),
    Case(
      .convolutionWeightGradient(halving, height: 4, width: 3), [images, [2, 7, 5, 4]],
      "windows of 4 × 3, stride 2 padding 1, on 9 × 8 must be as many as are given, got 5 × 4"),
    Case(
      .sum(axes: [1, 0]), [matrix],
      "needs float32 and ascending axes, got [1, 0] of float32[2, 3]"),
    Case(.sum(axes: [2]), [matrix], "needs float32 and ascending axes, got [2] of float32[2, 3]"),
    Case(.sum(axes: []), [count], "needs float32 and ascending axes, got [] of int64[]"),
    Case(
      .broadcast(to: [2, 3], axes: [0]), [vector],
      "axes [0] of [2, 3] must have the extents of float32[3]"),
    Case(
      .broadcast(to: [3, 2], axes: [1, 0]), [matrix],
      "axes [1, 0] of [3, 2] must have the extents of float32[2, 3]"),
    Case(
      .broadcast(to: [0, 3], axes: [1]), [vector],
      "extents must be positive, got float32[0, 3]"),
    Case(.reshape([5]), [matrix], "must keep the element count, got float32[2, 3] to [5]"),
    Case(.permute([0, 0]), [matrix], "needs each axis once, got [0, 0] for float32[2, 3]"),
    Case(.concatenate(axis: 0), [], "operands must agree off axis 0, got "),
    Case(
      .concatenate(axis: 0), [matrix, [2, 2]],
      "operands must agree off axis 0, got float32[2, 3], float32[2, 2]"),
    Case(
      .concatenate(axis: 0), [matrix, flags],
      "operands must agree off axis 0, got float32[2, 3], boolean[2, 3]"),
    Case(
      .slice(axis: 1, start: 2, count: 2), [matrix],
      "axis 1 from 2, 2 leaves float32[2, 3]"),
    Case(
      .slice(axis: 2, start: 0, count: 1), [matrix],
      "axis 2 from 0, 1 leaves float32[2, 3]"),
    Case(
      .pad(axis: 0, before: -1, after: 0), [matrix],
      "axis 0 by -1 and 0 does not fit float32[2, 3]"),
    Case(
      .gatherRows, [matrix, TensorType([5], .int64)],
      "needs rows and int32[N], got float32[2, 3], int64[5]"),
    Case(.gatherRows, [scalar, indices], "needs rows and int32[N], got float32[], int32[5]"),
    Case(
      .scatterAddRows(rows: 9), [matrix, indices],
      "needs float32 rows and int32[N], got float32[2, 3], int32[5]"),
    Case(.allReduce(parts: 3), [[4]], "needs float32[3 · n], got float32[4]"),
    Case(.allReduce(parts: 1), [matrix], "needs float32[1 · n], got float32[2, 3]"),
  ]

  @Test("Operands that fit give a type", arguments: wellTyped)
  func operandsThatFit(_ test: Case) throws {
    #expect(try test.op.resultType(test.operands).get().description == test.expected)
  }

  @Test("Operands that do not fit are named beside the rule", arguments: illTyped)
  func operandsThatDoNotFit(_ test: Case) {
    switch test.op.resultType(test.operands) {
    case .success(let type): Issue.record("must not have a type, got \(type)")
    case .failure(let rule): #expect(rule.text == test.expected)
    }
  }
}

extension TensorType: ExpressibleByArrayLiteral {
  /// A `float32` tensor of these extents.
  public init(arrayLiteral elements: Int...) { self.init(Shape(elements), .float32) }
}
