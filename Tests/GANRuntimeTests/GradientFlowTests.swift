import GANGraph
import GANRuntime
import GANTensor
import Testing

@Suite("Gradients flow where they should, and nowhere else")
struct GradientFlowTests {
  /// The gradient of a scalar function at a point.
  private func gradient(
    at x: [Double], shape: Shape? = nil, order: Int = 1, _ function: (Tensor) -> Tensor
  ) throws -> [Double] {
    let builder = GraphBuilder()
    let shape = shape ?? [x.count]
    let argument = builder.input("x", shape)
    var result = function(argument)
    for _ in 0..<order { result = result.sum().gradients(withRespectTo: [argument])[0] }
    builder.output(result, as: "gradient")
    let outputs = try ReferenceBackend().run(
      try builder.finish(), inputs: ["x": ReferenceTensor(shape, x)]
    ).outputs
    return try #require(outputs["gradient"]).reals
  }

  // MARK: Nothing flows

  struct Barrier: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let function: @Sendable (Tensor) -> Tensor

    init(_ name: String, _ function: @escaping @Sendable (Tensor) -> Tensor) {
      (testDescription, self.function) = (name, function)
    }
  }

  static let barriers = [
    Barrier("a comparison") { $0.compared(.greater, to: $0 * 0.5).converted(to: .float32) },
    Barrier("the condition of a select") {
      $0.compared(.equal, to: $0).select($0.constant(2), $0.constant(3))
    },
    Barrier("a conversion to int32 and back") {
      ($0 * 10).converted(to: .int32).converted(to: .float32)
    },
    Barrier("a conversion to uint8 and back") { $0.converted(to: .uint8).converted(to: .float32) },
    Barrier("indices of gathered rows") { x in
      x.constant(7).gatheredRows(x.converted(to: .int32))
    },
    Barrier("indices of scattered rows") { x in
      x.constant(7).scatterAddedRows(x.converted(to: .int32), rows: 3)
    },
    Barrier("the seed and step of random numbers") { x in
      let seed = x.sum().converted(to: .int64)
      return x.random(seed: seed)
    },
    Barrier("something else entirely") { $0.constant(3) },
  ]

  @Test("Through these the gradient is 0, of its operand's shape", arguments: barriers)
  func nothingFlows(_ barrier: Barrier) throws {
    #expect(try gradient(at: [0, 1, 2], barrier.function) == [0, 0, 0])
    let beside = try gradient(at: [0, 1, 2]) { barrier.function($0).sum() + ($0 * 2).sum() }
    #expect(beside == [2, 2, 2])
  }

  @Test("The rows of a table get the gradient that its indices do not")
  func tableGetsGradient() throws {
    let gradient = try gradient(at: [5, 6, 7]) { table in
      table.gatheredRows((table - 5).converted(to: .int32))
    }
    #expect(gradient == [1, 1, 1])
  }

  @Test("A source made after the value is independent of it")
  func laterSource() throws {
    let builder = GraphBuilder()
    let value = builder.input("x", [2]).sum()
    let later = builder.input("later", [3])
    builder.output(value.gradients(withRespectTo: [later])[0], as: "gradient")
    let outputs = try ReferenceBackend().run(
      try builder.finish(),
      inputs: ["x": ReferenceTensor([2], [1, 2]), "later": ReferenceTensor([3], [1, 2, 3])]
    ).outputs
    #expect(outputs["gradient"] == ReferenceTensor([3], [0, 0, 0]))
  }

  // MARK: Everything flows

  @Test("A tensor used twice gets the sum of both gradients")
  func usesAccumulate() throws {
    #expect(try gradient(at: [3, -2]) { $0 * $0 + $0 } == [7, -3])
    #expect(try gradient(at: [3]) { $0 * $0 * $0 } == [27])
    #expect(try gradient(at: [3], order: 2) { $0 * $0 * $0 } == [18])
    #expect(try gradient(at: [3], order: 3) { $0 * $0 * $0 } == [6])
    #expect(
      try gradient(at: [3, 4]) { $0.concatenated(with: [$0 * $0], axis: 0) } == [7, 9])
    #expect(try gradient(at: [1, 2, 3, 4], shape: [2, 2]) { $0.matmul($0) } == [7, 11, 9, 13])
  }

  @Test("A source on the way to another source gets its own gradient")
  func intermediateSource() throws {
    let builder = GraphBuilder()
    let x = builder.input("x", .scalar)
    let square = x * x
    let gradients = (square * square).gradients(withRespectTo: [x, square])
    builder.output(gradients[0], as: "x")
    builder.output(gradients[1], as: "square")
    let outputs = try ReferenceBackend().run(
      try builder.finish(), inputs: ["x": ReferenceTensor(.scalar, [3])]
    ).outputs
    #expect(outputs["x"]?.reals == [108])
    #expect(outputs["square"]?.reals == [18])
  }

  @Test("What is held constant lets nothing through, and the rest is as before")
  func heldConstant() throws {
    let builder = GraphBuilder()
    let x = builder.input("x", .scalar)
    let square = x * x
    let value = square * x
    builder.output(value.gradients(withRespectTo: [x], holding: [square])[0], as: "held")
    builder.output(value.gradients(withRespectTo: [x])[0], as: "free")
    let outputs = try ReferenceBackend().run(
      try builder.finish(), inputs: ["x": ReferenceTensor(.scalar, [3])]
    ).outputs
    #expect(outputs["held"]?.reals == [9])
    #expect(outputs["free"]?.reals == [27])
  }

  // MARK: Special values

  struct Special: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let function: UnaryFunction
    let points: [Double]
    let slopes: [Double]

    init(_ function: UnaryFunction, at points: [Double], is slopes: [Double]) {
      testDescription = "\(function.name) at \(points)"
      (self.function, self.points, self.slopes) = (function, points, slopes)
    }
  }

  static let specials = [
    Special(.softplus, at: [-800, -0.0, 0, 800], is: [0, 0.5, 0.5, 1]),
    Special(.sigmoid, at: [-800, 0, 800], is: [0, 0.25, 0]),
    Special(.tanh, at: [-800, 0, 800], is: [0, 1, 0]),
    Special(.exp, at: [-800, 0, -.infinity], is: [0, 1, 0]),
    Special(.expm1, at: [0, -800], is: [1, 0]),
    Special(.leakyReLU(slope: 0), at: [-1, -0.0, 0, 1, 1e300], is: [0, 0, 0, 1, 1]),
    Special(.leakyReLU(slope: 0.2), at: [-1, -0.0, 0, 1], is: [0.2, 0.2, 0.2, 1]),
    Special(.log, at: [1e-300, 1, .infinity], is: [1e300, 1, 0]),
    Special(.sqrt, at: [4, .infinity], is: [0.25, 0]),
  ]

  @Test("Slopes are right where functions saturate, break or begin", arguments: specials)
  func specialSlopes(_ special: Special) throws {
    let slopes = try gradient(at: special.points) { $0.mapped(by: special.function) }
    for (point, (slope, expected)) in zip(special.points, zip(slopes, special.slopes)) {
      #expect(abs(slope - expected) <= 1e-12 * abs(expected), "at \(point), got \(slope)")
    }
  }

  @Test("Where two values tie, the maximum's gradient goes to the first")
  func tieGoesToFirst() throws {
    #expect(try gradient(at: [1, 2]) { $0.maximum($0.constant(1)) } == [1, 1])
    #expect(try gradient(at: [1, 2]) { $0.constant(1).maximum($0) } == [0, 1])
  }
}

extension Tensor {
  /// Random numbers whose seed and step are this computation's.
  fileprivate func random(seed: Tensor) -> Tensor {
    builder.random(.uniform, .syntheticImages, shape, seed: seed, step: seed)
  }
}
