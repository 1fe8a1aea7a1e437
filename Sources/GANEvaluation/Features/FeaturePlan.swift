package import GANNetworks
package import GANTensor

/// The arrangement of networks that judge images: convolutions of stride 2 down to a few pixels, then
/// a hidden layer whose values are the features, and for a classifier a layer of logits.
///
/// - Source: LeCun et al., "Gradient-Based Learning Applied to Document Recognition", 1998: the idea;
///   strides in place of subsampling, and ReLU.
package enum FeaturePlan {
  /// The revision in the networks' names: another arrangement or training has another number.
  package static let revision = 1
  /// The number of features of an image.
  package static let featureCount = 128
  /// Images with sides beyond these are not judged.
  package static let sides = 4...1_024
  /// Convolutions go on until no side is longer.
  private static let finalSide = 4
  private static let channels = (first: 32, later: 64)

  /// `[C, H, W]` → `[128]`: 5 × 5 to 32 channels, then 3 × 3 to 64, each of stride 2 with a ReLU, until
  /// no side is longer than 4; then a linear layer.
  ///
  /// - Parameter endsWithReLU: True for features that a classifier learns.
  package static func features(of imageShape: Shape, endsWithReLU: Bool) -> NetworkDescription {
    var shape = imageShape
    var layers: [Layer] = []
    repeat {
      let isFirst = layers.isEmpty
      let outputs = isFirst ? channels.first : channels.later
      layers.append(
        .convolution(
          inputs: shape[0], outputs: outputs, window: isFirst ? 5 : 3, stride: 2,
          padding: isFirst ? 2 : 1))
      layers.append(.relu)
      shape = [outputs, (shape[1] + 1) / 2, (shape[2] + 1) / 2]
    } while max(shape[1], shape[2]) > finalSide
    layers.append(.reshape(to: [shape.elementCount]))
    layers.append(.linear(inputs: shape.elementCount, outputs: featureCount))
    if endsWithReLU { layers.append(.relu) }
    return NetworkDescription(inputShape: imageShape, layers: layers)
  }

  /// `[128]` → `[classes]`.
  package static func classifier(classCount: Int) -> NetworkDescription {
    NetworkDescription(inputShape: [featureCount]) {
      Layer.linear(inputs: featureCount, outputs: classCount)
    }
  }
}
