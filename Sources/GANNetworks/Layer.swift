/// One layer of a network, with every hyperparameter; what a checkpoint carries of it.
///
/// Each kind has a file of its own in `Layers/`, with its rule, its parameters and its mathematics.
package struct Layer: Sendable {
  /// The kind of layer, with its hyperparameters.
  package let content: any LayerContent

  package init(_ content: some LayerContent) { self.content = content }

  /// Every kind there is, for reading layers from files.
  static let kinds: [any LayerContent.Type] = [
    Linear.self, Convolution2D.self, TransposedConvolution2D.self, ReLU.self, LeakyReLU.self,
    Tanh.self, Softplus.self, Reshape.self, BatchNorm.self, SpectralNorm.self, SumPooling.self,
    LabelConcatenation.self, Projection.self, LayerNorm.self, InstanceNorm.self, Dropout.self,
    MinibatchDeviation.self, Upsampling.self, AveragePooling.self, Residual.self,
    BinomialResampling.self, ChannelBasis.self, ClassProduct.self, Clipping.self,
  ]
}

extension Layer: Hashable {
  package static func == (lhs: Layer, rhs: Layer) -> Bool {
    AnyHashable(lhs.content) == AnyHashable(rhs.content)
  }

  package func hash(into hasher: inout Hasher) { hasher.combine(AnyHashable(content)) }
}

extension Layer: CustomStringConvertible {
  package var description: String { content.description }
}

extension Layer: Codable {
  private enum CodingKeys: String, CodingKey { case kind }

  /// Reads a layer of a known kind whose extents are sound.
  ///
  /// Files outlive versions: what a kind gains later it must read with `decodeIfPresent`.
  ///
  /// - Throws: `UnknownLayerError` where there is no such kind; `DecodingError`.
  package init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    let kind = try values.decode(String.self, forKey: .kind)
    guard let type = Self.kinds.first(where: { $0.kind == kind }) else {
      throw UnknownLayerError(novelty: "the layer \(kind)")
    }
    let content = try type.init(from: decoder)
    guard content.isSound else {
      throw DecodingError.dataCorruptedError(
        forKey: .kind, in: values, debugDescription: "\(content) is no layer")
    }
    self.init(content)
  }

  package func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(type(of: content).kind, forKey: .kind)
    try content.encode(to: encoder)
  }
}

/// A description of networks has what this version does not know.
package struct UnknownLayerError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What that is, in a phrase: `the layer attention`.
  package let description: String

  package init(novelty: String) { description = novelty }
}

extension Decoder {
  /// A choice by its name, of which later versions may have more.
  ///
  /// - Parameter what: What is chosen, for the error.
  /// - Throws: `UnknownLayerError` where there is no such choice; `DecodingError`.
  func knownChoice<Choice: RawRepresentable<String>>(_ what: String) throws -> Choice {
    let name = try singleValueContainer().decode(String.self)
    guard let choice = Choice(rawValue: name) else {
      throw UnknownLayerError(novelty: "the \(what) \(name)")
    }
    return choice
  }
}
