internal import GANTensor

extension Schedule: CustomStringConvertible {
  /// One line a kernel: its work, its reads and writes, and their places.
  package var description: String {
    let lines = kernels.enumerated().map { position, kernel in
      let reads = graph.reads(of: kernel).map(place(of:)).joined(separator: ", ")
      let writes = graph.writes(of: kernel).map(place(of:)).joined(separator: ", ")
      return "  \(position): \(describe(kernel)) (\(reads)) → \(writes)"
    }
    let copied = copies.map { "  copy \($0.source) → state \($0.state)" }
    return (lines + copied).joined(separator: "\n")
  }

  private func place(of id: NodeID) -> String {
    guard let location = locations[id.index] else { return "\(id)" }
    let offset = location.byteOffset == 0 ? "" : "+\(location.byteOffset)"
    return switch location.memory {
    case .state(let name): "\(id) in \(name)\(offset)"
    case .data(let name): "\(id) in \(name)\(offset)"
    case .arena(let buffer): "\(id) in buffer \(buffer)\(offset)"
    }
  }

  /// The kernel in a word or two.
  package func describe(_ kernel: Kernel) -> String {
    switch kernel {
    case .product(let product):
      "product \(graph[product.operation].op) \(graph[product.result].type)"
        + product.addends.map { " + \(graph[$0].op)" }.joined()
        + (product.bias == nil ? "" : " + bias") + describe(product.finish)
        + (product.lhsSums == nil ? "" : ", sums of lhs")
    case .region(let region):
      "region \(region.shape) of "
        + region.nodes.map { graph[$0].op.name }.joined(separator: " ")
        + (region.sums.isEmpty ? "" : ", sums of \(region.sums.count)")
    case .single(let id): "\(graph[id].op) \(graph[id].type)"
    }
  }

  private func describe(_ finish: Product.Finish) -> String {
    switch finish {
    case .none: ""
    case .activation(let function): ", \(function.name)"
    case .adam: ", Adam"
    }
  }
}
