import GANGraph
import GANNetworks
import GANRuntime
import GANTensor

/// A discriminator's logits anywhere in the line or the plane.
///
/// Its identity is its program. It belongs to the thread of its device.
final class LogitField {
  private let executable: CPUExecutable
  private let dimension: Int
  private let packing: Int
  private let batchSize = 4_096

  /// Prepares a discriminator.
  ///
  /// - Parameters:
  ///   - discriminator: Its parameters' states begin with "discriminator".
  ///   - packing: Points it judges together; each is then judged beside copies of itself.
  ///   - prepare: Prepares the graph where those states are.
  init(
    _ discriminator: NetworkDescription, packing: Int = 1,
    prepare: (Graph) throws -> CPUExecutable
  ) throws {
    let builder = GraphBuilder()
    let size = discriminator.inputShape.elementCount
    let network = Network(discriminator, prefix: DiscriminatorLearner.prefix, in: builder)
    builder.output(network(builder.input("points", [batchSize, size])), as: "logits")
    executable = try prepare(builder.finish().optimized())
    (dimension, self.packing) = (size / packing, packing)
  }

  /// The logits, before any sigmoid, one for each point.
  func logits(at points: [SIMD2<Double>]) throws -> [Double] {
    var logits: [Double] = []
    logits.reserveCapacity(points.count)
    for first in stride(from: 0, to: points.count, by: batchSize) {
      let count = min(batchSize, points.count - first)
      let input = try executable.input("points").bindMemory(to: Float.self)
      for index in 0..<count {
        let place = index * dimension * packing
        for offset in 0..<dimension * packing {
          input[place + offset] = Float(points[first + index][offset % dimension])
        }
      }
      executable.run()
      let output = try executable.output("logits").bindMemory(to: Float.self)
      logits += output.prefix(count).map(Double.init)
    }
    return logits
  }
}
