package import GANTensor

/// A piece of work of a schedule, as a backend prepares it.
package enum Kernel: Hashable, Sendable {
  /// A matrix product and the work on its result before it is written.
  case product(Product)
  /// A group of elementwise nodes of one shape, computed tile by tile.
  case region(Region)
  /// Any other single node.
  case single(NodeID)
}

/// Elementwise nodes of one shape; everything inside lives in registers of a few kilobytes.
package struct Region: Hashable, Sendable {
  /// The shape of every member.
  package var shape: Shape
  /// The members in order, operands first.
  package var nodes: [NodeID]
  /// Members whose values are written to memory.
  package var outputs: [NodeID]
  /// Sums of members over all axes but the channels', added up while the members are at hand.
  package var sums: [NodeID] = []
}

/// The operand of a member of a region.
package enum RegionOperand: Hashable, Sendable {
  /// The result of another member.
  case member(NodeID)
  /// One value everywhere.
  case immediate(Double)
  /// Memory, element `i` for element `i`.
  case direct(NodeID)
  /// Memory repeated: axis `i` of the node is axis `axes[i]` of the region.
  case broadcast(NodeID, axes: [Int])
}

extension Graph {
  /// True if a node is a sum that a region can compute of its members: over all pixels of images
  /// whose channels, last, are whole vectors and divide a tile.
  package func isChannelSum(_ id: NodeID, _ profile: PlanningProfile) -> Bool {
    guard let width = profile.channelSumWidth, case .sum(let axes) = self[id].op else {
      return false
    }
    let source = self[self[id].operands[0]].type
    guard source.elementType == .float32, source.shape.rank > 2,
      let channels = source.shape.dimensions.last
    else { return false }
    return axes == Array(0..<source.shape.rank - 1) && channels.isMultiple(of: width)
      && profile.tileElements.isMultiple(of: channels)
  }

  /// The access of a member of `region` to `operand`.
  package func access(to operand: NodeID, in region: Region) -> RegionOperand {
    if region.nodes.contains(operand) { return .member(operand) }
    switch self[operand].op {
    case .constant(let value, _): return .immediate(value)
    case .broadcast(_, let axes):
      let source = self[operand].operands[0]
      if case .constant(let value, _) = self[source].op { return .immediate(value) }
      return .broadcast(source, axes: axes)
    default: return .direct(operand)
    }
  }
}
