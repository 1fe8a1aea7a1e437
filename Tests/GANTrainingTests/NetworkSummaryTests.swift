import GANNetworks
import GANTensor
import GANTraining
import Testing

@Suite("A network's summary says what its layers are and cost")
struct NetworkSummaryTests {
  /// The layers that contain no others.
  private func leaves(_ layers: [LayerSummary]) -> [LayerSummary] {
    layers.flatMap { $0.branches.isEmpty ? [$0] : leaves($0.branches) }
  }

  @Test(
    "Figures add up to the network's, shapes end with its output", arguments: Recipe.all.map(\.name)
  )
  func sums(name: String) throws {
    let options = try Recipe.named(name).options
    for player in Role.pair {
      let network = options.network(of: player)
      let summary = NetworkSummary(network)
      let leaves = leaves(summary.layers)
      for rows in [leaves, summary.layers] {
        #expect(rows.reduce(0) { $0 + $1.parameterCount } == network.parameterCount)
        #expect(rows.reduce(0) { $0 + $1.multiplyAdds } == network.multiplyAddsPerItem)
      }
      #expect(summary.layers.last?.outputShape == (try network.outputShape()))
      // A layer is named as its parameters are.
      let names = Set(leaves.filter { $0.parameterCount > 0 }.map(\.name))
      let owners = network.parameters.map { parameter in
        names.first { parameter.name.hasPrefix("\($0).") }
      }
      #expect(Set(owners) == Set(names.map { $0 }))
    }
  }
}
