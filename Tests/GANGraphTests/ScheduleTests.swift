import GANGraph
import GANTensor
import GANTestSupport
import Testing

@Suite("A schedule computes what its graph says")
struct ScheduleTests {
  private func schedule(_ build: (GraphBuilder) -> Void) throws -> Schedule {
    let builder = GraphBuilder()
    build(builder)
    return Schedule(try builder.finish())
  }

  // MARK: Any graph

  static let seedsPerBlock: UInt64 = 120

  @Test(
    "Every read finds its own value and every node is computed once, as built and optimised",
    arguments: 0..<10 as Range<UInt64>)
  func readsFindTheirValues(block: UInt64) throws {
    for seed in block * Self.seedsPerBlock..<(block + 1) * Self.seedsPerBlock {
      let size = 5 + Int(seed % 5) * 6
      let graph = try RandomGraph(
        seed: seed, operationCount: size, differentiates: seed.isMultiple(of: 3)
      ).graph
      let asBuilt = ScheduleJudge.complaint(about: Schedule(graph))
      #expect(asBuilt == nil, "as built, seed \(seed), size \(size)")
      let optimized = ScheduleJudge.complaint(about: Schedule(try graph.optimized()))
      #expect(optimized == nil, "optimised, seed \(seed), size \(size)")
    }
  }

  @Test("Random graphs hold every kind of kernel, in-place updates and copies")
  func randomGraphsCoverKernels() throws {
    var seen: Set<String> = []
    for seed in 0..<60 as Range<UInt64> {
      let random = try RandomGraph(seed: seed, differentiates: seed.isMultiple(of: 2))
      let schedule = Schedule(try random.graph.optimized())
      for kernel in schedule.kernels {
        switch kernel {
        case .product(let product):
          seen.insert("product")
          if product.bias != nil { seen.insert("bias") }
          if case .activation = product.finish { seen.insert("activation") }
          if schedule.graph[product.operation].op.isConvolution {
            seen.insert(schedule.graph[product.operation].op.name)
            if product.bias != nil { seen.insert("bias of a convolution") }
          }
        case .region(let region):
          seen.insert(region.outputs.count > 1 ? "region of many results" : "region")
          if !region.sums.isEmpty { seen.insert("sums in a region") }
          if region.outputs.isEmpty { seen.insert("region of sums alone") }
        case .single(let id): seen.insert(schedule.graph[id].op.name)
        }
      }
      if !schedule.copies.isEmpty { seen.insert("copy") }
      if schedule.copies.count < schedule.graph.updates.count { seen.insert("in place") }
    }
    let expected: Set = [
      "product", "bias", "activation", "region", "region of many results", "copy", "in place",
      "sum", "broadcast", "permute", "concatenate", "slice", "pad", "gatherRows", "scatterAddRows",
      "random", "constant", "convolution", "convolutionInputGradient",
      "convolutionWeightGradient", "bias of a convolution", "sums in a region",
      "region of sums alone",
    ]
    #expect(expected.subtracting(seen) == [])
  }

  // MARK: States

  @Test("An optimiser's states are all overwritten where they lie, by one region")
  func optimizerIsInPlace() throws {
    let schedule = try schedule { builder in
      let (weight, mean) = (builder.state("weight", [4, 3]), builder.state("mean", [4, 3]))
      let square = builder.state("square", [4, 3])
      let gradient = builder.input("gradient", [4, 3])
      let newMean = mean * 0.5 + gradient * 0.5
      let newSquare = square * 0.75 + gradient * gradient * 0.25
      builder.update(weight, to: weight - newMean / (newSquare.squareRoot() + 0.125))
      builder.update(mean, to: newMean)
      builder.update(square, to: newSquare)
    }
    #expect(schedule.copies == [])
    #expect(schedule.kernels.count == 1)
    #expect(ScheduleJudge.complaint(about: schedule) == nil)
    for update in schedule.graph.updates {
      let location = schedule.locations[update.node.index]
      #expect(location?.memory == .state(update.name))
    }
  }

  @Test("When two states trade places, one waits in the arena")
  func swapCopiesOne() throws {
    let schedule = try schedule { builder in
      let (a, b) = (builder.state("a", [3]), builder.state("b", [3]))
      builder.update(a, to: b.summed(over: [0]).broadcast(to: [3]) * 0.5)
      builder.update(b, to: a.summed(over: [0]).broadcast(to: [3]) * 0.5)
      builder.output(a.tanh().sum() + b.tanh().sum(), as: "before")
    }
    #expect(ScheduleJudge.complaint(about: schedule) == nil)
    let crossed = try self.schedule { builder in
      let (a, b) = (builder.state("a", [3]), builder.state("b", [3]))
      builder.update(a, to: b * 0.5)
      builder.update(b, to: a * 0.5)
    }
    #expect(crossed.copies.count == 1)
    #expect(ScheduleJudge.complaint(about: crossed) == nil)
  }

  @Test("A state whose update reads one of its elements everywhere is not overwritten in place")
  func repeatedReadIsCopied() throws {
    let schedule = try schedule { builder in
      let state = builder.state("state", [3])
      let first = state.sliced(axis: 0, start: 0, count: 1).reshaped(to: .scalar)
      builder.update(state, to: state - first.broadcast(to: [3]))
    }
    #expect(schedule.copies.map(\.state) == ["state"])
    #expect(ScheduleJudge.complaint(about: schedule) == nil)
  }

  // MARK: Memory

  @Test("The last kernel does not take over the memory of an output it reads")
  func outputsSurviveTheLastKernel() throws {
    let schedule = try schedule { builder in
      let x = builder.input("x", [4])
      builder.output(x, as: "x")
      builder.output(x.tanh(), as: "y")
    }
    #expect(ScheduleJudge.complaint(about: schedule) == nil)
  }

  @Test("A concatenation of flags does not settle where a part's operand still is")
  func wholeTakesNothingOver() throws {
    let schedule = try schedule { builder in
      let flags = (0..<4).map { number in
        let x = builder.input("x\(number)", [2, 3]).matmul(builder.input("w\(number)", [3, 2]))
        return x.compared(.greater, to: x.constant(0))
      }
      builder.output(flags[0].concatenated(with: Array(flags[1...]), axis: 0), as: "flags")
    }
    #expect(ScheduleJudge.complaint(about: schedule) == nil)
  }

  @Test("A constant that a bias or a repetition needs is in memory or in the code")
  func constantsAreSomewhere() throws {
    let schedule = try schedule { builder in
      let product = builder.input("x", [2, 3]).matmul(builder.input("w", [3, 4]))
      let bias = builder.constant(0.5, [4]).broadcast(to: [2, 4], axes: [1])
      builder.output((product + bias).tanh(), as: "y")
      let counts = builder.constant(2, .scalar, .int64).broadcast(to: [4])
      builder.output(builder.state("counts", [4], .int64) + counts, as: "counts")
    }
    #expect(ScheduleJudge.complaint(about: schedule) == nil)
  }

  @Test("The parts of a concatenation of rows are written where the whole lies")
  func partsAreWrittenInPlace() throws {
    let schedule = try schedule { builder in
      let (real, fake) = (builder.input("real", [2, 3]), builder.input("fake", [1, 3]))
      let batch = real.tanh().concatenated(with: [fake.exp()], axis: 0)
      builder.output(batch.sum(), as: "sum")
    }
    let graph = schedule.graph
    let whole = try #require(graph.ids.first { graph[$0].op == .concatenate(axis: 0) })
    let places = (graph[whole].operands + [whole]).map { schedule.locations[$0.index] }
    #expect(places.map { $0?.byteOffset } == [0, 24, 0])
    #expect(Set(places.map { $0?.memory }).count == 1)
    #expect(ScheduleJudge.complaint(about: schedule) == nil)
  }

  // MARK: Fusion

  @Test("A region never reaches around what depends on it")
  func regionsAreConvex() throws {
    // exp and the division could be one region but for the sum between them.
    let schedule = try schedule { builder in
      let weights = builder.input("x", [2, 3]).exp()
      let total = weights.summed(over: [1]).broadcast(to: [2, 3], axes: [0])
      builder.output(weights / total, as: "softmax")
    }
    #expect(
      schedule.kernels.map(schedule.describe) == [
        "region [2, 3] of exp", "sum over [1] float32[2]", "region [2, 3] of divide",
      ])
  }

  @Test("A convolution adds its bias and applies its activation; its gradients stand alone")
  func convolutionsAreProducts() throws {
    let builder = GraphBuilder()
    let (x, w) = (builder.input("x", [2, 3, 8, 8]), builder.state("w", [5, 3, 4, 4]))
    let y = x.convolved(with: w, stride: 2, padding: 1)
    let z = (y + builder.state("bias", [5]).broadcast(to: y.shape, axes: [1]))
      .leakyReLU(slope: 0.2)
    builder.output(z.reshaped(to: [2, 80]), as: "z")
    for (name, gradient) in zip(["x", "w"], z.sum().gradients(withRespectTo: [x, w])) {
      builder.output(gradient.tanh(), as: name)
    }
    let schedule = Schedule(try builder.finish())
    #expect(ScheduleJudge.complaint(about: schedule) == nil)
    #expect(
      schedule.kernels.map(schedule.describe).filter { $0.hasPrefix("product") } == [
        "product convolution stride 2 padding 1 float32[2, 5, 4, 4] + bias, leakyReLU(0.2)",
        "product convolutionInputGradient stride 2 padding 1 of images of 8 × 8 "
          + "float32[2, 3, 8, 8]",
        "product convolutionWeightGradient stride 2 padding 1 of windows of 4 × 4 "
          + "float32[5, 3, 4, 4]",
      ])
  }

  @Test("One small step, verbatim")
  func printedSchedule() throws {
    let builder = GraphBuilder()
    let images = builder.input("images", [8, 4])
    let (weight, bias) = (builder.state("weight", [1, 4]), builder.state("bias", [1]))
    let logits =
      images.matmul(weight, transposingRHS: true) + bias.broadcast(to: [8, 1], axes: [1])
    let loss = (-logits).softplus().mean()
    builder.output(loss, as: "loss")
    let gradients = loss.gradients(withRespectTo: [weight, bias])
    builder.update(weight, to: weight - gradients[0] * 0.5)
    builder.update(bias, to: bias - gradients[1] * 0.5)
    let schedule = Schedule(try builder.finish().optimized())
    #expect(
      "\(schedule)" == """
          0: product matmul rhsᵀ float32[8, 1] + bias (%0 in buffer 0, %1 in weight, %2 in bias) → \
        %5 in buffer 1
          1: region [8, 1] of negate softplus sigmoid multiply negate (%5 in buffer 1) → \
        %7 in buffer 1, %14 in buffer 2
          2: sum over [0, 1] float32[] (%7 in buffer 1) → %8 in buffer 3
          3: region [] of multiply (%8 in buffer 3) → %10 in buffer 3
          4: sum over [0] float32[1] (%14 in buffer 2) → %15 in buffer 4
          5: region [1] of multiply subtract (%15 in buffer 4, %2 in bias) → %22 in bias
          6: product matmul lhsᵀ float32[1, 4] (%14 in buffer 2, %0 in buffer 0) → %16 in buffer 5
          7: region [1, 4] of multiply subtract (%16 in buffer 5, %1 in weight) → %19 in weight
        """)
    #expect(ScheduleJudge.complaint(about: schedule) == nil)
  }
}
