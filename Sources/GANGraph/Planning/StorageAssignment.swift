internal import GANTensor

/// The place of a value.
package struct Location: Hashable, Sendable {
  /// The memory it lies in.
  package enum Memory: Hashable, Sendable {
    /// A state's own memory.
    case state(String)
    /// An array bound from outside.
    case data(String)
    /// A buffer of the arena, by its place in `Schedule.buffers`.
    case arena(Int)
  }

  package var memory: Memory
  /// Bytes from the memory's start.
  package var byteOffset: Int
}

/// The assignment of a place to every value in memory: states and views in their source's memory,
/// parts of a concatenation inside it, results of a region over an operand that is not read again,
/// and the rest in buffers of their own.
struct StorageAssignment {
  private(set) var locations: [Location?]
  private(set) var buffers: [Lifetime] = []
  private let graph: Graph
  /// The time at which outputs are read and states copied: no kernel may reuse their memory.
  private let afterLastKernel: Int
  /// Kernel position of the last read of each base node.
  private var lastReads: [NodeID: Int] = [:]
  /// The concatenation each part is written into, and its offset there.
  private var placeInWhole: [NodeID: (whole: NodeID, byteOffset: Int)] = [:]
  /// Buffers that a result of the kernel being placed has taken over.
  private var takenOver: Set<Int> = []

  init(_ graph: Graph, _ fusion: Fusion, _ order: [Int], inPlace: [NodeID: String]) {
    self.graph = graph
    locations = Array(repeating: nil, count: graph.nodes.count)
    afterLastKernel = order.count
    let kernels = order.map { fusion.kernel(ofUnit: $0) }
    for (position, kernel) in kernels.enumerated() {
      for read in graph.reads(of: kernel) { lastReads[graph.base(of: read)] = position }
    }
    for result in graph.results { lastReads[graph.base(of: result)] = afterLastKernel }
    placeParts(of: kernels, inPlace)
    for id in graph.ids {
      switch graph[id].op {
      case .input: locations[id.index] = newBuffer(for: id, from: 0)
      case .data(let name, _): locations[id.index] = Location(memory: .data(name), byteOffset: 0)
      case .state(let name, _): locations[id.index] = Location(memory: .state(name), byteOffset: 0)
      default: break
      }
    }
    for (position, kernel) in kernels.enumerated() {
      takenOver = []
      for write in graph.writes(of: kernel) {
        place(write, by: kernel, at: position, inPlace)
      }
    }
    for id in graph.ids where locations[id.index] == nil && graph.base(of: id) != id {
      locations[id.index] = viewLocation(id)
    }
  }

  /// Lets the parts of a concatenation along the outermost axis be written straight into it.
  private mutating func placeParts(of kernels: [Kernel], _ inPlace: [NodeID: String]) {
    for case .single(let whole) in kernels {
      guard case .concatenate(let axis) = graph[whole].op,
        graph[whole].type.shape.dimensions.prefix(axis).allSatisfy({ $0 == 1 })
      else { continue }
      var offset = 0
      for operand in graph[whole].operands {
        let part = unreshaped(operand)
        if graph.base(of: part) == part, !graph[part].op.isLeaf, inPlace[part] == nil,
          placeInWhole[part] == nil
        {
          placeInWhole[part] = (whole, offset)
        }
        offset += graph[part].type.byteCount
      }
    }
  }

  /// The node whose elements a value has in another shape.
  private func unreshaped(_ id: NodeID) -> NodeID {
    if case .reshape = graph[id].op { unreshaped(graph[id].operands[0]) } else { id }
  }

  private mutating func place(
    _ id: NodeID, by kernel: Kernel, at position: Int, _ inPlace: [NodeID: String]
  ) {
    if let state = inPlace[id] {
      locations[id.index] = Location(memory: .state(state), byteOffset: 0)
    } else if let location = locations[id.index] {
      extend(location, over: position...lifeEnd(of: id, from: position))
    } else if let location = locationInWhole(of: id, at: position) {
      locations[id.index] = location
      extend(location, over: position...lifeEnd(of: id, from: position))
    } else if let reused = dyingOperand(like: id, of: kernel, at: position) {
      locations[id.index] = reused
      extend(reused, over: position...lifeEnd(of: id, from: position))
    } else {
      locations[id.index] = newBuffer(for: id, from: position)
    }
  }

  /// The place of a part in its concatenation, which gets its buffer with its first part.
  private mutating func locationInWhole(of part: NodeID, at position: Int) -> Location? {
    guard let (whole, byteOffset) = placeInWhole[part] else { return nil }
    var location =
      locations[whole.index] ?? locationInWhole(of: whole, at: position)
      ?? newBuffer(for: whole, from: position)
    locations[whole.index] = location
    extend(location, over: position...lifeEnd(of: whole, from: position))
    location.byteOffset += byteOffset
    return location
  }

  private func lifeEnd(of id: NodeID, from position: Int) -> Int {
    max(lastReads[id] ?? position, position)
  }

  private mutating func extend(_ location: Location, over live: ClosedRange<Int>) {
    guard case .arena(let buffer) = location.memory else { return }
    let old = buffers[buffer].live
    buffers[buffer].live =
      min(old.lowerBound, live.lowerBound)...max(old.upperBound, live.upperBound)
  }

  private mutating func newBuffer(for id: NodeID, from position: Int) -> Location {
    buffers.append(
      Lifetime(
        bytes: graph[id].type.byteCount, live: position...lifeEnd(of: id, from: position)))
    return Location(memory: .arena(buffers.count - 1), byteOffset: 0)
  }

  /// The place of an operand that a region reads element by element and that is not read later.
  private mutating func dyingOperand(like id: NodeID, of kernel: Kernel, at position: Int)
    -> Location?
  {
    guard case .region(let region) = kernel else { return nil }
    for member in region.nodes {
      for operand in graph[member].operands {
        guard case .direct(let source) = graph.access(to: operand, in: region),
          graph[source].type.byteCount == graph[id].type.byteCount,
          let location = locations[source.index], case .arena(let buffer) = location.memory,
          buffers[buffer].live.upperBound == position,
          buffers[buffer].bytes == graph[id].type.byteCount,
          !isReadByBroadcast(buffer, in: region), takenOver.insert(buffer).inserted
        else { continue }
        return location
      }
    }
    return nil
  }

  private func isReadByBroadcast(_ buffer: Int, in region: Region) -> Bool {
    region.nodes.contains { member in
      graph[member].operands.contains { operand in
        guard case .broadcast(let read, _) = graph.access(to: operand, in: region) else {
          return false
        }
        return viewLocation(read)?.memory == .arena(buffer)
      }
    }
  }

  private func viewLocation(_ id: NodeID) -> Location? {
    let node = graph[id]
    if graph.base(of: id) == id { return locations[id.index] }
    guard var location = viewLocation(node.operands[0]) else { return nil }
    if case .slice(let axis, let start, _) = node.op {
      location.byteOffset +=
        start * node.type.byteCount / node.type.shape[axis]
    }
    return location
  }
}
