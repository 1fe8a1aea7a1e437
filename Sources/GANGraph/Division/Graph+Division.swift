internal import GANTensor

extension Graph {
  /// The graph as one rank computes it: its own parts of every batch, and the sums over a batch joined
  /// over all parts of all ranks.
  ///
  /// What the host gives and reads is as before, but for inputs and random numbers whose first axis is
  /// a batch: of those a rank has its own rows. Sums wait until something other than another sum needs
  /// one of them, and are then joined together, all of them at once; so the gradients of an update
  /// share one exchange with the readings before them. Exchanges follow one another in one order,
  /// which is the same on all ranks.
  ///
  /// - Parameters:
  ///   - batches: The units in the batch, where the first axis of an input or of random numbers is one:
  ///     a multiple of them.
  ///   - signal: The name of a new input and a new output, both `[]`: the sum of what the ranks write
  ///     there. It needs no exchange of its own. Nil for none.
  package func divided(
    by division: BatchDivision, batches: [NodeID: Int], signal: String? = nil
  ) -> Graph {
    guard !division.isTrivial else { return self }
    // Which sums are needed, and what they need, is known once everything has been placed.
    var trial = DividedGraph(self, division, batches, signal: signal)
    _ = trial.rewritten()
    var rewriting = DividedGraph(self, division, batches, signal: signal, after: trial)
    return rewriting.rewritten()
  }
}

/// The places of a graph's values among the ranks while it is rewritten for one of them.
struct DividedGraph {
  /// The form in which ranks have a value.
  enum Layout: Equatable {
    /// All of it, on each rank.
    case whole
    /// The rows of the rank's own parts, stretch after stretch.
    case rows([Stretch])
    /// Its addends, one for each of the rank's own parts.
    case addends
  }

  /// Rows of the first axis that are one batch: as many for each unit, or one for as many units.
  struct Stretch: Equatable {
    /// Rows in the whole batch.
    let rowCount: Int
    let unitCount: Int

    /// The rows of some units.
    func rows(_ units: Range<Int>) -> Range<Int> {
      units.lowerBound * rowCount / unitCount..<units.upperBound * rowCount / unitCount
    }
  }

  let graph: Graph
  let division: BatchDivision
  let batches: [NodeID: Int]
  var rewriter = GraphRewriter()
  private(set) var layouts: [Layout]
  /// The new node of each old one that is whole, or was made so.
  private var wholes: [NodeID?]
  /// The new node of each old one of which there are rows.
  private var rows: [NodeID?]
  /// The new nodes of each old one of which there are addends.
  private var addends: [[NodeID]]
  /// Values whose addends wait to be joined, in order.
  private var pending: [NodeID] = []
  /// Rows of whole values, by what they were cut to.
  private var cut: [Cut: NodeID] = [:]
  /// The last exchange, which the next one follows.
  private var lastExchange: NodeID?
  /// The values whose sum something asked for.
  private(set) var demanded: Set<NodeID> = []
  /// The values whose addends are joined at all; nil for all.
  private let joined: Set<NodeID>?
  /// The nodes in the order in which they are placed.
  private let order: [NodeID]
  private let signalName: String?
  private var signal: (own: NodeID, sum: NodeID?)?

  private struct Cut: Hashable {
    let node: NodeID
    let rowCounts: [Int]
  }

  init(
    _ graph: Graph, _ division: BatchDivision, _ batches: [NodeID: Int], signal: String?,
    after trial: DividedGraph? = nil
  ) {
    (self.graph, self.division, self.batches, signalName) = (graph, division, batches, signal)
    joined = trial?.demanded
    order = trial?.sumsFirst ?? Array(graph.ids)
    layouts = Array(repeating: .whole, count: graph.nodes.count)
    wholes = Array(repeating: nil, count: graph.nodes.count)
    rows = wholes
    addends = Array(repeating: [], count: graph.nodes.count)
  }

  mutating func rewritten() -> Graph {
    if let signalName {
      let own = rewriter.append(.input(signalName, TensorType(.scalar, .float32)), [])
      signal = (own, nil)
    }
    let isLive = graph.isNeeded(for: graph.results)
    for id in order where isLive[id.index] { place(id) }
    func moved(_ named: NamedNode) -> NamedNode {
      NamedNode(name: named.name, node: whole(named.node))
    }
    let updates = graph.updates.map(moved)
    var outputs = graph.outputs.map(moved)
    if let signalName, signal != nil {
      if signal?.sum == nil { joinAddends() }
      if let sum = signal?.sum { outputs.append(NamedNode(name: signalName, node: sum)) }
    }
    return Graph(nodes: rewriter.nodes, outputs: outputs, updates: updates)
  }

  /// All nodes, of which those that no sum over a batch needs come last: what only follows a sum, such as
  /// running statistics, waits until some other sum has had to be joined.
  private var sumsFirst: [NodeID] {
    let isNeeded = graph.isNeeded(for: graph.ids.filter { layouts[$0.index] == .addends })
    return graph.ids.filter { isNeeded[$0.index] } + graph.ids.filter { !isNeeded[$0.index] }
  }

  // MARK: Places

  mutating func set(_ id: NodeID, whole node: NodeID) { wholes[id.index] = node }

  mutating func set(_ id: NodeID, rows node: NodeID, _ stretches: [Stretch]) {
    layouts[id.index] = .rows(stretches)
    rows[id.index] = node
  }

  mutating func set(_ id: NodeID, addends nodes: [NodeID]) {
    layouts[id.index] = .addends
    addends[id.index] = nodes
    if joined?.contains(id) ?? true { pending.append(id) }
  }

  /// The rows that a node has; for `rows` only.
  func ownRows(_ id: NodeID) -> NodeID {
    guard let node = rows[id.index] else { preconditionFailure("\(id) is not in rows") }
    return node
  }

  /// The addends of a node; for `addends` only.
  func ownAddends(_ id: NodeID) -> [NodeID] { addends[id.index] }

  /// A value of which each rank has all.
  mutating func whole(_ id: NodeID) -> NodeID {
    if layouts[id.index] == .addends { demanded.insert(id) }
    if let known = wholes[id.index] { return known }
    switch layouts[id.index] {
    case .whole: preconditionFailure("\(id) is used before it is rewritten")
    case .addends: joinAddends()
    case .rows(let stretches): wholes[id.index] = gathered(id, stretches)
    }
    guard let joined = wholes[id.index] else { preconditionFailure("\(id) was not joined") }
    return joined
  }

  /// The rank's rows of a value, whatever its layout.
  mutating func rows(_ id: NodeID, like stretches: [Stretch]) -> NodeID {
    if layouts[id.index] == .rows(stretches) { return ownRows(id) }
    let whole = whole(id)
    let key = Cut(node: id, rowCounts: stretches.flatMap { [$0.rowCount, $0.unitCount] })
    if let known = cut[key] { return known }
    let node = rewriter.nodes[whole.index]
    let shape = node.type.shape.replacing(axis: 0, with: ownCount(stretches))
    let place: NodeID
    switch node.op {
    case .constant(let value, let type):
      place = rewriter.append(.constant(value, TensorType(shape, type.elementType)), [])
    case .broadcast(_, let axes) where axes.first != 0:
      place = rewriter.append(.broadcast(to: shape, axes: axes), node.operands)
    default:
      var start = 0
      let pieces = stretches.map { stretch in
        defer { start += stretch.rowCount }
        let own = stretch.rows(division.ownUnits(of: stretch.unitCount))
        return rewriter.append(
          .slice(axis: 0, start: start + own.lowerBound, count: own.count), [whole])
      }
      place = pieces.count == 1 ? pieces[0] : rewriter.append(.concatenate(axis: 0), pieces)
    }
    cut[key] = place
    return place
  }

  /// Rows that this rank has of some stretches.
  func ownCount(_ stretches: [Stretch]) -> Int {
    stretches.reduce(0) { $0 + $1.rows(division.ownUnits(of: $1.unitCount)).count }
  }

  /// The rows of one of the rank's own parts, stretch by stretch: of the rows that it has.
  func rows(ofPart part: Int, _ stretches: [Stretch]) -> [Range<Int>] {
    var start = 0
    return stretches.map { stretch in
      let own = stretch.rows(division.ownUnits(of: stretch.unitCount))
      let rows = stretch.rows(division.units(ofPart: part, of: stretch.unitCount))
      defer { start += own.count }
      let first = start + rows.lowerBound - own.lowerBound
      return first..<first + rows.count
    }
  }

  // MARK: Exchanges

  /// Joins the addends of every value that waits for it, all in one exchange.
  mutating func joinAddends() {
    var pieces: [[NodeID]] = pending.map { addends[$0.index] }
    if let signal, signal.sum == nil {
      let zero = rewriter.append(.constant(0, TensorType(.scalar, .float32)), [])
      pieces.append([signal.own] + division.ownParts.dropFirst().map { _ in zero })
    }
    let counts = pieces.map { rewriter.nodes[$0[0].index].type.shape.elementCount }
    let total = counts.reduce(0, +)
    let parts = division.ownParts.count
    var flat: [NodeID] = []
    for part in 0..<parts {
      for (piece, count) in zip(pieces, counts) {
        flat.append(rewriter.append(.reshape([count]), [piece[part]]))
      }
    }
    let bucket = flat.count == 1 ? flat[0] : rewriter.append(.concatenate(axis: 0), flat)
    let sums = exchange(bucket, parts: parts)
    var start = 0
    func piece(_ count: Int, _ shape: Shape) -> NodeID {
      let slice =
        count == total
        ? sums : rewriter.append(.slice(axis: 0, start: start, count: count), [sums])
      start += count
      return rewriter.append(.reshape(shape), [slice])
    }
    for (id, count) in zip(pending, counts) {
      wholes[id.index] = piece(count, graph[id].type.shape)
    }
    if signal != nil, signal?.sum == nil { signal?.sum = piece(1, .scalar) }
    pending = []
  }

  private mutating func exchange(_ bucket: NodeID, parts: Int) -> NodeID {
    let sums = rewriter.append(
      .allReduce(parts: parts), [bucket] + (lastExchange.map { [$0] } ?? []))
    lastExchange = sums
    return sums
  }

  /// All rows of a value of which each rank has its own, put side by side by adding zeros.
  private mutating func gathered(_ id: NodeID, _ stretches: [Stretch]) -> NodeID {
    guard division.rankCount > 1 else { return ownRows(id) }
    let type = graph[id].type
    var own = ownRows(id)
    if type.elementType != .float32 { own = rewriter.append(.convert(.float32), [own]) }
    var start = 0
    let pieces = stretches.map { stretch in
      let rows = stretch.rows(division.ownUnits(of: stretch.unitCount))
      defer { start += rows.count }
      let piece =
        stretches.count == 1
        ? own : rewriter.append(.slice(axis: 0, start: start, count: rows.count), [own])
      return rewriter.append(
        .pad(axis: 0, before: rows.lowerBound, after: stretch.rowCount - rows.upperBound), [piece])
    }
    let padded = pieces.count == 1 ? pieces[0] : rewriter.append(.concatenate(axis: 0), pieces)
    let flat = rewriter.append(.reshape([type.shape.elementCount]), [padded])
    let whole = rewriter.append(.reshape(type.shape), [exchange(flat, parts: 1)])
    switch type.elementType {
    case .float32: return whole
    case .boolean:
      let zeros = rewriter.append(.constant(0, TensorType(type.shape, .float32)), [])
      return rewriter.append(.compare(.greater), [whole, zeros])
    case .int32, .int64, .uint8:
      return rewriter.append(.convert(type.elementType), [whole])
    }
  }
}

extension Graph {
  /// For each node, whether some of `results` are it or need it.
  fileprivate func isNeeded(for results: [NodeID]) -> [Bool] {
    var isNeeded = [Bool](repeating: false, count: nodes.count)
    for result in results { isNeeded[result.index] = true }
    for id in ids.reversed() where isNeeded[id.index] {
      for operand in self[id].operands { isNeeded[operand.index] = true }
    }
    return isNeeded
  }
}
