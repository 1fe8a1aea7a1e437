extension Graph {
  /// This graph, if every rule holds: operands come first, types follow from operands, leaves and
  /// results have one meaning each, updates keep their state's type.
  ///
  /// - Throws: The first rule broken, naming the node.
  package func verified(
    file: String = #fileID, line: Int = #line
  ) throws(GraphError) -> Graph {
    var leafTypes: [String: TensorType] = [:]
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
      case .input(let name, let type), .data(let name, let type), .state(let name, let type):
        guard leafTypes.updateValue(type, forKey: name) ?? type == type else {
          throw broken(node.op.name, "\(name) must have one type, got \(type) too")
        }
      default: break
      }
    }
    for result in results where !nodes.indices.contains(result.index) {
      throw broken("result", "must be a node, got \(result) of \(nodes.count)")
    }
    for update in updates {
      if let type = leafTypes[update.name], type != self[update.node].type {
        throw broken("update", "\(update.name) is \(type), got \(self[update.node].type)")
      }
    }
    let updated = Set(updates.map(\.name))
    for result in results {
      // Its memory will hold the next value by the time anybody looks.
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
