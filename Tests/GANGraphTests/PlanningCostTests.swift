import GANGraph
import GANTensor
import GANTestSupport
import Testing

@Suite("Planning a step takes as long as the step is, however many updates it has")
struct PlanningCostTests {
  /// A network that learns so many times from what another makes, with momentum; what each update
  /// reads but the parameters is of its own, or shared by all.
  private func graph(updates: Int) throws -> Graph {
    let builder = GraphBuilder()
    let maker = builder.state("maker", [4, 6])
    let (weight, bias) = (builder.state("weight", [6, 3]), builder.state("bias", [3]))
    let momentum = builder.state("momentum", [6, 3])
    var (w, b, m) = (weight, bias, momentum)
    for number in 0..<updates {
      let x = builder.input("x\(number)", [5, 4]).matmul(maker).tanh()
      let y = (x.matmul(w) + b.broadcast(to: [5, 3], axes: [1])).leakyReLU(slope: 0.2)
      let loss = (y * y).softplus().mean()
      builder.output(loss, as: "loss\(number)")
      let gradients = loss.gradients(withRespectTo: [w, b])
      m = m * 0.9 + gradients[0] * 0.1
      (w, b) = (w - m * 0.5, b - gradients[1] * 0.5)
    }
    builder.update(weight, to: w)
    builder.update(bias, to: b)
    builder.update(momentum, to: m)
    return try builder.finish()
  }

  @Test("Twice the updates are twice the nodes, and units and blocks looked at")
  func visitsAreLinear() throws {
    var counts: [(nodes: Int, units: Int, blocks: Int)] = []
    var profile = PlanningProfile.processor
    profile.productFusion = .optimiser
    for updates in [40, 80, 160] {
      let graph = try graph(updates: updates).optimized()
      let schedule = Schedule(graph, profile)
      var blocks = 0
      _ = planArena(schedule.buffers, visitCount: &blocks)
      counts.append((graph.nodes.count, schedule.visitCount, blocks))
    }
    for (fewer, more) in zip(counts, counts.dropFirst()) {
      #expect(Double(more.nodes) < 2.01 * Double(fewer.nodes), "\(counts)")
      #expect(Double(more.units) < 2.1 * Double(fewer.units), "\(counts)")
      // A buffer is looked for at as many places as the logarithm of the kernels' number says.
      #expect(Double(more.blocks) < 2.5 * Double(fewer.blocks), "\(counts)")
    }
  }

  @Test("The gradients of each update are as many nodes as those of the first")
  func gradientsAreLocal() throws {
    let counts = try [10, 20, 30].map { try graph(updates: $0).nodes.count }
    #expect(counts[2] - counts[1] == counts[1] - counts[0])
  }
}
