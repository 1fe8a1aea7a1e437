import GANGraph
import GANNetworks
import GANRuntime
import GANTensor
import GANTraining

/// How far a generator's images are from given ones, and in which direction of the latents they come
/// nearer.
///
/// Its identity is its program. It belongs to the thread of its device.
final class InversionProgram {
  /// Images at once.
  static let batchSize = 64

  private let executable: any Executable
  private let inputs: (latents: InputPlace, targets: InputPlace, labels: InputPlace?)
  private let outputs: (errors: OutputPlace, slopes: OutputPlace)

  /// Prepares a generator.
  ///
  /// - Throws: `RuntimeError`.
  init(_ generator: SavedNetwork, on device: any Device) throws {
    let builder = GraphBuilder()
    let description = generator.network
    let batchSize = Self.batchSize
    let network = Network(description, prefix: "network", in: builder)
    let latents = builder.input(
      "latents", Shape([batchSize] + description.inputShape.dimensions))
    let targets = builder.input("targets", [batchSize, generator.options.itemShape.elementCount])
    let labels = description.classCount.map { _ in builder.input("labels", [batchSize], .int32) }
    let images = network(latents, .inference(labels: labels)).reshaped(to: targets.shape)
    let difference = images - targets
    let errors = difference.summedSquares(over: [1]) / Double(targets.shape[1])
    let slopes = errors.sum().gradients(withRespectTo: [latents])[0]
    builder.output(errors, as: "errors")
    builder.output(slopes, as: "slopes")
    let graph = try builder.finish().optimized(for: device.profile)
    let state = try device.makeState(
      description.tensorTypes.map { ("network.\($0.name)", $0.type) })
    for (name, tensor) in generator.tensors { try state.write(tensor, to: "network.\(name)") }
    let executable = try device.prepare(graph, state: state)
    self.executable = executable
    inputs = (
      try executable.input("latents"), try executable.input("targets"),
      try labels.map { _ in try executable.input("labels") }
    )
    outputs = (try executable.output("errors"), try executable.output("slopes"))
  }

  /// The mean squared differences of pixels, `[B]`, and their gradients, `[B, L]`.
  ///
  /// - Parameters:
  ///   - latents: `[B, L]`, B at most `batchSize`.
  ///   - targets: `[B, C · H · W]`.
  ///   - labels: `[B]`; of no effect on a generator that is told no classes.
  func evaluate(
    latents: [Float], targets: [Float], labels: [Int32]
  ) -> (errors: [Float], slopes: [Float]) {
    executable.write(latents, to: inputs.latents)
    executable.write(targets, to: inputs.targets)
    if let place = inputs.labels { executable.write(labels, to: place) }
    executable.run()
    return (
      Array(executable.tensor(outputs.errors).floats.prefix(labels.count)),
      Array(executable.tensor(outputs.slopes).floats.prefix(latents.count))
    )
  }
}
