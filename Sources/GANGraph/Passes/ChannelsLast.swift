internal import GANTensor

extension Graph {
  /// The graph with the channels of images innermost wherever convolutions compute, since there a
  /// pixel's channels are one vector: for convolutions, for additions to each channel, and for sums
  /// over everything else.
  ///
  /// Convolutions, and elementwise nodes between them, change their layout together; permutations
  /// stand where they meet the rest. States, inputs and results keep theirs. Every sum adds in the
  /// same order as before.
  package func withChannelsLast() -> Graph {
    let isImages = imagesOfConvolutions()
    guard isImages.contains(true) else { return self }
    var rewriting = ChannelsLast(self, isImages)
    return rewriting.rewritten()
  }

  /// The images of convolutions with channels first, and the nodes tied to them that can compute in
  /// either layout.
  private func imagesOfConvolutions() -> [Bool] {
    var isImages = [Bool](repeating: false, count: nodes.count)
    var pending = ids.flatMap(imagesOfConvolution)
    var neighbours = [[NodeID]](repeating: [], count: nodes.count)
    for id in ids {
      for operand in operandsInLayout(of: id) {
        neighbours[id.index].append(operand)
        neighbours[operand.index].append(id)
      }
    }
    while let id = pending.popLast() {
      guard !isImages[id.index] else { continue }
      isImages[id.index] = true
      pending += neighbours[id.index]
    }
    return isImages
  }

  /// The operands and the result of a node that are images of a convolution with its channels first.
  private func imagesOfConvolution(_ id: NodeID) -> [NodeID] {
    let x = self[id].operands
    switch self[id].op {
    case .convolution(let convolution), .convolutionInputGradient(let convolution, _, _):
      return convolution.layout == .channelsFirst ? [id, x[0]] : []
    case .convolutionWeightGradient(let convolution, _, _):
      return convolution.layout == .channelsFirst ? x : []
    default: return []
    }
  }

  /// The operands that have a node's layout where the node can be computed in either: axis 0 is the
  /// images', axis 1 the channels', the others, at least one, are the pixels'.
  fileprivate func operandsInLayout(of id: NodeID) -> [NodeID] {
    let (op, operands, shape) = (self[id].op, self[id].operands, self[id].type.shape)
    guard shape.rank > 2 else { return [] }
    switch op {
    case .unary, .binary, .compare, .select, .convert, .concatenate, .slice, .pad: return operands
    // Pixels regrouped, as upsampling and pooling do.
    case .reshape:
      let source = self[operands[0]].type.shape
      return source.rank > 2 && source[0] == shape[0] && source[1] == shape[1] ? operands : []
    case .broadcast(_, let axes):
      return axes.count > 2 && axes.starts(with: [0, 1]) ? operands : []
    case .sum(let axes): return axes.allSatisfy { $0 > 1 } ? operands : []
    case .input, .data, .state, .constant, .random, .matmul, .convolution,
      .convolutionInputGradient, .convolutionWeightGradient, .permute, .gatherRows, .scatterAddRows,
      .allReduce:
      return []
    }
  }
}

/// A rewriting in which a value may have two places: as it was, and with its channels last.
private struct ChannelsLast {
  private let graph: Graph
  private let isImages: [Bool]
  private var rewriter = GraphRewriter()
  private var asBuilt: [NodeID?]
  private var channelsLast: [NodeID?]
  /// True if a node is computed at its second place, and the first is a permutation of it.
  private var isMoved: [Bool]

  /// The new form of a node.
  private struct Rewritten {
    let op: Op
    let operands: [NodeID]
    var isChannelsLast = true
  }

  init(_ graph: Graph, _ isImages: [Bool]) {
    self.graph = graph
    self.isImages = isImages
    asBuilt = Array(repeating: nil, count: graph.nodes.count)
    channelsLast = asBuilt
    isMoved = isImages.map { _ in false }
  }

  mutating func rewritten() -> Graph {
    for id in graph.ids {
      if let new = convolution(id) ?? sumOfChannelsLast(id) ?? withChannelsLast(id) {
        let place = rewriter.append(new.op, new.operands)
        isMoved[id.index] = new.isChannelsLast
        if new.isChannelsLast { channelsLast[id.index] = place } else { asBuilt[id.index] = place }
      } else {
        let operands = graph[id].operands.map { placeAsBuilt($0) }
        asBuilt[id.index] = rewriter.append(graph[id].op, operands)
      }
    }
    for result in graph.results { rewriter.map(result, to: placeAsBuilt(result)) }
    return rewriter.finish(graph)
  }

  // MARK: Places

  private mutating func placeAsBuilt(_ id: NodeID) -> NodeID {
    if let known = asBuilt[id.index] { return known }
    let order = Self.order(graph[id].type.shape.rank)
    let inverse = order.indices.map { axis in order.firstIndex(of: axis) ?? axis }
    let place = rewriter.append(.permute(inverse), [placeChannelsLast(id)])
    asBuilt[id.index] = place
    return place
  }

  private mutating func placeChannelsLast(_ id: NodeID) -> NodeID {
    if let known = channelsLast[id.index] { return known }
    let type = graph[id].type
    let place =
      if case .constant(let value, _) = graph[id].op {
        rewriter.append(.constant(value, TensorType(Self.moved(type.shape), type.elementType)), [])
      } else {
        rewriter.append(.permute(Self.order(type.shape.rank)), [placeAsBuilt(id)])
      }
    channelsLast[id.index] = place
    return place
  }

  /// The axes in the new order: `[0, 2, 3, 1]` of four.
  private static func order(_ rank: Int) -> [Int] { [0] + Array(2..<rank) + [1] }

  private static func moved(_ shape: Shape) -> Shape { Shape(order(shape.rank).map { shape[$0] }) }

  /// The place of an axis in the new order.
  private static func moved(_ axis: Int, _ rank: Int) -> Int {
    axis == 0 ? 0 : axis == 1 ? rank - 1 : axis - 1
  }

  // MARK: Nodes

  private mutating func convolution(_ id: NodeID) -> Rewritten? {
    let x = graph[id].operands
    func last(_ convolution: Convolution) -> Convolution {
      Convolution(
        stride: convolution.stride, padding: convolution.padding, groups: convolution.groups,
        layout: .channelsLast)
    }
    switch graph[id].op {
    case .convolution(let convolution) where convolution.layout == .channelsFirst:
      return Rewritten(
        op: .convolution(last(convolution)),
        operands: [placeChannelsLast(x[0]), placeAsBuilt(x[1])])
    case .convolutionInputGradient(let convolution, let height, let width)
    where convolution.layout == .channelsFirst:
      return Rewritten(
        op: .convolutionInputGradient(last(convolution), height: height, width: width),
        operands: [placeChannelsLast(x[0]), placeAsBuilt(x[1])])
    case .convolutionWeightGradient(let convolution, let height, let width)
    where convolution.layout == .channelsFirst:
      return Rewritten(
        op: .convolutionWeightGradient(last(convolution), height: height, width: width),
        operands: x.map { placeChannelsLast($0) }, isChannelsLast: false)
    default: return nil
    }
  }

  /// A sum whose result has no layout, over images that were computed with their channels last, where
  /// neither the order of its terms nor that of its results changes.
  private func sumOfChannelsLast(_ id: NodeID) -> Rewritten? {
    guard case .sum(let axes) = graph[id].op, graph.operandsInLayout(of: id).isEmpty,
      isMoved[graph[id].operands[0].index],
      let source = channelsLast[graph[id].operands[0].index]
    else { return nil }
    let shape = graph[graph[id].operands[0]].type.shape
    func isInOrder(_ axes: [Int]) -> Bool {
      let moved = axes.filter { shape[$0] > 1 }.map { Self.moved($0, shape.rank) }
      return moved == moved.sorted()
    }
    let kept = (0..<shape.rank).filter { !axes.contains($0) }
    let movedKept = kept.map { Self.moved($0, shape.rank) }
    guard isInOrder(axes), movedKept == movedKept.sorted() else { return nil }
    return Rewritten(
      op: .sum(axes: axes.map { Self.moved($0, shape.rank) }.sorted()), operands: [source],
      isChannelsLast: false)
  }

  /// The new form of a node among images that can be computed in either layout.
  private mutating func withChannelsLast(_ id: NodeID) -> Rewritten? {
    let (op, x, shape) = (graph[id].op, graph[id].operands, graph[id].type.shape)
    guard isImages[id.index] else { return nil }
    if case .broadcast(let shape, let axes) = op, graph.operandsInLayout(of: id).isEmpty {
      let moved = axes.map { Self.moved($0, shape.rank) }
      guard moved == moved.sorted() else { return nil }
      return Rewritten(
        op: .broadcast(to: Self.moved(shape), axes: moved), operands: [placeAsBuilt(x[0])])
    }
    guard !graph.operandsInLayout(of: id).isEmpty else { return nil }
    func moved(_ axis: Int) -> Int { Self.moved(axis, shape.rank) }
    let new: Op =
      switch op {
      case .concatenate(let axis): .concatenate(axis: moved(axis))
      case .slice(let axis, let start, let count):
        .slice(axis: moved(axis), start: start, count: count)
      case .pad(let axis, let before, let after):
        .pad(axis: moved(axis), before: before, after: after)
      case .reshape(let shape): .reshape(Self.moved(shape))
      case .broadcast(let shape, let axes):
        .broadcast(to: Self.moved(shape), axes: Self.order(axes.count).map { moved(axes[$0]) })
      case .sum(let axes):
        .sum(axes: axes.map { Self.moved($0, graph[x[0]].type.shape.rank) })
      default: op
      }
    return Rewritten(op: new, operands: x.map { placeChannelsLast($0) })
  }
}
