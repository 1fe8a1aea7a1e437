/// An arrangement of a network's layers.
public enum Architecture: String, Codable, CaseIterable, Hashable, Sendable {
  /// Linear layers.
  case mlp
  /// Convolutions that double or halve the images.
  case dcgan
  /// Residual blocks that double or halve them.
  case resnet
  /// Residual blocks of grouped convolutions without normalisation, between smoothed images.
  case r3gan
}
