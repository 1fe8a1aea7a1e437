import GANGraph
import GANRuntime
import GANTensor
import GANTestSupport
import Testing

@Suite("Passes keep values and drop work")
struct PassTests {
  static let seeds = Array(0..<200 as Range<UInt64>)
  private static let blockSize = 25

  /// Every block of seeds is one case, so that the log stays short.
  static let blocks = stride(from: 0, to: seeds.count, by: blockSize).map { start in
    Array(seeds[start..<start + blockSize])
  }

  @Test("Each pass alone is idempotent and verified and keeps every value", arguments: blocks)
  func passesKeepValues(seeds: [UInt64]) throws {
    for seed in seeds {
      let random = try RandomGraph(seed: seed, differentiates: seed.isMultiple(of: 2))
      let before = try run(random.graph, random)
      for pass in Pass.all {
        let once = try random.graph.rewritten(by: [pass])
        #expect(try once.rewritten(by: [pass]) == once, "\(pass.name), seed \(seed)")
        let changed = changedNames(before, try run(once, random))
        #expect(changed == [], "\(pass.name), seed \(seed)")
      }
    }
  }

  @Test("All passes together keep every value and never add work", arguments: blocks)
  func allPassesKeepValues(seeds: [UInt64]) throws {
    for seed in seeds {
      let random = try RandomGraph(seed: seed, differentiates: seed.isMultiple(of: 2))
      let optimized = try random.graph.optimized()
      let changed = changedNames(try run(random.graph, random), try run(optimized, random))
      #expect(changed == [], "seed \(seed)")
      #expect(workCount(optimized) <= workCount(random.graph), "seed \(seed)")
    }
  }

  /// How many nodes compute something; convolutions may need values in another order.
  private func workCount(_ graph: Graph) -> Int {
    graph.nodes.count { node in
      switch node.op {
      case .permute, .reshape, .constant: false
      default: true
      }
    }
  }

  /// Outputs and states by name; bit patterns, so that a NaN equals itself, with one zero.
  private func run(_ graph: Graph, _ random: RandomGraph) throws -> [String: [UInt64]] {
    let results = try ReferenceBackend().run(graph, inputs: random.inputs, state: random.state)
    let named =
      results.outputs.map { ("output " + $0, $1) } + results.state.map { ("state " + $0, $1) }
    return Dictionary(uniqueKeysWithValues: named).mapValues { tensor in
      switch tensor.storage {
      case .real(let values): values.map { ($0 == 0 ? 0 : $0).bitPattern }
      case .integer(let values): values.map { UInt64(bitPattern: $0) }
      }
    }
  }

  private func changedNames(_ before: [String: [UInt64]], _ after: [String: [UInt64]]) -> [String] {
    Set(before.keys).union(after.keys).filter { before[$0] != after[$0] }.sorted()
  }

  // MARK: Printed graphs

  struct Printed: Sendable, CustomTestStringConvertible {
    let testDescription: String
    /// Which passes run, by name.
    let passes: [String]
    let build: @Sendable (GraphBuilder) -> Void
    let expected: String

    init(
      _ claim: String, passes: [String],
      _ build: @escaping @Sendable (GraphBuilder) -> Void, gives expected: () -> String
    ) {
      testDescription = claim
      (self.passes, self.build, self.expected) = (passes, build, expected())
    }
  }

  static let printed = [
    Printed("What reaches no result is dropped", passes: ["without dead code"]) {
      let x = $0.input("x", [2, 3])
      _ = x.exp() + 1
      $0.output(x.tanh(), as: "y")
    } gives: {
      """
        %0 = input x : float32[2, 3]
        %1 = tanh (%0) : float32[2, 3]
        output y = %1
      """
    },
    Printed("The same computation is done once", passes: ["with common subexpressions shared"]) {
      let x = $0.input("x", [2])
      $0.output(x.tanh() * x.tanh(), as: "y")
    } gives: {
      """
        %0 = input x : float32[2]
        %1 = tanh (%0) : float32[2]
        %2 = multiply (%1, %1) : float32[2]
        output y = %2
      """
    },
    Printed(
      "Arithmetic on constants is done beforehand",
      passes: ["with constants folded", "without dead code"]
    ) {
      let two = ($0.constant(3) - $0.constant(1)).broadcast(to: [2])
      $0.output($0.input("x", [2]) * (two / 4), as: "y")
    } gives: {
      """
        %0 = input x : float32[2]
        %1 = constant 0.5 : float32[2]
        %2 = multiply (%0, %1) : float32[2]
        output y = %2
      """
    },
    Printed(
      "The gradients of two slices are concatenated, not padded and added",
      passes: ["simplified", "without dead code"]
    ) {
      let batch = $0.input("batch", [4, 3])
      let real = batch.sliced(axis: 0, start: 0, count: 1).exp()
      let fake = batch.sliced(axis: 0, start: 1, count: 3).tanh()
      let padded = fake.padded(axis: 0, before: 1, after: 0)
      $0.output(padded + real.padded(axis: 0, before: 0, after: 3), as: "gradient")
    } gives: {
      """
        %0 = input batch : float32[4, 3]
        %1 = slice axis 0 from 0 count 1 (%0) : float32[1, 3]
        %2 = exp (%1) : float32[1, 3]
        %3 = slice axis 0 from 1 count 3 (%0) : float32[3, 3]
        %4 = tanh (%3) : float32[3, 3]
        %5 = concatenate along 0 (%2, %4) : float32[4, 3]
        output gradient = %5
      """
    },
    Printed(
      "A product transposes its operands itself", passes: ["simplified", "without dead code"]
    ) {
      let (a, b) = ($0.input("a", [2, 3]), $0.input("b", [5, 3]))
      $0.output(a.matmul(b.transposed()), as: "ab")
      $0.output(a.transposed().transposed().matmul(b, transposingRHS: true), as: "again")
    } gives: {
      """
        %0 = input a : float32[2, 3]
        %1 = input b : float32[5, 3]
        %2 = matmul rhsᵀ (%0, %1) : float32[2, 5]
        %3 = matmul rhsᵀ (%0, %1) : float32[2, 5]
        output ab = %2
        output again = %3
      """
    },
    Printed(
      "Reshapes there and back leave nothing", passes: ["simplified", "without dead code"]
    ) {
      let x = $0.input("x", [2, 3])
      $0.output(-(-x.reshaped(to: [6]).reshaped(to: [2, 3])), as: "y")
    } gives: {
      """
        %0 = input x : float32[2, 3]
        output y = %0
      """
    },
    Printed(
      "Moving axes of extent 1 is a reshape, but in a matrix", passes: ["simplified"]
    ) {
      let x = $0.input("x", [2, 3, 1, 1])
      $0.output(x.permuted([0, 2, 3, 1]), as: "last")
      $0.output(x.reshaped(to: [1, 6]).transposed(), as: "column")
    } gives: {
      """
        %0 = input x : float32[2, 3, 1, 1]
        %1 = reshape (%0) : float32[2, 1, 1, 3]
        %2 = reshape (%0) : float32[1, 6]
        %3 = permute [1, 0] (%2) : float32[6, 1]
        output last = %1
        output column = %3
      """
    },
    Printed(
      "Between two convolutions nothing is permuted: normalised, activated, upsampled, pooled",
      passes: ["with channels last", "simplified", "without dead code"]
    ) {
      let x = $0.input("x", [2, 1, 4, 4])
      let y = x.convolved(with: $0.state("v", [3, 1, 1, 1]))
      let centred = y - (y.summed(over: [0, 2, 3]) * 0.5).broadcast(to: y.shape, axes: [1])
      let mask = centred.compared(.greater, to: centred.constant(0))
      let wide = mask.select(centred, centred * 2)
        .broadcast(to: [2, 3, 4, 2, 4, 2], axes: [0, 1, 2, 4]).reshaped(to: [2, 3, 8, 8])
      let pooled = wide.reshaped(to: [2, 3, 4, 2, 8]).summed(over: [3])
      let last = pooled.convolved(with: $0.state("w", [5, 3, 4, 8]))
      $0.output(last.reshaped(to: [2, 5]), as: "logits")
    } gives: {
      """
        %0 = input x : float32[2, 1, 4, 4]
        %1 = state v : float32[3, 1, 1, 1]
        %2 = reshape (%0) : float32[2, 4, 4, 1]
        %3 = convolution stride 1 padding 0 channels last (%2, %1) : float32[2, 4, 4, 3]
        %4 = sum over [0, 1, 2] (%3) : float32[3]
        %5 = constant 0.5 : float32[3]
        %6 = multiply (%4, %5) : float32[3]
        %7 = broadcast as axes [3] (%6) : float32[2, 4, 4, 3]
        %8 = subtract (%3, %7) : float32[2, 4, 4, 3]
        %9 = constant 0.0 : float32[2, 4, 4, 3]
        %10 = greater (%8, %9) : boolean[2, 4, 4, 3]
        %11 = constant 2.0 : float32[2, 4, 4, 3]
        %12 = multiply (%8, %11) : float32[2, 4, 4, 3]
        %13 = select (%10, %8, %12) : float32[2, 4, 4, 3]
        %14 = broadcast as axes [0, 1, 3, 5] (%13) : float32[2, 4, 2, 4, 2, 3]
        %15 = reshape (%14) : float32[2, 4, 2, 8, 3]
        %16 = sum over [2] (%15) : float32[2, 4, 8, 3]
        %17 = state w : float32[5, 3, 4, 8]
        %18 = convolution stride 1 padding 0 channels last (%16, %17) : float32[2, 1, 1, 5]
        %19 = reshape (%18) : float32[2, 5]
        output logits = %19
      """
    },
    Printed(
      "Sums whose terms would change their order stay as they are", passes: ["with channels last"]
    ) {
      let y = $0.input("x", [2, 3, 4, 4]).convolved(with: $0.state("w", [3, 3, 1, 1]))
      $0.output(y.sum(), as: "sum")
    } gives: {
      """
        %0 = input x : float32[2, 3, 4, 4]
        %1 = state w : float32[3, 3, 1, 1]
        %2 = permute [0, 2, 3, 1] (%0) : float32[2, 4, 4, 3]
        %3 = convolution stride 1 padding 0 channels last (%2, %1) : float32[2, 4, 4, 3]
        %4 = permute [0, 3, 1, 2] (%3) : float32[2, 3, 4, 4]
        %5 = sum over [0, 1, 2, 3] (%4) : float32[]
        output sum = %5
      """
    },
    Printed(
      "A changing state is copied out before it changes, though its copy is an identity",
      passes: ["simplified", "without dead code"]
    ) {
      let weight = $0.state("weight", [2])
      $0.output((weight * 1).reshaped(to: [1, 2]), as: "before")
      $0.update(weight, to: weight.tanh())
    } gives: {
      """
        %0 = state weight : float32[2]
        %1 = constant 1.0 : float32[2]
        %2 = multiply (%0, %1) : float32[2]
        %3 = reshape (%2) : float32[1, 2]
        %4 = tanh (%0) : float32[2]
        output before = %3
        update weight = %4
      """
    },
    Printed("An integer times -1 stays a product", passes: ["simplified"]) {
      $0.output(-1 * $0.state("step", .scalar, .int64), as: "y")
    } gives: {
      """
        %0 = state step : int64[]
        %1 = constant -1.0 : int64[]
        %2 = multiply (%1, %0) : int64[]
        output y = %2
      """
    },
  ]

  @Test(arguments: printed)
  func passGivesGraph(_ test: Printed) throws {
    let builder = GraphBuilder()
    test.build(builder)
    let passes = try test.passes.map { name in
      try #require(Pass.all.first { $0.name == name }, "\(name)")
    }
    let graph = try builder.finish().rewritten(by: passes)
    #expect("\(graph)" == test.expected)
  }

  // MARK: Not a number

  @Test("What a NaN would pass through is not dropped: 0 · x, x - x, 0 / x, maximum")
  func notANumberSurvives() throws {
    let builder = GraphBuilder()
    let x = builder.input("x", .scalar)
    let nan = builder.constant(0) / builder.constant(0)
    builder.output(0 * x, as: "product")
    builder.output(x - x, as: "difference")
    builder.output(x.constant(0) / x, as: "quotient")
    builder.output(nan.maximum(builder.constant(1)), as: "maximum")
    builder.output(builder.constant(1).maximum(nan), as: "otherMaximum")
    let results = try ReferenceBackend().run(
      try builder.finish().optimized(), inputs: ["x": ReferenceTensor(.scalar, [.nan])])
    for (name, value) in results.outputs { #expect(value.reals[0].isNaN, "\(name)") }
    #expect(results.outputs.count == 5)
  }

  @Test("Negative zero is told from zero: x - (-0) is not x")
  func negativeZeroSurvives() throws {
    let builder = GraphBuilder()
    let x = builder.input("x", .scalar)
    builder.output(x - builder.constant(-0.0), as: "difference")
    let results = try ReferenceBackend().run(
      try builder.finish().optimized(), inputs: ["x": ReferenceTensor(.scalar, [-0.0])])
    #expect(results.outputs["difference"]?.reals[0].sign == .plus)
  }

  @Test("The explanation shows the graph as built and after each pass")
  func explanation() throws {
    let builder = GraphBuilder()
    builder.output(builder.input("x", [1]), as: "y")
    var lines: [String] = []
    _ = try builder.finish().optimized { lines.append($0) }
    #expect(lines.count == Pass.all.count + 1)
    #expect(lines.first == "graph as built\n  %0 = input x : float32[1]\n  output y = %0")
  }
}
