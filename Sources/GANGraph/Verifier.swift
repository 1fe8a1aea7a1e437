extension Graph {
  /// This graph, if every rule holds: operands come first, types follow from operands, leaves and
  /// results have one meaning each, updates keep their state's type.
  ///
  /// - Throws: The first rule broken, naming the node.
  package func verified(
    file: String = #fileID, line: Int = #line
  ) throws(GraphError) -> Graph {
    var leaves: [String: Op] = [:]
    func broken(_ op: String, _ reason: String) -> GraphError {
      GraphError(op: op, reason: reason, file: file, line: line)
    }
    for id in ids {
      let node = self[id]
      guard node.operands.allSatisfy({ $0 < id && $0.index >= 0 }) else {
        throw broken(node.op.name, "\(id) must come after its operands, got \(node.operands)")
      }
      switch node.op.resultType(node.operands.map { self[$0].type }) {
      case .success(let type):
        guard type == node.type else {
          throw broken(node.op.name, "\(id) must be \(type), got \(node.type)")
        }
      case .failure(let rule): throw broken(node.op.name, "\(id) \(rule.text)")
      }
      switch node.op {
      case .input(let name, _), .data(let name, _), .state(let name, _):
        if let other = leaves.updateValue(node.op, forKey: name), other != node.op {
          throw broken(node.op.name, "\(name) must have one meaning, got \(other) too")
        }
      default: break
      }
    }
    for result in results where !nodes.indices.contains(result.index) {
      throw broken("result", "must be a node, got \(result) of \(nodes.count)")
    }
    for update in updates {
      let type = self[update.node].type
      if let leaf = leaves[update.name], leaf != .state(update.name, type) {
        throw broken("update", "must be a state of its value's type, got \(leaf) and \(type)")
      }
    }
    let updated = Set(updates.map(\.name))
    for result in results {
      // Its memory holds the next value by the time the host reads it.
      if case .state(let name, _) = self[base(of: result)].op, updated.contains(name) {
        throw broken("result", "must not be a state that changes, got \(name)")
      }
    }
    guard Set(outputs.map(\.name)).count == outputs.count,
      Set(updates.map(\.name)).count == updates.count
    else { throw broken("result", "names must differ") }
    return self
  }
}
