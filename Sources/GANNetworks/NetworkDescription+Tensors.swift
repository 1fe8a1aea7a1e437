package import GANGraph
package import GANTensor

// What a network consists of beside its layers' rules.
extension NetworkDescription {
  /// A tensor that training changes.
  package struct Parameter: Hashable, Sendable {
    /// The name in files, such as `0.weight`; of a layer, the name inside it.
    package var name: String
    package let shape: Shape
    /// Its role, which decides how it is drawn.
    package let role: Role
    /// The axis of the outputs, where the weight is divided by its spectral norm.
    package var spectralAxis: Int?
    /// The place of a weight in the main branch of a residual block; nil elsewhere.
    package var placeInBlock: PlaceInBlock?

    /// The place of a weight among those of a branch.
    package struct PlaceInBlock: Hashable, Sendable {
      /// The number of weights before it.
      package let index: Int
      /// The number of weights in the branch.
      package let count: Int

      /// True of the last one, which ends the branch.
      package var isLast: Bool { index == count - 1 }
    }

    /// The role of a parameter.
    package enum Role: Hashable, Sendable {
      /// Multiplies `fanIn` inputs for each output; each input reaches `fanOut` outputs.
      case weight(fanIn: Int, fanOut: Int, outputAxis: Int)
      /// Is added to a sum over `fanIn` inputs.
      case bias(fanIn: Int)
      /// Is looked up by class.
      case embedding
      /// Multiplies what was normalised.
      case scale
      /// Is added to what was normalised.
      case shift
    }

    /// The parameter in a network, or in a layer of layers.
    func prefixed(_ prefix: String) -> Parameter {
      var copy = self
      copy.name = prefix + name
      return copy
    }
  }

  /// A tensor that the network remembers from batch to batch, without learning it.
  package struct Buffer: Hashable, Sendable {
    /// The name in files, such as `1.running_mean`; of a layer, the name inside it.
    package var name: String
    package let type: TensorType
    /// The first value of every element; nil for vectors of a power iteration, which are drawn.
    package let initial: Double?
    /// True of variances, which cannot be negative.
    package var isVariance = false

    /// The buffer in a network, or in a layer of layers.
    func prefixed(_ prefix: String) -> Buffer {
      var copy = self
      copy.name = prefix + name
      return copy
    }
  }
}

extension [NetworkDescription.Parameter] {
  /// A weight and, where it has one, its bias.
  ///
  /// - Parameter bias: Elements of the bias.
  static func weight(
    _ shape: Shape, bias: Int?, fanIn: Int, fanOut: Int, outputAxis: Int = 0
  ) -> Self {
    let weight = NetworkDescription.Parameter(
      name: "weight", shape: shape,
      role: .weight(fanIn: fanIn, fanOut: fanOut, outputAxis: outputAxis))
    guard let bias else { return [weight] }
    return [weight, .init(name: "bias", shape: [bias], role: .bias(fanIn: fanIn))]
  }

  /// Scale and shift after a normalisation.
  static func scaleAndShift(_ shape: Shape) -> Self {
    [
      .init(name: "weight", shape: shape, role: .scale),
      .init(name: "bias", shape: shape, role: .shift),
    ]
  }
}

extension NetworkDescription.Parameter {
  /// True of what multiplies inputs.
  var isWeight: Bool { if case .weight = role { true } else { false } }

  /// A row for each class.
  static func embedding(_ name: String, _ shape: Shape) -> Self {
    Self(name: name, shape: shape, role: .embedding)
  }
}
