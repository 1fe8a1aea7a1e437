import GANNetworks
import GANTensor
import GANTraining
import Testing

@testable import GANCommands

@Suite("A network's table shows what its layers are and cost")
struct NetworkTableTests {
  @Test("It is as wide as asked for at most", arguments: Recipe.all.map(\.name))
  func width(name: String) throws {
    let options = try Recipe.named(name).options
    for player in Role.pair {
      let summary = NetworkSummary(options.network(of: player))
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
