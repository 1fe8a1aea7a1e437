package import GANData
import GANGraph
import GANLearning
import GANNetworks
package import GANRuntime
import GANTensor
import GANTraining

/// A classifier that learns the labels of images.
///
/// Its identity is what it has learnt. It belongs to the thread of its device.
package final class ClassifierSession: Stepping {
  /// Updates so far.
  package private(set) var step = 0
  private let dataset: any TrainingData
  private let labels: [UInt8]
  private let features: NetworkDescription
  private let classifier: NetworkDescription
  private let state: any StateStore
  private let executable: any Executable
  private let inputs: (images: InputPlace, labels: InputPlace, learningRate: InputPlace)
  private let loss: OutputPlace
  private let batchSize: Int
  private let shifted: ShiftedBatch
  private var batch: [UInt8]
  /// The order of the images in the present pass over the data, and which pass that is.
  private var order: (pass: Int, indices: [Int32])

  /// Draws the first weights and prepares the program.
  ///
  /// - Parameter dataset: Images with labels.
  /// - Throws: `RuntimeError` where this machine cannot run it.
  package init(_ dataset: any TrainingData, on device: any Device) throws {
    guard let labels = dataset.labels, let classCount = dataset.classCount else {
      preconditionFailure("\(dataset.name) has no classes to learn")
    }
    let batchSize = min(ClassifierTraining.batchSize, dataset.count)
    let features = FeaturePlan.features(of: dataset.itemShape, endsWithReLU: true)
    let classifier = FeaturePlan.classifier(classCount: classCount)
    let graph = try Self.graph(features, classifier, batchSize: batchSize)
      .optimized(for: device.profile)
    state = try device.makeState(graph.stateTypes)
    for (name, tensor) in Self.initialTensors(features, classifier) {
      try state.write(tensor, to: name)
    }
    executable = try device.prepare(graph, state: state)
    inputs = (
      try executable.input("images"), try executable.input("labels"),
      try executable.input("learningRate")
    )
    loss = try executable.output("loss")
    (self.dataset, self.labels, self.batchSize) = (dataset, labels, batchSize)
    (self.features, self.classifier) = (features, classifier)
    shifted = ShiftedBatch(imageShape: dataset.itemShape, data: dataset.storage)
    batch = [UInt8](repeating: 0, count: batchSize * dataset.itemShape.elementCount)
    order = (0, Self.order(ofPass: 0, count: dataset.count))
  }

  /// The loss of the last update, in nats.
  package var lastLoss: Float { executable.float(loss) }

  /// Learns from the next batch.
  package func runStep() {
    let shape = dataset.itemShape
    let stream = RandomStream(
      seed: ClassifierTraining.seed, purpose: .classifierShift, step: UInt64(step))
    let reach = (
      rows: ClassifierTraining.greatestShift(along: shape[1]),
      columns: ClassifierTraining.greatestShift(along: shape[2])
    )
    var chosen: [Int32] = []
    for place in 0..<batchSize {
      let (pass, position) = (step * batchSize + place).quotientAndRemainder(
        dividingBy: dataset.count)
      if pass != order.pass { order = (pass, Self.order(ofPass: pass, count: dataset.count)) }
      let index = Int(order.indices[position])
      let rows = Int(stream.word(at: 2 * place) % UInt32(2 * reach.rows + 1)) - reach.rows
      let columns =
        Int(stream.word(at: 2 * place + 1) % UInt32(2 * reach.columns + 1)) - reach.columns
      shifted.write(index, movedBy: rows, columns, to: place, of: &batch)
      chosen.append(Int32(labels[index]))
    }
    executable.write(batch, to: inputs.images)
    executable.write(chosen, to: inputs.labels)
    executable.write([ClassifierTraining.learningRate(ofStep: step)], to: inputs.learningRate)
    executable.run()
    step += 1
  }

  /// What it has learnt.
  ///
  /// - Throws: `TrainingError.diverged` where a weight is not finite.
  package func network() throws -> FeatureNetwork {
    var tensors: [(name: String, tensor: HostTensor)] = []
    for (prefix, network) in [
      (FeatureNetwork.featuresPrefix, features), (FeatureNetwork.classifierPrefix, classifier),
    ] {
      for name in network.tensorNames {
        let tensor = try state.tensor("\(prefix).\(name)")
        guard tensor.floats.allSatisfy(\.isFinite) else {
          throw TrainingError.diverged(step: step, epoch: order.pass + 1, tensor: name)
        }
        tensors.append(("\(prefix).\(name)", tensor))
      }
    }
    return try FeatureNetwork(
      name: FeatureNetwork.classifierName(ofData: dataset.name), features: features,
      classifier: classifier, classNames: dataset.classNames, tensors: tensors)
  }

  /// The data to go on from: parameters, moments and the number of updates.
  func checkpoint() throws(RuntimeError) -> [(name: String, tensor: HostTensor)] {
    try state.tensors()
  }

  /// Goes on from what `checkpoint` gave, to the same weights.
  ///
  /// - Throws: `RuntimeError` where a tensor is missing or has another type; nothing is changed then.
  func restore(_ tensors: [String: HostTensor]) throws(RuntimeError) {
    try state.restore(tensors)
    step = Int(try state.tensor(Self.updatesName).int64s[0])
  }

  /// The name of the state that counts the updates.
  private static let updatesName = "optimizer.updates"

  private static func order(ofPass pass: Int, count: Int) -> [Int32] {
    RandomStream(seed: ClassifierTraining.seed, purpose: .classifierOrder, step: UInt64(pass))
      .permutation(count: count)
  }

  private static func initialTensors(
    _ features: NetworkDescription, _ classifier: NetworkDescription
  ) -> [(name: String, tensor: HostTensor)] {
    let first = features.initialTensors(
      seed: ClassifierTraining.seed, purpose: .featureInitialisation)
    let second = classifier.initialTensors(
      seed: ClassifierTraining.seed, purpose: .featureInitialisation,
      firstStep: UInt64(features.parameters.count))
    return first.map { ("\(FeatureNetwork.featuresPrefix).\($0.name)", $0.tensor) }
      + second.map { ("\(FeatureNetwork.classifierPrefix).\($0.name)", $0.tensor) }
  }

  /// One update by Adam of both networks.
  private static func graph(
    _ features: NetworkDescription, _ classifier: NetworkDescription, batchSize: Int
  ) throws -> Graph {
    let builder = GraphBuilder()
    var networks = [
      Network(features, prefix: FeatureNetwork.featuresPrefix, in: builder),
      Network(classifier, prefix: FeatureNetwork.classifierPrefix, in: builder),
    ]
    let names = [FeatureNetwork.featuresPrefix, FeatureNetwork.classifierPrefix]
    var optimizers = names.map {
      Adam(AdamOptions(), prefix: "optimizer.\($0)", in: builder)
    }
    let updates = builder.state(updatesName, .scalar, .int64)
    let images = normalizedImages(features.inputShape, batchSize: batchSize, in: builder)
    let logits = ClassLogits(networks[1](networks[0](images)))
    let loss = logits.crossEntropy(of: builder.input("labels", [batchSize], .int32))
    let learningRate = builder.input("learningRate", .scalar)
    let parameters = networks.map(\.orderedParameters)
    var gradients = loss.gradients(withRespectTo: parameters.flatMap { $0.map(\.tensor) })[...]
    for index in networks.indices {
      let correction = optimizers[index].correction(
        update: updates + 1, learningRate: learningRate)
      let own = gradients.prefix(parameters[index].count)
      gradients = gradients.dropFirst(parameters[index].count)
      networks[index].adopt(
        optimizers[index].step(parameters[index], gradients: own, correction))
      networks[index].recordUpdates()
      optimizers[index].recordUpdates()
    }
    builder.update(updates, to: updates + 1)
    builder.output(loss, as: "loss")
    return try builder.finish()
  }
}

extension FeatureNetwork {
  /// The name of a classifier: `lenet-mnist-1`.
  package static func classifierName(ofData name: String) -> String {
    "lenet-\(name)-\(FeaturePlan.revision)"
  }
}

/// A batch of images from bytes, `[B, C, H, W]` in `[-1, 1]`, of an input `images`.
func normalizedImages(
  _ imageShape: Shape, batchSize: Int, in builder: GraphBuilder
) -> Tensor {
  let bytes = builder.input("images", [batchSize, imageShape.elementCount], .uint8)
  let values = (bytes.converted(to: .float32) / 255 - 0.5) * 2
  return values.reshaped(to: Shape([batchSize] + imageShape.dimensions))
}
