package import GANGraph
package import GANNetworks
package import GANRuntime
import GANTensor

/// A discriminator's logits anywhere in the line or the plane.
///
/// Its identity is its program. It belongs to the thread of its device.
package final class LogitField {
  private let executable: any Executable
  private let dimension: Int
  private let packing: Int
  private let batchSize = 4_096

  /// Prepares a discriminator.
  ///
  /// - Parameters:
  ///   - discriminator: Its parameters' states begin with "discriminator".
  ///   - packing: Points it judges together; each is then judged beside copies of itself.
  ///   - prepare: Optimises the graph and prepares it where those states are.
  package init(
    _ discriminator: NetworkDescription, packing: Int = 1,
    prepare: (Graph) throws -> any Executable
  ) throws {
    let builder = GraphBuilder()
    let size = discriminator.inputShape.elementCount
    let network = Network(discriminator, prefix: DiscriminatorLearner.prefix, in: builder)
    builder.output(network(builder.input("points", [batchSize, size])), as: "logits")
    executable = try prepare(builder.finish())
    (dimension, self.packing) = (size / packing, packing)
  }

  /// The logits, before any sigmoid, one for each point.
  package func logits(at points: [SIMD2<Double>]) throws -> [Double] {
    var logits: [Double] = []
    logits.reserveCapacity(points.count)
    var input = [Float](repeating: 0, count: batchSize * dimension * packing)
    for first in stride(from: 0, to: points.count, by: batchSize) {
      let count = min(batchSize, points.count - first)
      for index in 0..<count {
        let place = index * dimension * packing
        for offset in 0..<dimension * packing {
          input[place + offset] = Float(points[first + index][offset % dimension])
        }
      }
      executable.write(input, to: try executable.input("points"))
      executable.run()
      logits += try executable.tensor("logits").floats.prefix(count).map(Double.init)
    }
    return logits
  }
}
