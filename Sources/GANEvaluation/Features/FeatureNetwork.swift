package import GANNetworks
package import GANTensor

/// A network whose hidden values images are compared by: its layers and weights, its name and digest.
///
/// Numbers made with different networks cannot be compared, so both stand beside every number.
package struct FeatureNetwork: Sendable {
  /// Its name, such as `lenet-mnist-1`.
  package let name: String
  /// The SHA-256 digest of everything that decides its values, in hexadecimal: that of its file as
  /// `FeatureNetwork.write` writes it, without the seal.
  package let sha256: String
  /// `[C, H, W]`, values from -1 to 1, → `[features]`.
  package let features: NetworkDescription
  /// `[features]` → `[classes]`: logits before any softmax; nil for one that knows no classes.
  package let classifier: NetworkDescription?
  /// The weights, under `features.<name>` and `classifier.<name>`.
  package let tensors: [(name: String, tensor: HostTensor)]
  /// Names of the classes, where the data had some.
  package let classNames: [String]?

  /// Collects the parts.
  package init(
    name: String, features: NetworkDescription, classifier: NetworkDescription?,
    classNames: [String]?, tensors: [(name: String, tensor: HostTensor)]
  ) throws {
    self.name = name
    (self.features, self.classifier, self.classNames) = (features, classifier, classNames)
    self.tensors = tensors
    sha256 = try Self.digest(
      of: Self.contents(
        name: name, features: features, classifier: classifier, classNames: classNames, tensors))
  }

  /// The starts of the tensors' names, which are those of states in programs too.
  static let (featuresPrefix, classifierPrefix) = ("features", "classifier")

  /// The shape of the images it takes, `[C, H, W]`.
  package var imageShape: Shape { features.inputShape }

  /// The number of features of an image.
  package var featureCount: Int { (try? features.outputShape().elementCount) ?? 0 }

  /// Classes it tells apart; nil for one that knows none.
  package var classCount: Int? {
    classifier.flatMap { try? $0.outputShape().elementCount }
  }

  /// Its name and the start of its digest, for people.
  package var label: String { "\(name) (\(sha256.prefix(12)))" }

  /// Fixed random convolutions: features for images without classes, the same on every machine.
  ///
  /// Weights are He's normals of seed 0, biases zeros.
  ///
  /// - Source: Naeem et al., "Reliable Fidelity and Diversity Metrics for Generative Models", 2020,
  ///   arXiv:2002.09797, section 5: untrained embeddings.
  package static func random(for imageShape: Shape) throws -> FeatureNetwork {
    let features = FeaturePlan.features(of: imageShape, endsWithReLU: false)
    let tensors = features.parameters.enumerated().map { position, parameter in
      let stream = RandomStream(
        seed: 0, purpose: .featureInitialisation, step: UInt64(position))
      let scale: Double =
        switch parameter.role {
        case .weight(let fanIn, _, _): (2 / Double(fanIn)).squareRoot()
        default: 0
        }
      let values = (0..<parameter.shape.elementCount).map {
        Float(scale * Double(stream.normal(at: $0)))
      }
      return (
        name: "\(featuresPrefix).\(parameter.name)",
        tensor: HostTensor(shape: parameter.shape, values)
      )
    }
    return try FeatureNetwork(
      name: "random-convolutions-\(FeaturePlan.revision)", features: features, classifier: nil,
      classNames: nil, tensors: tensors)
  }
}
