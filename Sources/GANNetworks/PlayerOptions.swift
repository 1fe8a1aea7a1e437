/// The options of a network, apart from its architecture and the sizes at its ends.
package struct PlayerOptions: Encodable, Equatable, Sendable {
  /// Outputs of each hidden layer, or channels, from the input on.
  package var hidden = [256, 256]
  /// The activation after each of them.
  package var activation: Activation
  /// The normalisation between the two.
  package var normalization = Normalization.none
  /// Probability with which a hidden unit drops out.
  package var dropout = 0.0

  package init(activation: Activation) { self.activation = activation }
}

/// A normalisation of a layer's outputs or weights.
package enum Normalization: String, Codable, CaseIterable, Hashable, Sendable {
  case none
  /// Of outputs over the batch.
  case batch
  /// Of outputs over the item.
  case layer
  /// Of outputs over each channel of an item; of images only.
  case instance
  /// Of weights, by their greatest singular value.
  case spectral
}

/// A way to tell networks classes.
public enum Conditioning: String, Codable, CaseIterable, Hashable, Sendable {
  /// Not at all.
  case none
  /// Both networks find a class's vector beside their input.
  ///
  /// - Source: Mirza & Osindero 2014, arXiv:1411.1784.
  case concatenation
  /// The generator likewise; the discriminator multiplies a class's vector with its features.
  ///
  /// - Source: Miyato & Koyama 2018, arXiv:1802.05637.
  case projection
  /// The generator likewise; the discriminator is told none and names one.
  ///
  /// - Source: Odena et al. 2016, arXiv:1610.09585.
  case auxiliaryClassifier = "auxiliary-classifier"
}
