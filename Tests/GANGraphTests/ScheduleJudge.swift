import GANGraph
import GANTensor

/// Replays a schedule byte by byte with names instead of numbers, and says what goes wrong first.
///
/// Every byte of memory holds the name of the value's byte written there last. A kernel may only
/// read bytes that still hold the value it means; at the end outputs and states must hold theirs.
/// Knows what kernels read and write and where values lie, and nothing of how that was decided.
struct ScheduleJudge {
  /// A byte of a value: the node, shifted, plus the byte's place in it. What a view or a whole shows
  /// is named by the value it was made of.
  private typealias Content = Int
  private static let nodeShift = 1 << 32
  private static let nothing: Content = -1

  private let schedule: Schedule
  private var graph: Graph { schedule.graph }
  private var arena: [Content]
  private var states: [String: [Content]] = [:]
  private let bufferOffsets: [Int]
  /// What each node's bytes must hold.
  private var contents: [[Content]] = []
  private var firstNodeOfState: [String: NodeID] = [:]
  private(set) var complaint: String?

  /// Judges a schedule; `nil` if nothing is wrong with it.
  static func complaint(about schedule: Schedule) -> String? {
    var judge = ScheduleJudge(schedule)
    judge.checkPartition()
    for (position, kernel) in schedule.kernels.enumerated() { judge.run(kernel, at: position) }
    judge.finish()
    return judge.complaint
  }

  private init(_ schedule: Schedule) {
    self.schedule = schedule
    let plan = planArena(schedule.buffers)
    bufferOffsets = plan.offsets
    arena = Array(repeating: Self.nothing, count: plan.byteCount)
    let graph = schedule.graph
    for id in graph.ids {
      guard case .state(let name, let type) = graph[id].op else { continue }
      let first = firstNodeOfState[name] ?? id
      firstNodeOfState[name] = first
      states[name] = Self.bytes(of: first, count: type.byteCount)
    }
    for id in graph.ids { contents.append(content(of: id)) }
    for update in graph.updates where states[update.name] == nil {
      states[update.name] = Array(repeating: Self.nothing, count: graph[update.node].type.byteCount)
    }
    for id in graph.ids {
      if case .input = graph[id].op { write(id, "the host") }
    }
  }

  private mutating func complain(_ text: String) { complaint = complaint ?? text }

  // MARK: What bytes mean

  private static func bytes(of id: NodeID, count: Int) -> [Content] {
    (0..<count).map { id.index * nodeShift + $0 }
  }

  /// What a node's bytes must hold, looking through reshapes, slices and concatenations.
  private func content(of id: NodeID) -> [Content] {
    let node = graph[id]
    let dimensions = node.type.shape.dimensions
    switch node.op {
    case .reshape: return contents[node.operands[0].index]
    case .slice(let axis, let start, let count):
      let inner = node.type.byteCount / dimensions.prefix(axis + 1).reduce(1, *)
      let whole = contents[node.operands[0].index]
      let extent = graph[node.operands[0]].type.shape[axis]
      var bytes: [Content] = []
      for outer in 0..<dimensions.prefix(axis).reduce(1, *) {
        let first = (outer * extent + start) * inner
        bytes += whole[first..<first + count * inner]
      }
      return bytes
    case .concatenate(let axis):
      let outerCount = dimensions.prefix(axis).reduce(1, *)
      var bytes: [Content] = []
      for outer in 0..<outerCount {
        for part in node.operands {
          let length = graph[part].type.byteCount / outerCount
          bytes += contents[part.index][outer * length..<(outer + 1) * length]
        }
      }
      return bytes
    case .state(let name, let type):
      return Self.bytes(of: firstNodeOfState[name] ?? id, count: type.byteCount)
    default: return Self.bytes(of: id, count: node.type.byteCount)
    }
  }

  private func describe(_ content: Content) -> String {
    content == Self.nothing
      ? "nothing" : "%\(content / Self.nodeShift) byte \(content % Self.nodeShift)"
  }

  // MARK: Memory

  private struct Place {
    let memory: String
    let range: Range<Int>
  }

  private func place(of id: NodeID) -> Place? {
    guard let location = schedule.locations[id.index] else { return nil }
    let count = graph[id].type.byteCount
    switch location.memory {
    case .arena(let buffer):
      let start = bufferOffsets[buffer] + location.byteOffset
      return Place(memory: "", range: start..<start + count)
    case .state(let name), .data(let name):
      return Place(memory: name, range: location.byteOffset..<location.byteOffset + count)
    }
  }

  private mutating func check(_ id: NodeID, _ reader: String) {
    guard let place = place(of: id), let location = schedule.locations[id.index] else {
      complain("\(reader) reads \(id) (\(graph[id].op.name)), which is nowhere")
      return
    }
    let memory: [Content]
    switch location.memory {
    case .data: return
    case .arena: memory = arena
    case .state(let name): memory = states[name] ?? []
    }
    guard place.range.upperBound <= memory.count else {
      complain("\(reader) reads \(id) beyond its memory: \(place.range) of \(memory.count)")
      return
    }
    let expected = contents[id.index]
    guard memory[place.range] != expected[...] else { return }
    for (position, byte) in zip(place.range, expected) where memory[position] != byte {
      complain(
        "\(reader) reads \(id): expected \(describe(byte)), got \(describe(memory[position]))")
    }
  }

  private mutating func write(_ id: NodeID, _ writer: String) {
    guard let place = place(of: id), let location = schedule.locations[id.index] else {
      complain("\(writer) writes \(id), which is nowhere")
      return
    }
    switch location.memory {
    case .arena where place.range.upperBound <= arena.count:
      arena.replaceSubrange(place.range, with: contents[id.index])
    case .state(let name) where place.range.upperBound <= states[name]?.count ?? 0:
      states[name]?.replaceSubrange(place.range, with: contents[id.index])
    default: complain("\(writer) writes \(id) outside of memory that can be written")
    }
  }

  // MARK: Kernels

  private mutating func run(_ kernel: Kernel, at position: Int) {
    let name = "kernel \(position) (\(schedule.describe(kernel)))"
    let (reads, writes) = (graph.reads(of: kernel), graph.writes(of: kernel))
    for read in reads { check(read, name) }
    for write in writes {
      for read in reads where overlaps(read, write) && !mayLieTogether(read, write, in: kernel) {
        complain("\(name) writes \(write) over \(read) while it reads it")
      }
      for other in writes where other < write && overlaps(other, write) {
        complain("\(name) writes \(write) over \(other)")
      }
    }
    for id in writes { write(id, name) }
  }

  private func overlaps(_ a: NodeID, _ b: NodeID) -> Bool {
    guard let first = place(of: a), let second = place(of: b) else { return false }
    return first.memory == second.memory && first.range.overlaps(second.range)
  }

  /// Whether a kernel may write a value where one it reads lies: element by element in the same
  /// place, or a part that is already where the whole wants it.
  private func mayLieTogether(_ read: NodeID, _ write: NodeID, in kernel: Kernel) -> Bool {
    guard let source = place(of: read)?.range, let destination = place(of: write)?.range else {
      return false
    }
    let isSamePlace = source == destination
    switch kernel {
    case .product: return false
    case .single(let id):
      if case .concatenate = graph[id].op {
        let start = source.lowerBound - destination.lowerBound
        guard start >= 0, start + source.count <= destination.count else { return false }
        return contents[id.index][start..<start + source.count] == contents[read.index][...]
      }
      return graph[id].op.isElementwise && isSamePlace
    case .region(let region):
      return isSamePlace
        && region.nodes.allSatisfy { member in
          graph[member].operands.allSatisfy { operand in
            guard case .broadcast(let source, _) = graph.access(to: operand, in: region) else {
              return true
            }
            return !overlaps(source, write)
          }
        }
    }
  }

  /// Every node that is in no kernel must be one that is never computed, and none is in two.
  private mutating func checkPartition() {
    var computed: Set<NodeID> = []
    for kernel in schedule.kernels {
      let nodes: [NodeID]
      switch kernel {
      case .product(let product): nodes = productNodes(product)
      case .region(let region): nodes = region.nodes + region.sums
      case .single(let id): nodes = [id]
      }
      for id in nodes where !computed.insert(id).inserted { complain("\(id) is computed twice") }
    }
    for id in graph.ids where !computed.contains(id) {
      switch graph[id].op {
      case .input, .data, .state, .constant, .reshape, .broadcast, .slice: break
      default: complain("\(id) (\(graph[id].op.name)) is never computed")
      }
    }
  }

  /// The product, the sum with its bias and the activation, found by walking back from the result.
  private func productNodes(_ product: Product) -> [NodeID] {
    var nodes = [product.result]
    while let last = nodes.last, last != product.operation {
      guard
        let previous = graph[last].operands.first(where: { operand in
          switch graph[operand].op {
          case .matmul, .convolution: operand == product.operation
          case .binary(.add): graph[operand].operands.contains(product.operation)
          default: false
          }
        })
      else { break }
      nodes.append(previous)
    }
    return nodes
  }

  // MARK: The end

  private mutating func finish() {
    for output in graph.outputs { check(output.node, "output \(output.name)") }
    for copy in schedule.copies {
      check(copy.source, "the copy to \(copy.state)")
      states[copy.state] = contents[copy.source.index]
    }
    let next = Dictionary(uniqueKeysWithValues: graph.updates.map { ($0.name, $0.node) })
    for (name, memory) in states.sorted(by: { $0.key < $1.key }) {
      guard let value = next[name] ?? firstNodeOfState[name] else { continue }
      if memory != contents[value.index] { complain("state \(name) must become \(value)") }
    }
    // Copies must not have touched what the host reads.
    for output in graph.outputs { check(output.node, "output \(output.name) after the copies") }
  }
}
