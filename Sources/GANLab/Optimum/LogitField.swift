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
  private let batchSize = 4_096

  /// Prepares a discriminator whose parameters are in `state`.
  init(
    _ discriminator: NetworkDescription, on device: CPUDevice, state: StateStore
  ) throws {
    let builder = GraphBuilder()
    dimension = discriminator.inputShape.elementCount
    let network = Network(discriminator, prefix: DiscriminatorLearner.prefix, in: builder)
    builder.output(network(builder.input("points", [batchSize, dimension])), as: "logits")
    executable = try CPUExecutable(builder.finish().optimized(), on: device, state: state)
  }

  /// The logits, before any sigmoid, one for each point.
  func logits(at points: [SIMD2<Double>]) throws -> [Double] {
    var logits: [Double] = []
    logits.reserveCapacity(points.count)
    for first in stride(from: 0, to: points.count, by: batchSize) {
      let count = min(batchSize, points.count - first)
      let input = try executable.input("points").bindMemory(to: Float.self)
      for index in 0..<count {
        for axis in 0..<dimension {
          input[index * dimension + axis] = Float(points[first + index][axis])
        }
      }
      executable.run()
      let output = try executable.output("logits").bindMemory(to: Float.self)
      logits += output.prefix(count).map(Double.init)
    }
    return logits
  }
}
