internal import CKernels
internal import GANGraph
internal import GANTensor

/// A compiler of regions to programs of the tile interpreter.
///
/// Results go straight to memory unless the program later reads the memory they replace; then they
/// wait in a temporary for the end of the tile. A product that only a sum reads becomes part of the
/// sum, rounded as before.
struct RegionCompiler {
  /// A program whose memory registers name nodes instead of addresses.
  struct Output {
    var instructions: [ck_instruction] = []
    /// Instructions whose result every tile shares, run first and for the first tile only.
    var once: [ck_instruction] = []
    var registers: [ck_register] = []
    /// The node whose memory each register is; `nil` for temporaries and immediates.
    var registerNodes: [NodeID?] = []
    var views: [ck_view] = []
    var viewNodes: [NodeID] = []
    var immediates: [Float] = []
  }

  private let schedule: Schedule
  private let region: Region
  private var output = Output()
  private var registerOfMember: [NodeID: Int] = [:]
  private var memoryRegisters: [NodeID: Int] = [:]
  private var immediateRegisters: [Double: Int] = [:]
  /// Temporaries that hold a view for all tiles.
  private var periodicRegisters: [PeriodicView: Int] = [:]
  /// Position in `region.nodes` of the last member that reads each member.
  private var lastUses: [NodeID: Int] = [:]
  /// Products computed by the sum that reads them.
  private var absorbedProducts: [NodeID: NodeID] = [:]
  private var freeTemporaries: [Int] = []
  private var temporaryCount = 0
  private var deferredCopies: [(from: Int, to: Int)] = []

  static func compile(_ region: Region, in schedule: Schedule) -> Output {
    var compiler = RegionCompiler(schedule, region)
    compiler.compile()
    return compiler.output
  }

  private init(_ schedule: Schedule, _ region: Region) {
    self.schedule = schedule
    self.region = region
  }

  private var graph: Graph { schedule.graph }

  private mutating func compile() {
    absorbProducts()
    findLastUses()
    let absorbed = Set(absorbedProducts.values)
    for (position, id) in region.nodes.enumerated() where !absorbed.contains(id) {
      emit(id, at: position)
    }
    for (source, destination) in deferredCopies {
      output.instructions.append(ck_instruction(CK_COPY, result: destination, source))
    }
  }

  // MARK: Analysis

  private func access(_ operand: NodeID) -> RegionOperand { graph.access(to: operand, in: region) }

  private func isScalar(_ operand: NodeID) -> Bool {
    switch access(operand) {
    case .immediate: true
    case .broadcast(let source, _): isFloatScalar(source)
    case .member, .direct: false
    }
  }

  private func isFloatScalar(_ id: NodeID) -> Bool {
    graph[id].type.shape.elementCount == 1 && graph[id].type.elementType == .float32
  }

  private mutating func absorbProducts() {
    var users: [NodeID: [NodeID]] = [:]
    for id in region.nodes {
      for operand in graph[id].operands { users[operand, default: []].append(id) }
    }
    for sum in region.nodes where graph[sum].op == .binary(.add) {
      absorbedProducts[sum] = graph[sum].operands.first { product in
        region.nodes.contains(product) && !region.outputs.contains(product)
          && graph[product].op == .binary(.multiply) && users[product] == [sum]
          && !region.sums.contains { graph[$0].operands[0] == product }
          && graph[product].operands.contains { !isScalar($0) }
      }
    }
  }

  private mutating func findLastUses() {
    for (position, id) in region.nodes.enumerated() {
      for operand in operands(of: id) { lastUses[operand] = position }
    }
  }

  /// The operands of a node's instruction, those of absorbed products included.
  private func operands(of id: NodeID) -> [NodeID] {
    guard let product = absorbedProducts[id] else { return graph[id].operands }
    return graph[product].operands + graph[id].operands.filter { $0 != product }
  }

  // MARK: Emission

  private mutating func emit(_ id: NodeID, at position: Int) {
    var borrowed: [Int] = []
    let needsVector = vectorOperands(of: id)
    let operands = self.operands(of: id).enumerated().map { place, operand in
      register(reading: operand, asVector: needsVector.contains(place), borrowed: &borrowed)
    }
    release(operandsDyingAt: position, of: id)
    freeTemporaries += borrowed
    let result = resultRegister(for: id, at: position)
    output.instructions.append(instruction(for: id, result: result, operands: operands))
    registerOfMember[id] = result
    if region.outputs.contains(id) { store(id, from: result) }
    for (number, sum) in region.sums.enumerated() where graph[sum].operands[0] == id {
      output.instructions.append(ck_instruction(CK_ADD_COLUMNS, result: number, result))
    }
    if lastUses[id] == nil, isTemporary(result), !isDeferred(result) {
      freeTemporaries.append(result)
    }
  }

  /// Places in `operands(of:)` that the interpreter wants as vectors.
  private func vectorOperands(of id: NodeID) -> Set<Int> {
    let operands = self.operands(of: id)
    switch graph[id].op {
    case .select: return [0]
    case .binary where absorbedProducts[id] != nil: return [isScalar(operands[0]) ? 1 : 0]
    case .binary, .compare: return operands.allSatisfy(isScalar) ? [0] : []
    default: return [0]
    }
  }

  private mutating func register(
    reading operand: NodeID, asVector: Bool, borrowed: inout [Int]
  ) -> Int {
    let register: Int
    switch access(operand) {
    case .member(let member):
      guard let known = registerOfMember[member] else {
        preconditionFailure("\(member) is read before it is computed")
      }
      register = known
    case .immediate(let value): register = immediateRegister(value)
    case .direct(let node):
      register = memoryRegister(node)
      if graph[node].type.elementType != .float32 {
        let loaded = temporary()
        borrowed.append(loaded)
        output.instructions.append(ck_instruction(CK_LOAD_BYTES, result: loaded, register))
        return loaded
      }
    case .broadcast(let source, let axes):
      if isFloatScalar(source) {
        register = scalarRegister(source)
      } else {
        let periodic = PeriodicView(source: source, axes: axes)
        if let known = periodicRegisters[periodic] { return known }
        let view = view(of: source, axes: axes)
        if isPeriodic(view), periodicRegisters.count < Self.mostPeriodicViews {
          let loaded = newTemporary()
          periodicRegisters[periodic] = loaded
          output.views.append(view)
          output.viewNodes.append(source)
          output.once.append(
            ck_instruction(CK_LOAD_VIEW, result: loaded, output.views.count - 1))
          return loaded
        }
        let loaded = temporary()
        borrowed.append(loaded)
        output.views.append(view)
        output.viewNodes.append(source)
        output.instructions.append(
          ck_instruction(CK_LOAD_VIEW, result: loaded, output.views.count - 1))
        return loaded
      }
    }
    guard asVector, output.registers[register].kind == CK_SCALAR.registerKind else {
      return register
    }
    let filled = temporary()
    borrowed.append(filled)
    output.instructions.append(ck_instruction(CK_COPY, result: filled, register))
    return filled
  }

  private func instruction(for id: NodeID, result: Int, operands x: [Int]) -> ck_instruction {
    if absorbedProducts[id] != nil {
      // The interpreter wants the first factor as a vector; a product commutes.
      let swapped = output.registers[x[0]].kind == CK_SCALAR.registerKind
      return ck_instruction(
        CK_MULTIPLY_ADD, result: result, swapped ? x[1] : x[0], swapped ? x[0] : x[1], x[2])
    }
    switch graph[id].op {
    case .unary(let function): return ck_instruction(function, result: result, operand: x[0])
    case .binary(.add): return ck_instruction(CK_ADD, result: result, x[0], x[1])
    case .binary(.subtract): return ck_instruction(CK_SUBTRACT, result: result, x[0], x[1])
    case .binary(.multiply): return ck_instruction(CK_MULTIPLY, result: result, x[0], x[1])
    case .binary(.divide): return ck_instruction(CK_DIVIDE, result: result, x[0], x[1])
    case .binary(.maximum): return ck_instruction(CK_MAXIMUM, result: result, x[0], x[1])
    case .compare(.greater): return ck_instruction(CK_GREATER, result: result, x[0], x[1])
    case .compare(.greaterOrEqual):
      return ck_instruction(CK_GREATER_OR_EQUAL, result: result, x[0], x[1])
    case .compare(.equal): return ck_instruction(CK_EQUAL, result: result, x[0], x[1])
    case .select: return ck_instruction(CK_SELECT, result: result, x[0], x[1], x[2])
    case .convert: return ck_instruction(CK_COPY, result: result, x[0])
    default: preconditionFailure("\(graph[id].op) is not elementwise")
    }
  }

  // MARK: Results

  private mutating func resultRegister(for id: NodeID, at position: Int) -> Int {
    let isFloat = graph[id].type.elementType == .float32
    guard isFloat, region.outputs.contains(id), !isReadLater(memoryOf: id, after: position) else {
      return temporary()
    }
    return memoryRegister(id)
  }

  /// True if an instruction after this one reads memory that the result replaces.
  private func isReadLater(memoryOf id: NodeID, after position: Int) -> Bool {
    region.nodes.dropFirst(position + 1).contains { later in
      operands(of: later).contains { operand in
        guard case .direct(let node) = access(operand) else { return false }
        return location(of: node).memory == location(of: id).memory
      }
    }
  }

  private func location(of id: NodeID) -> Location {
    guard let location = schedule.locations[id.index] else {
      preconditionFailure("\(id) has no place in memory")
    }
    return location
  }

  private mutating func store(_ id: NodeID, from register: Int) {
    guard isTemporary(register) else { return }
    let destination = memoryRegister(id)
    if graph[id].type.elementType == .float32 {
      deferredCopies.append((register, destination))
    } else {
      output.instructions.append(ck_instruction(CK_STORE_BYTES, result: destination, register))
    }
  }

  // MARK: Registers

  private func isTemporary(_ register: Int) -> Bool {
    output.registers[register].kind == CK_TEMPORARY.registerKind
  }

  private func isDeferred(_ register: Int) -> Bool {
    deferredCopies.contains { $0.from == register }
  }

  private mutating func release(operandsDyingAt position: Int, of id: NodeID) {
    // In an order of their own, so that every process gives the same registers.
    for operand in Set(operands(of: id)).sorted() where lastUses[operand] == position {
      if let register = registerOfMember[operand], isTemporary(register), !isDeferred(register) {
        freeTemporaries.append(register)
      }
    }
  }

  private mutating func temporary() -> Int {
    freeTemporaries.popLast() ?? newTemporary()
  }

  /// A temporary that no instruction before this one writes.
  private mutating func newTemporary() -> Int {
    precondition(temporaryCount < Int(CK_MAX_TEMPORARIES), "a region needs too many temporaries")
    temporaryCount += 1
    return addRegister(CK_TEMPORARY, index: temporaryCount - 1, node: nil)
  }

  private mutating func memoryRegister(_ node: NodeID) -> Int {
    if let known = memoryRegisters[node] { return known }
    let isFloat = graph[node].type.elementType == .float32
    let register = addRegister(isFloat ? CK_FLOATS : CK_BYTES, index: -1, node: node)
    memoryRegisters[node] = register
    return register
  }

  private mutating func scalarRegister(_ node: NodeID) -> Int {
    // Apart from element-for-element reads of the same node, which a region of one element has.
    addRegister(CK_SCALAR, index: -1, node: node)
  }

  private mutating func immediateRegister(_ value: Double) -> Int {
    if let known = immediateRegisters[value] { return known }
    output.immediates.append(Float(value))
    let register = addRegister(CK_SCALAR, index: output.immediates.count - 1, node: nil)
    immediateRegisters[value] = register
    return register
  }

  private mutating func addRegister(_ kind: ck_register_kind, index: Int, node: NodeID?) -> Int {
    output.registers.append(
      ck_register(kind: kind.registerKind, index: Int32(index), base: nil))
    output.registerNodes.append(node)
    precondition(
      output.registers.count <= Int(CK_MAX_REGISTERS), "a region needs too many registers")
    return output.registers.count - 1
  }

  // MARK: Views

  private struct PeriodicView: Hashable {
    let source: NodeID
    let axes: [Int]
  }

  /// Views that may keep a temporary each.
  private static let mostPeriodicViews = 8

  /// True if every tile sees the same of a view: one value for each channel, and whole pixels in a
  /// tile.
  private func isPeriodic(_ view: ck_view) -> Bool {
    view.rank == 2 && view.strides.0 == 0 && Int64(CK_TILE) % view.extents.1 == 0
      && view.extents.0 * view.extents.1 > Int64(CK_TILE)
  }

  /// The source as the region's shape sees it, neighbouring axes merged where both agree.
  private func view(of source: NodeID, axes: [Int]) -> ck_view {
    let type = graph[source].type
    var strides = [Int](repeating: 0, count: region.shape.rank)
    for (axis, stride) in zip(axes, type.shape.rowMajorStrides) { strides[axis] = stride }
    let merged = StridedAxes(extents: region.shape.dimensions, strides: [strides])
    var view = ck_view()
    view.is_bytes = type.elementType == .float32 ? 0 : 1
    view.rank = Int32(merged.extents.count)
    precondition(merged.extents.count <= Int(CK_MAX_RANK), "\(region.shape) has too many axes")
    withUnsafeMutableBytes(of: &view.extents) { bytes in
      for (axis, extent) in merged.extents.enumerated() {
        bytes.bindMemory(to: Int64.self)[axis] = Int64(extent)
      }
    }
    withUnsafeMutableBytes(of: &view.strides) { bytes in
      for (axis, stride) in merged.strides[0].enumerated() {
        bytes.bindMemory(to: Int64.self)[axis] = Int64(stride)
      }
    }
    return view
  }
}
