package import GANNetworks

/// A network's layers and their cost; its JSON is part of `gan info --json` and
/// `gan recipes show --json`.
package struct NetworkSummary: Codable, Sendable {
  /// Values that training changes.
  package var parameterCount: Int
  /// Multiply-adds of one forward pass, for one item.
  package var multiplyAddsPerItem: Int
  /// The layers with their shapes and figures.
  package var layers: [LayerSummary]
  /// The layers as files have them.
  package var description: NetworkDescription

  /// Measures a network.
  package init(_ description: NetworkDescription) {
    parameterCount = description.parameterCount
    multiplyAddsPerItem = description.multiplyAddsPerItem
    layers = description.layerSummaries
    self.description = description
  }
}
