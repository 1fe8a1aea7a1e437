package import GANGraph
package import GANRuntime
internal import GANTensor

/// A graph nobody designed, with values for everything it reads.
///
/// It holds every op, and what makes schedules hard: products and convolutions with and without
/// epilogues, values repeated along axes, views, concatenations of parts that are used elsewhere too, states updated
/// in place, from views, from each other, and from one value twice. Values stay within single
/// precision; constants are short binary fractions, so folding them rounds nothing.
package struct RandomGraph {
  package let graph: Graph
  /// Inputs and data arrays by name.
  package let inputs: [String: ReferenceTensor]
  package let state: [String: ReferenceTensor]

  /// Makes the graph of a seed.
  ///
  /// - Parameters:
  ///   - seed: Equal seeds make equal graphs and values.
  ///   - operationCount: How many operations are drawn; each is one to five nodes.
  ///   - extents: What axes are made of.
  ///   - differentiates: Whether some states are updated by gradients, as training does.
  /// - Throws: `GraphError` if the generator broke a rule, which is a defect of the generator.
  package init(
    seed: UInt64, operationCount: Int = 20, extents: [Int] = [1, 2, 3, 5, 8],
    differentiates: Bool = false
  ) throws {
    var writer = RandomGraphWriter(seed: seed, extents: extents)
    for _ in 0..<operationCount { writer.addOperation() }
    if differentiates { writer.addGradientUpdates() }
    writer.addUpdates()
    writer.addOutputs()
    graph = try writer.builder.finish()
    inputs = writer.inputs
    state = writer.state
  }
}

struct RandomGraphWriter {
  let builder = GraphBuilder()
  var inputs: [String: ReferenceTensor] = [:]
  var state: [String: ReferenceTensor] = [:]
  var random: SplitMix
  let extents: [Int]
  /// `float32` values to go on from.
  var pool: [Tensor] = []
  /// `[N, C, H, W]`, for convolutions to go on from.
  var images: [Tensor] = []
  var conditions: [Tensor] = []
  var counters: [Tensor] = []
  var states: [Tensor] = []
  var updated: Set<Int> = []
  /// Values that show a state's own memory.
  var stateViews: Set<NodeID> = []

  init(seed: UInt64, extents: [Int]) {
    self.extents = extents
    random = SplitMix(seed: seed)
    for _ in 0..<3 { addInput([extent(), extent()]) }
    addInput([extent()])
    addInput(.scalar)
    for _ in 0..<2 { pool.append(newState([extent(), extent()])) }
    if random.oneIn(3) { pool.append(builder.constant(0.5, .scalar)) }
    if random.oneIn(3) { pool.append(builder.constant(-0.25, [extent()])) }
  }

  // MARK: Leaves

  mutating func extent() -> Int { random.choice(extents) }

  mutating func addInput(_ shape: Shape) {
    let name = "input\(inputs.count)"
    inputs[name] = ReferenceTensor(shape, random.reals(shape.elementCount, in: -2...2))
    pool.append(builder.input(name, shape))
  }

  mutating func newState(_ shape: Shape) -> Tensor {
    let name = "state\(state.count)"
    state[name] = ReferenceTensor(shape, random.reals(shape.elementCount, in: -1...1))
    let tensor = builder.state(name, shape)
    states.append(tensor)
    stateViews.insert(tensor.id)
    return tensor
  }

  mutating func newIndices(_ count: Int, below rows: Int) -> Tensor {
    let name = "indices\(inputs.count)"
    let values = (0..<count).map { _ in Int64.random(in: 0..<Int64(rows), using: &random) }
    inputs[name] = ReferenceTensor([count], .int32, values)
    return builder.input(name, [count], .int32)
  }

  mutating func newCounter() -> Tensor {
    let name = "counter\(state.count)"
    state[name] = ReferenceTensor(.scalar, .int64, [Int64.random(in: 0...9, using: &random)])
    let counter = builder.state(name, .scalar, .int64)
    builder.update(counter, to: counter + 1)
    counters.append(counter)
    return counter
  }

  mutating func newPixels() -> Tensor {
    let name = "pixels\(inputs.count)"
    let (rows, width, count) = (extent(), extent(), extent())
    let values = (0..<rows * width).map { _ in Int64.random(in: 0...255, using: &random) }
    inputs[name] = ReferenceTensor([rows, width], .uint8, values)
    let pixels = builder.data(name, [rows, width], .uint8)
      .gatheredRows(newIndices(count, below: rows))
    return pixels.converted(to: .float32) * 0.0078125 - 1
  }

  // MARK: Operands

  /// Recent values more often than old ones, so that graphs grow deep as well as wide.
  mutating func anyTensor() -> Tensor {
    random.oneIn(3) ? random.choice(pool) : random.choice(Array(pool.suffix(6)))
  }

  mutating func anyMatrix() -> Tensor {
    let found = anyTensor()
    switch found.shape.rank {
    case 2: return found
    case 0: return found.broadcast(to: [extent(), extent()])
    default: return view(found) { $0.reshaped(to: [1, found.shape.elementCount]) }
    }
  }

  /// A value of some shape: one that is there, or one made by repeating or by a new state.
  mutating func companion(of tensor: Tensor) -> Tensor {
    let shape = tensor.shape
    let alike = pool.filter { $0.shape == shape }
    switch Int.random(in: 0..<6, using: &random) {
    case 0: return builder.constant(random.choice([1, -1, 0.5, 0, 2]), shape)
    case 1: return newState(shape)
    case 2:
      let scalar = pool.last { $0.shape == .scalar } ?? tensor.sum() * 0.125
      return scalar.broadcast(to: shape)
    case 3 where shape.rank == 2:
      let axis = random.choice([0, 1])
      let vector =
        pool.last { $0.shape == [shape[axis]] } ?? tensor.summed(over: [1 - axis])
      return vector.broadcast(to: shape, axes: [axis])
    default: return alike.isEmpty ? builder.constant(0.25, shape) : random.choice(alike)
    }
  }

  /// A reshape or a slice, which may lie in its operand's memory.
  mutating func view(_ x: Tensor, _ make: (Tensor) -> Tensor) -> Tensor {
    let view = make(x)
    if stateViews.contains(x.id) { stateViews.insert(view.id) }
    return view
  }

  /// Large values would overflow in single precision after a few products.
  func tamed(_ tensor: Tensor) -> Tensor { tensor.tanh() }

  // MARK: Operations

  mutating func addOperation() {
    switch Int.random(in: 0..<18, using: &random) {
    case 0, 1: pool.append(unary(anyTensor()))
    case 2, 3, 4: pool.append(binary())
    case 5, 6: pool.append(product())
    case 7: pool.append(sum())
    case 8: pool.append(reshaped(anyTensor()))
    case 9: pool.append(slice())
    case 10: pool.append(padded())
    case 11, 12: pool.append(concatenation())
    case 13: pool.append(anyMatrix().transposed())
    case 14: pool.append(selection())
    case 15, 16: addImages()
    default: pool.append(rows())
    }
  }

  mutating func unary(_ x: Tensor) -> Tensor {
    switch Int.random(in: 0..<10, using: &random) {
    case 0: -x
    case 1: x.tanh()
    case 2: x.sigmoid()
    case 3: x.softplus()
    case 4: x.relu()
    case 5: x.leakyReLU(slope: 0.25)
    case 6: tamed(x).exp()
    case 7: (x.softplus() + 0.5).log()
    case 8: (x.softplus() + 0.125).squareRoot()
    default: tamed(x).expm1()
    }
  }

  mutating func binary() -> Tensor {
    let a = anyTensor()
    let b = companion(of: a)
    let (first, second) = random.oneIn(2) ? (a, b) : (b, a)
    switch Int.random(in: 0..<6, using: &random) {
    case 0: return first + second
    case 1: return first - second
    case 2: return tamed(first) * second
    case 3: return first / (second.softplus() + 0.5)
    case 4: return first.maximum(second)
    default: return first + (-second)
    }
  }

  mutating func product() -> Tensor {
    let lhs = anyMatrix()
    let (transposingLHS, transposingRHS) = (random.oneIn(3), random.oneIn(3))
    let inner = transposingLHS ? lhs.shape[0] : lhs.shape[1]
    let columns = extent()
    let shape: Shape = transposingRHS ? [columns, inner] : [inner, columns]
    let known = pool.filter { $0.shape == shape }
    let rhs = known.isEmpty || random.oneIn(2) ? newState(shape) : random.choice(known)
    let product = tamed(lhs).matmul(
      rhs, transposingLHS: transposingLHS, transposingRHS: transposingRHS)
    if random.oneIn(3) { return product }
    let vectors = pool.filter { $0.shape == [columns] }
    let bias = vectors.isEmpty ? newState([columns]) : random.choice(vectors)
    let wide = bias.broadcast(to: product.shape, axes: [1])
    let sum = random.oneIn(2) ? product + wide : wide + product
    if random.oneIn(5) { pool.append(product) }
    return random.oneIn(3) ? sum : unary(sum)
  }

  mutating func sum() -> Tensor {
    let x = anyTensor()
    let axes = (0..<x.shape.rank).filter { _ in random.oneIn(2) }
    return x.summed(over: axes) * 0.5
  }

  mutating func reshaped(_ x: Tensor) -> Tensor {
    let count = x.shape.elementCount
    let shape = random.choice([[count], [1, count], [count, 1]] as [Shape])
    return view(x) { $0.reshaped(to: shape) }
  }

  mutating func slice() -> Tensor {
    let x = anyMatrix()
    let axis = random.choice([0, 0, 1])
    let start = Int.random(in: 0..<x.shape[axis], using: &random)
    let count = Int.random(in: 1...x.shape[axis] - start, using: &random)
    return view(x) { $0.sliced(axis: axis, start: start, count: count) }
  }

  mutating func padded() -> Tensor {
    let x = anyMatrix()
    let axis = random.choice([0, 1])
    guard random.oneIn(2), x.shape[axis] > 1 else {
      return x.padded(axis: axis, before: random.choice([0, 1, 2]), after: random.choice([0, 1]))
    }
    // What the gradients of two slices that share an operand add up to.
    let cut = Int.random(in: 1..<x.shape[axis], using: &random)
    let rest = x.shape[axis] - cut
    let head = unary(x.sliced(axis: axis, start: 0, count: cut))
      .padded(axis: axis, before: 0, after: rest)
    let tail = unary(x.sliced(axis: axis, start: cut, count: rest))
      .padded(axis: axis, before: cut, after: 0)
    return random.oneIn(2) ? head + tail : tail + head
  }

  mutating func concatenation() -> Tensor {
    let x = anyMatrix()
    let axis = random.choice([0, 0, 1])
    var parts = [random.oneIn(2) ? unary(x) : x]
    for _ in 0..<random.choice([1, 2]) {
      let others = pool.filter {
        $0.shape.rank == 2 && $0.shape[1 - axis] == x.shape[1 - axis]
      }
      parts.append(others.isEmpty || random.oneIn(2) ? unary(x) : random.choice(others))
    }
    // A part that lives on beside the whole.
    if random.oneIn(2) { pool.append(parts[0]) }
    return parts[0].concatenated(with: Array(parts.dropFirst()), axis: axis)
  }

  mutating func selection() -> Tensor {
    let a = anyTensor()
    let b = companion(of: a)
    let condition: Tensor
    if let known = conditions.last(where: { $0.shape == a.shape }), random.oneIn(2) {
      condition = known
    } else {
      condition = a.compared(random.choice([.greater, .greaterOrEqual, .equal]), to: b)
      conditions.append(condition)
    }
    if random.oneIn(4), condition.shape.rank > 0 {
      let both = condition.concatenated(with: [b.compared(.greater, to: a)], axis: 0)
      conditions.append(both)
      return both.converted(to: .float32)
    }
    return random.oneIn(3) ? condition.converted(to: .float32) : condition.select(a, b)
  }

  mutating func rows() -> Tensor {
    let x = anyMatrix()
    switch Int.random(in: 0..<4, using: &random) {
    case 0: return x.gatheredRows(newIndices(extent(), below: x.shape[0]))
    case 1:
      let rows = extent()
      return x.scatterAddedRows(newIndices(x.shape[0], below: rows), rows: rows)
    case 2: return newPixels()
    default:
      let step = counters.isEmpty || random.oneIn(2) ? newCounter() : random.choice(counters)
      let seed = random.oneIn(2) ? step : builder.constant(7, .scalar, .int64)
      return builder.random(
        random.choice([.normal, .uniform]), .generatorLatents, [extent(), extent()],
        seed: seed, step: step * step.constant(random.choice([1, -1, 2])))
    }
  }

  // MARK: Results

  mutating func addGradientUpdates() {
    let loss = (tamed(anyTensor()).sum() + tamed(anyTensor()).sum()) * 0.125
    let chosen = states.indices.filter { _ in random.oneIn(2) }
    let gradients = loss.gradients(withRespectTo: chosen.map { states[$0] })
    for (index, gradient) in zip(chosen, gradients) {
      let parameter = states[index]
      let moment = newState(parameter.shape)
      let newMoment = moment * 0.5 + gradient * 0.5
      builder.update(moment, to: newMoment)
      builder.update(parameter, to: parameter - newMoment * 0.25)
      updated.formUnion([index, states.count - 1])
    }
  }

  mutating func addUpdates() {
    for index in states.indices where !updated.contains(index) && random.oneIn(2) {
      let old = states[index]
      let others = states.indices.filter {
        $0 != index && !updated.contains($0) && states[$0].shape == old.shape
      }
      let alike = pool.filter { $0.shape == old.shape && !stateViews.contains($0.id) }
      updated.insert(index)
      switch Int.random(in: 0..<6, using: &random) {
      case 0:
        builder.update(old, to: old * 0.5 + companion(of: old) * 0.25)
      case 1 where !others.isEmpty:
        // Two states trade places: at most one can be written where it lies.
        let other = random.choice(others)
        updated.insert(other)
        builder.update(old, to: states[other] * 0.5)
        builder.update(states[other], to: random.oneIn(2) ? old * 0.25 : old + states[other])
      case 2 where old.shape.rank == 2:
        builder.update(old, to: reshapedUpdate(of: old))
      case 3 where !others.isEmpty && !alike.isEmpty:
        let other = random.choice(others)
        updated.insert(other)
        let shared = random.choice(alike)
        builder.update(old, to: shared + 1)
        builder.update(states[other], to: random.oneIn(2) ? shared + 1 : shared * 0.5)
      case 4 where old.shape.rank > 0:
        // Reads the state it writes out of order.
        let total = old.sum().broadcast(to: old.shape)
        builder.update(old, to: old - total * 0.125)
      default:
        builder.update(old, to: alike.isEmpty ? tamed(old) : tamed(random.choice(alike)))
      }
    }
  }

  mutating func reshapedUpdate(of old: Tensor) -> Tensor {
    let flat = tamed(old.reshaped(to: [old.shape.elementCount]))
    return flat.reshaped(to: old.shape)
  }

  mutating func addOutputs() {
    for (number, value) in pool.suffix(8).enumerated() where random.oneIn(2) {
      // A state that changes is no result; something made of it is.
      let shown = stateViews.contains(value.id) ? value - 0 : value
      builder.output(shown, as: "output\(number)")
    }
    builder.output(tamed(anyTensor()) * 2, as: "last")
  }
}
