import GANGraph
import GANTensor

// Names and shapes of spectral normalisation, which are PyTorch's.
extension NetworkDescription.Parameter {
  /// True for a matrix, or what stands for one, that has a spectral norm.
  var isMatrix: Bool {
    switch role {
    case .weight, .embedding: true
    case .bias, .scale, .shift: false
    }
  }

  /// The parameter that is divided by its spectral norm: `weight` becomes
  /// `parametrizations.weight.original`.
  var spectrallyNormalised: Self {
    var copy = self
    let (place, plain) = nameParts
    copy.name = "\(place)parametrizations.\(plain).original"
    if case .weight(_, _, let axis) = role {
      copy.spectralAxis = axis
    } else {
      copy.spectralAxis = 0
    }
    return copy
  }

  /// The name that the layer knows it by.
  package var plainName: String {
    guard spectralAxis != nil else { return name }
    return name.replacing("parametrizations.", with: "").replacing(".original", with: "")
  }

  /// The left and the right vector of its power iteration, `[outputs]` and `[inputs]`.
  var spectralVectors: [NetworkDescription.Buffer] {
    guard let spectralAxis else { return [] }
    let outputs = shape[spectralAxis]
    return zip(spectralVectorNames, [outputs, shape.elementCount / outputs]).map {
      .init(name: $0, type: TensorType([$1], .float32), initial: nil)
    }
  }

  /// Their names; empty where there are none.
  var spectralVectorNames: [String] {
    guard spectralAxis != nil else { return [] }
    let stem = name.replacing(".original", with: ".0")
    return ["\(stem)._u", "\(stem)._v"]
  }

  /// The name before its last part, and that part.
  private var nameParts: (place: String, plain: String) {
    let parts = name.split(separator: ".")
    let place = parts.dropLast().map { "\($0)." }.joined()
    return (place, String(parts.last ?? ""))
  }
}
