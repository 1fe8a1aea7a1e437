import GANNetworks
import GANTensor
import GANTraining
import Testing

@Suite("A network's table says what its layers are and cost")
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
    for player in Player.allCases {
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
      for columns in [80, 100] {
        let lines = summary.table(titled: player.rawValue, columns: columns).split(separator: "\n")
        #expect(lines.allSatisfy { $0.count <= columns }, "\(name), \(player)")
        #expect(!lines.contains { $0.hasSuffix(" ") })
      }
    }
  }

  @Test("Blocks are indented, long names broken at commas, figures aligned")
  func table() {
    let network = NetworkDescription(inputShape: [3, 8, 8]) {
      Layer.residual(
        main: [.convolution(inputs: 3, outputs: 64, window: 3, padding: 1), .relu],
        shortcut: [.convolution(inputs: 3, outputs: 64, window: 1)])
      Layer.sumPooling
      Layer.linear(inputs: 64, outputs: 1_000)
    }
    #expect(
      NetworkSummary(network).table(titled: "critic", columns: 73) == """
                      critic                output    kB  parameters  multiply-adds
        0             residual block        64x8x8
        0.main.0        convolution,        64x8x8  16.4       1,792        110,592
                        3 to 64, 3 × 3,
                        stride 1,
                        padding 1
        0.main.1        ReLU                64x8x8  16.4
        0.shortcut.0    convolution,        64x8x8  16.4         256         12,288
                        3 to 64, 1 × 1,
                        stride 1,
                        padding 0
        1             sum pooling               64   0.3
        2             linear, 64 to 1000      1000   4.0      65,000         64,000
                      total                         53.4      67,048        186,880
        """)
  }

  @Test(
    "Thousands are told apart",
    arguments: [(0, "0"), (999, "999"), (1_000, "1,000"), (-1_234_567, "-1,234,567")])
  func thousands(number: Int, text: String) { #expect(number.grouped == text) }
}
