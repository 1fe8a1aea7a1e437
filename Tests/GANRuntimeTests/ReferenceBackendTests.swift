import GANGraph
import GANRuntime
import GANTensor
import Testing

@Suite("The reference backend computes ops as they are defined")
struct ReferenceBackendTests {
  private func run(
    _ inputs: [String: ReferenceTensor], state: [String: ReferenceTensor] = [:],
    _ build: (GraphBuilder) -> Void
  ) throws -> (outputs: [String: ReferenceTensor], state: [String: ReferenceTensor]) {
    let builder = GraphBuilder()
    build(builder)
    return try ReferenceBackend().run(try builder.finish(), inputs: inputs, state: state)
  }

  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let function: @Sendable (Tensor) -> Tensor
    let expected: ReferenceTensor

    init(
      _ name: String, _ function: @escaping @Sendable (Tensor) -> Tensor,
      _ shape: Shape, _ values: [Double]
    ) {
      (testDescription, self.function) = (name, function)
      expected = ReferenceTensor(shape, values)
    }
  }

  /// Functions of `[[1, 2, 3], [4, 5, 6]]`, worked by hand.
  static let rearrangements = [
    Case("sum over [0]", { $0.summed(over: [0]) }, [3], [5, 7, 9]),
    Case("sum over [1]", { $0.summed(over: [1]) }, [2], [6, 15]),
    Case("sum", { $0.sum() }, .scalar, [21]),
    Case("mean", { $0.mean() }, .scalar, [3.5]),
    Case(
      "broadcast", { $0.summed(over: [1]).broadcast(to: [2, 2], axes: [0]) }, [2, 2],
      [6, 6, 15, 15]),
    Case(
      "broadcast across", { $0.summed(over: [1]).broadcast(to: [2, 2], axes: [1]) }, [2, 2],
      [6, 15, 6, 15]),
    Case("reshape", { $0.reshaped(to: [3, 2]) }, [3, 2], [1, 2, 3, 4, 5, 6]),
    Case("permute", { $0.transposed() }, [3, 2], [1, 4, 2, 5, 3, 6]),
    Case(
      "concatenate along 0", { $0.concatenated(with: [-$0], axis: 0) }, [4, 3],
      [1, 2, 3, 4, 5, 6, -1, -2, -3, -4, -5, -6]),
    Case(
      "concatenate along 1", { $0.concatenated(with: [-$0], axis: 1) }, [2, 6],
      [1, 2, 3, -1, -2, -3, 4, 5, 6, -4, -5, -6]),
    Case("slice axis 1", { $0.sliced(axis: 1, start: 1, count: 2) }, [2, 2], [2, 3, 5, 6]),
    Case(
      "pad axis 1", { $0.padded(axis: 1, before: 1, after: 0) }, [2, 4],
      [0, 1, 2, 3, 0, 4, 5, 6]),
    Case("x · xᵀ", { $0.matmul($0, transposingRHS: true) }, [2, 2], [14, 32, 32, 77]),
    Case(
      "xᵀ · x", { $0.matmul($0, transposingLHS: true) }, [3, 3],
      [17, 22, 27, 22, 29, 36, 27, 36, 45]),
    Case(
      "xᵀ · yᵀ",
      { $0.matmul($0.reshaped(to: [3, 2]), transposingLHS: true, transposingRHS: true) }, [3, 3],
      [9, 19, 29, 12, 26, 40, 15, 33, 51]),
    Case(
      "convolution, not flipped",
      {
        $0.reshaped(to: [1, 1, 2, 3]).convolved(
          with: $0.sliced(axis: 1, start: 0, count: 2).reshaped(to: [1, 1, 2, 2]))
      }, [1, 1, 1, 2], [46, 58]),
    Case(
      "transposed convolution",
      {
        $0.reshaped(to: [1, 1, 2, 3]).transposeConvolved(
          with: $0.sliced(axis: 1, start: 0, count: 2).reshaped(to: [1, 1, 2, 2]))
      }, [1, 1, 3, 4], [1, 4, 7, 6, 8, 26, 38, 27, 16, 40, 49, 30]),
    Case(
      "convolution at stride 2 with padding",
      {
        $0.reshaped(to: [1, 1, 2, 3]).convolved(
          with: $0.reshaped(to: [1, 1, 2, 3]), stride: 2, padding: 1)
      }, [1, 1, 2, 2], [17, 23, 23, 17]),
    Case(
      "gather rows",
      {
        $0.gatheredRows(
          $0.constant(1).sliced(axis: 0, start: 0, count: 1)
            .reshaped(to: [3]).converted(to: .int32))
      }, [3, 3], [4, 5, 6, 4, 5, 6, 4, 5, 6]),
    Case(
      "scatter add rows",
      {
        $0.scatterAddedRows(
          $0.constant(1).sliced(axis: 1, start: 0, count: 1)
            .reshaped(to: [2]).converted(to: .int32), rows: 2)
      }, [2, 3], [0, 0, 0, 5, 7, 9]),
  ]

  @Test("Rearrangements, sums and products", arguments: rearrangements)
  func worked(_ test: Case) throws {
    let x = ReferenceTensor([2, 3], [1, 2, 3, 4, 5, 6])
    let results = try run(["x": x]) { $0.output(test.function($0.input("x", [2, 3])), as: "y") }
    #expect(results.outputs["y"] == test.expected)
  }

  @Test("Neither tail overflows or loses its digits")
  func tails() throws {
    let x = ReferenceTensor([4], [-800, -40, 1e-20, 800])
    let outputs = try run(["x": x]) {
      let x = $0.input("x", [4])
      $0.output(x.sigmoid(), as: "sigmoid")
      $0.output(x.softplus(), as: "softplus")
      $0.output(x.expm1(), as: "expm1")
    }.outputs
    // e⁻⁴⁰, the leading term of both functions there.
    let small = 4.248354255291589e-18
    #expect(outputs["sigmoid"]?.reals == [0, small, 0.5, 1])
    #expect(outputs["softplus"]?.reals[1] == small)
    #expect(outputs["softplus"]?.reals[3] == 800)
    #expect(outputs["expm1"]?.reals[2] == 1e-20)
  }

  @Test("A NaN comes through every function of it, and compares false")
  func notANumber() throws {
    let outputs = try run(["x": ReferenceTensor([1], [.nan])]) { builder in
      let x = builder.input("x", [1])
      let functions: [UnaryFunction] = [
        .negate, .exp, .expm1, .log, .sqrt, .tanh, .sigmoid, .softplus, .leakyReLU(slope: 0),
      ]
      for function in functions { builder.output(x.mapped(by: function), as: function.name) }
      builder.output(x.maximum(x.constant(0)), as: "maximum")
      builder.output(x.constant(0).maximum(x), as: "maximum of 0")
      for comparison in [Comparison.greater, .greaterOrEqual, .equal] {
        builder.output(x.compared(comparison, to: x), as: comparison.rawValue)
      }
    }.outputs
    #expect(outputs.count == 14)
    for (name, value) in outputs {
      switch value.storage {
      case .real(let values): #expect(values[0].isNaN, "\(name)")
      case .integer(let values): #expect(values == [0], "\(name)")
      }
    }
  }

  @Test("Towards an integer the fraction is dropped and the range is kept")
  func conversions() throws {
    let x = ReferenceTensor([6], [-1.9, 1.9, 0.5, 300, -1e30, .nan])
    let outputs = try run(["x": x]) { builder in
      for type in [ElementType.uint8, .int32, .int64, .boolean] {
        builder.output(builder.input("x", [6]).converted(to: type), as: type.rawValue)
      }
    }.outputs
    #expect(outputs["uint8"]?.integers == [0, 1, 0, 255, 0, 0])
    #expect(outputs["int32"]?.integers == [-1, 1, 0, 300, Int64(Int32.min), 0])
    #expect(outputs["int64"]?.integers == [-1, 1, 0, 300, Int64.min, 0])
    #expect(outputs["boolean"]?.integers == [1, 1, 1, 1, 1, 1])
  }

  @Test("Counters count in integers, beyond what a real could hold")
  func counters() throws {
    let large = Int64(1) << 60
    let results = try run(
      [:], state: ["step": ReferenceTensor(.scalar, .int64, [large])]
    ) { builder in
      let step = builder.state("step", .scalar, .int64)
      builder.update(step, to: step + 1)
      builder.output(step.maximum(step * 2) - 1, as: "double")
      builder.output(step.compared(.greater, to: step + 1), as: "greater")
    }
    #expect(results.state["step"]?.integers == [large + 1])
    #expect(results.outputs["double"]?.integers == [2 * large - 1])
    #expect(results.outputs["greater"]?.integers == [0])
  }

  @Test("Random leaves are their stream's numbers, and the same again next time")
  func random() throws {
    let state = [
      "seed": ReferenceTensor(.scalar, .int64, [-3]),
      "step": ReferenceTensor(.scalar, .int64, [5]),
    ]
    let outputs = try run([:], state: state) { builder in
      let (seed, step) = (
        builder.state("seed", .scalar, .int64), builder.state("step", .scalar, .int64)
      )
      for distribution in [RandomDistribution.normal, .uniform] {
        builder.output(
          builder.random(distribution, .generatorLatents, [2, 3], seed: seed, step: step),
          as: distribution.rawValue)
      }
    }.outputs
    let stream = RandomStream(
      seed: UInt64(bitPattern: -3), purpose: .generatorLatents, step: 5)
    #expect(outputs["normal"]?.reals == (0..<6).map { Double(stream.normal(at: $0)) })
    #expect(outputs["uniform"]?.reals == (0..<6).map { Double(stream.uniform(at: $0)) })
  }

  @Test("All states change at once: each update reads the values before the run")
  func statesChangeAtOnce() throws {
    let state = ["a": ReferenceTensor([1], [1]), "b": ReferenceTensor([1], [2])]
    let results = try run([:], state: state) { builder in
      let (a, b) = (builder.state("a", [1]), builder.state("b", [1]))
      builder.update(a, to: b * 10)
      builder.update(b, to: a * 10)
    }
    #expect(results.state.mapValues(\.reals) == ["a": [20], "b": [10]])
  }

  @Test("Host tensors keep their values there and back")
  func hostTensors() {
    let tensors = [
      HostTensor(shape: [2], [1.5, -0.1] as [Float]),
      HostTensor(shape: [1, 2], [Int64.min, 3] as [Int64]),
      HostTensor(shape: [2], [-7, 8] as [Int32]),
      HostTensor(shape: [2], [0, 255] as [UInt8]),
      HostTensor(shape: [2], elementType: .boolean, bytes: [0, 1]),
    ]
    for tensor in tensors { #expect(ReferenceTensor(tensor).hostTensor == tensor) }
  }

  // MARK: Refusals

  private func error(
    inputs: [String: ReferenceTensor] = [:], _ build: (GraphBuilder) -> Void
  ) throws -> String {
    let builder = GraphBuilder()
    build(builder)
    let graph = try builder.finish()
    do throws(ReferenceError) {
      _ = try ReferenceBackend().run(graph, inputs: inputs)
      return "nothing"
    } catch {
      return error.description
    }
  }

  @Test("What is missing, of another type, or out of range is named")
  func refusals() throws {
    let missing = try error { $0.output($0.state("weight", [2]), as: "y") }
    #expect(missing == "weight: must be given, got nothing")
    let wrong = try error(inputs: ["x": ReferenceTensor([3], [1, 2, 3])]) {
      $0.output($0.input("x", [2]), as: "y")
    }
    #expect(wrong == "x: must be float32[2], got float32[3]")
    for index in [-1, 2] as [Int64] {
      let inputs = [
        "x": ReferenceTensor([2], [1, 2]), "i": ReferenceTensor([1], .int32, [index]),
      ]
      let gathered = try error(inputs: inputs) {
        $0.output($0.input("x", [2]).gatheredRows($0.input("i", [1], .int32)), as: "y")
      }
      #expect(gathered == "%2: index must be below 2, got \(index)")
    }
  }
}
