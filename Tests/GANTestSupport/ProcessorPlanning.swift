package import GANGraph
import GANRuntime

// Graphs are planned for the processor where a test says nothing else, with products as every
// processor has them.
extension PlanningProfile {
  /// What every processor does: products that step no optimiser.
  package static var processor: PlanningProfile {
    var profile = CPUDevice.fastestProfile
    profile.productFusion = .activations
    return profile
  }
}

extension Graph {
  /// The graph after every pass, for the processor.
  package func optimized(
    explain: ((String) -> Void)? = nil
  ) throws(GraphError) -> Graph {
    try optimized(for: .processor, explain: explain)
  }
}

extension Schedule {
  /// Schedules a graph for the processor.
  package init(_ graph: Graph) { self.init(graph, .processor) }
}

extension Pass {
  /// The passes for the processor, in the order they run.
  package static let all = Pass.all(for: .processor)
}
