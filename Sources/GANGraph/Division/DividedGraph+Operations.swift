internal import GANTensor

// The form in which ranks have each operation's result.
extension DividedGraph {
  /// Places a node whose operands are placed.
  mutating func place(_ id: NodeID) {
    let node = graph[id]
    switch node.op {
    case .input(let name, let type): placeBatch(id, type) { type, _ in .input(name, type) }
    case .random(let distribution, let purpose, let shape, let first):
      placeBatch(id, TensorType(shape, .float32)) { type, row in
        .random(
          distribution, purpose, type.shape,
          first: first + row * type.shape.removing(axes: [0]).elementCount)
      }
    case .data, .state, .constant: placeWhole(id)
    case .unary, .binary, .compare, .select, .convert: placeElementwise(id)
    case .matmul(let transposingLHS, let transposingRHS):
      if transposingLHS, !transposingRHS, placeSumOverRows(id) { return }
      placeByRows(id, isAllowed: !transposingLHS)
    case .convolution, .convolutionInputGradient: placeByRows(id, isAllowed: true)
    case .convolutionWeightGradient, .scatterAddRows:
      if !placeSumOverRows(id) { placeWhole(id) }
    case .sum(let axes):
      if axes.contains(0), placeSumOverRows(id) { return }
      placeMapped(id, keepsRows: !axes.contains(0))
    case .broadcast(_, let axes): placeBroadcast(id, axes)
    case .reshape(let shape): placeReshape(id, shape)
    case .permute(let order): placeMapped(id, keepsRows: order.first == 0)
    case .slice(let axis, let start, let count):
      if axis != 0 || !placeStretches(id, start, count) { placeMapped(id, keepsRows: axis != 0) }
    case .pad(let axis, let before, let after):
      if axis != 0 || !placePadded(id, before, after) { placeMapped(id, keepsRows: axis != 0) }
    case .concatenate(let axis): placeConcatenation(id, axis)
    case .gatherRows:
      if case .rows(let stretches) = layouts[node.operands[1].index] {
        let operands = [whole(node.operands[0]), ownRows(node.operands[1])]
        set(id, rows: rewriter.append(.gatherRows, operands), stretches)
      } else {
        placeWhole(id)
      }
    case .allReduce: preconditionFailure("a graph is divided once")
    }
  }

  private mutating func placeWhole(_ id: NodeID) {
    let operands = graph[id].operands.map { whole($0) }
    set(id, whole: rewriter.append(graph[id].op, operands))
  }

  /// The rank's rows of what comes from outside the graph.
  private mutating func placeBatch(
    _ id: NodeID, _ type: TensorType, _ op: (TensorType, _ firstRow: Int) -> Op
  ) {
    let operands = graph[id].operands.map { whole($0) }
    guard let unitCount = batches[id], let rowCount = type.shape.dimensions.first,
      rowCount.isMultiple(of: unitCount)
    else {
      set(id, whole: rewriter.append(graph[id].op, operands))
      return
    }
    let stretch = Stretch(rowCount: rowCount, unitCount: unitCount)
    let own = stretch.rows(division.ownUnits(of: unitCount))
    let part = TensorType(type.shape.replacing(axis: 0, with: own.count), type.elementType)
    set(id, rows: rewriter.append(op(part, own.lowerBound), operands), [stretch])
  }

  /// The stretches of the first operand in rows; nil where another one has others, or none is in rows.
  private func commonStretches(_ operands: [NodeID]) -> [Stretch]? {
    var found: [Stretch]?
    for operand in operands {
      guard case .rows(let stretches) = layouts[operand.index] else { continue }
      guard found == nil || found == stretches else { return nil }
      found = stretches
    }
    return found
  }

  private func areAddends(_ id: NodeID) -> Bool { layouts[id.index] == .addends }

  private mutating func placeElementwise(_ id: NodeID) {
    let (op, x) = (graph[id].op, graph[id].operands)
    if let stretches = commonStretches(x) {
      let operands = x.map { rows($0, like: stretches) }
      set(id, rows: rewriter.append(op, operands), stretches)
    } else if !placeLinear(id) {
      placeWhole(id)
    }
  }

  /// Leaves addends what they are where a result is linear in them: sums of sums, and scaled numbers,
  /// whose sum is cheaper to join later.
  private mutating func placeLinear(_ id: NodeID) -> Bool {
    let (op, x) = (graph[id].op, graph[id].operands)
    switch op {
    case .unary(.negate) where areAddends(x[0]): break
    case .binary(.add) where x.allSatisfy(areAddends): break
    case .binary(.subtract) where x.allSatisfy(areAddends): break
    case .binary(.multiply)
    where graph[id].type.shape == .scalar && areAddends(x[0]) != areAddends(x[1]): break
    case .binary(.divide)
    where graph[id].type.shape == .scalar && areAddends(x[0]) && !areAddends(x[1]): break
    default: return false
    }
    // Whole operands first: making one may join what waits.
    let wholes = x.map { areAddends($0) ? nil : whole($0) }
    let parts = division.ownParts.indices.map { part in
      let position = part - division.ownParts.lowerBound
      return rewriter.append(
        op, zip(x, wholes).map { operand, whole in whole ?? ownAddends(operand)[position] })
    }
    set(id, addends: parts)
    return true
  }

  /// A function of one operand that is linear, and keeps rows what they are where it says so.
  private mutating func placeMapped(_ id: NodeID, keepsRows: Bool) {
    let (op, x) = (graph[id].op, graph[id].operands[0])
    switch layouts[x.index] {
    case .addends:
      set(id, addends: ownAddends(x).map { rewriter.append(op, [$0]) })
    case .rows(let stretches) where keepsRows:
      set(id, rows: rewriter.append(op, [ownRows(x)]), stretches)
    case .rows, .whole: placeWhole(id)
    }
  }

  /// Products and convolutions of each row with something whole.
  private mutating func placeByRows(_ id: NodeID, isAllowed: Bool) {
    let x = graph[id].operands
    guard isAllowed, case .rows(let stretches) = layouts[x[0].index] else {
      return placeWhole(id)
    }
    let operands = [ownRows(x[0]), whole(x[1])]
    set(id, rows: rewriter.append(graph[id].op, operands), stretches)
  }

  /// What adds up all rows: an addend for each part.
  private mutating func placeSumOverRows(_ id: NodeID) -> Bool {
    let (op, x) = (graph[id].op, graph[id].operands)
    guard let stretches = commonStretches(x) else { return false }
    let own = x.map { rows($0, like: stretches) }
    let rowCount = ownCount(stretches)
    set(
      id,
      addends: division.ownParts.map { part in
        // Where sums have no fixed terms, neighbouring stretches are added up in one go.
        let ranges = division.isFixed ? rows(ofPart: part, stretches) : [0..<rowCount]
        let terms = ranges.map { range in
          rewriter.append(
            op,
            range.count == rowCount
              ? own
              : own.map { operand in
                rewriter.append(
                  .slice(axis: 0, start: range.lowerBound, count: range.count), [operand])
              })
        }
        return terms.dropFirst().reduce(terms[0]) { rewriter.append(.binary(.add), [$0, $1]) }
      })
    return true
  }

  private mutating func placeBroadcast(_ id: NodeID, _ axes: [Int]) {
    let x = graph[id].operands[0]
    guard case .rows(let stretches) = layouts[x.index], axes.first == 0 else {
      return placeWhole(id)
    }
    let shape = graph[id].type.shape.replacing(axis: 0, with: ownCount(stretches))
    set(id, rows: rewriter.append(.broadcast(to: shape, axes: axes), [ownRows(x)]), stretches)
  }

  private mutating func placeReshape(_ id: NodeID, _ shape: Shape) {
    let x = graph[id].operands[0]
    guard case .rows(let stretches) = layouts[x.index], shape.rank > 0 else {
      return placeMapped(id, keepsRows: false)
    }
    let (before, after) = (graph[x].type.shape[0], shape[0])
    let reshaped = stretches.map { stretch in
      Stretch(rowCount: stretch.rowCount * after / before, unitCount: stretch.unitCount)
    }
    let areWhole = stretches.allSatisfy { ($0.rowCount * after).isMultiple(of: before) }
    guard areWhole, reshaped.allSatisfy(isDivided) else { return placeWhole(id) }
    let own = shape.replacing(axis: 0, with: ownCount(reshaped))
    set(id, rows: rewriter.append(.reshape(own), [ownRows(x)]), reshaped)
  }

  /// True if every part of a batch has whole rows of a stretch.
  private func isDivided(_ stretch: Stretch) -> Bool {
    (1..<division.partCount).allSatisfy { part in
      let first = division.units(ofPart: part, of: stretch.unitCount).lowerBound
      return (first * stretch.rowCount).isMultiple(of: stretch.unitCount)
    }
  }

  /// A slice of whole stretches.
  private mutating func placeStretches(_ id: NodeID, _ start: Int, _ count: Int) -> Bool {
    let x = graph[id].operands[0]
    guard case .rows(let stretches) = layouts[x.index] else { return false }
    var position = 0
    var (before, chosen): ([Stretch], [Stretch]) = ([], [])
    for stretch in stretches {
      if position + stretch.rowCount <= start {
        before.append(stretch)
      } else if position >= start, position + stretch.rowCount <= start + count {
        chosen.append(stretch)
      }
      position += stretch.rowCount
    }
    guard before.reduce(0, { $0 + $1.rowCount }) == start,
      chosen.reduce(0, { $0 + $1.rowCount }) == count
    else { return false }
    let op = Op.slice(axis: 0, start: ownCount(before), count: ownCount(chosen))
    set(id, rows: rewriter.append(op, [ownRows(x)]), chosen)
    return true
  }

  /// Zeros before and after a batch that are as many units as it has, the adjoint of such a slice.
  private mutating func placePadded(_ id: NodeID, _ before: Int, _ after: Int) -> Bool {
    let x = graph[id].operands[0]
    guard case .rows(let stretches) = layouts[x.index], let unitCount = stretches.first?.unitCount,
      before.isMultiple(of: unitCount), after.isMultiple(of: unitCount)
    else { return false }
    func zeros(_ count: Int) -> [Stretch] {
      count == 0 ? [] : [Stretch(rowCount: count, unitCount: unitCount)]
    }
    let op = Op.pad(axis: 0, before: ownCount(zeros(before)), after: ownCount(zeros(after)))
    set(
      id, rows: rewriter.append(op, [ownRows(x)]), zeros(before) + stretches + zeros(after))
    return true
  }

  private mutating func placeConcatenation(_ id: NodeID, _ axis: Int) {
    let x = graph[id].operands
    if axis != 0, let stretches = commonStretches(x) {
      let operands = x.map { rows($0, like: stretches) }
      set(id, rows: rewriter.append(.concatenate(axis: axis), operands), stretches)
      return
    }
    let stretches = x.compactMap { operand -> [Stretch]? in
      if case .rows(let stretches) = layouts[operand.index] { stretches } else { nil }
    }
    guard axis == 0, stretches.count == x.count else { return placeWhole(id) }
    let operands = x.map { ownRows($0) }
    set(
      id, rows: rewriter.append(.concatenate(axis: 0), operands), stretches.flatMap(\.self))
  }
}
