import Foundation
import GANTensor

/// A way to draw weights. Biases begin at 0 but for PyTorch's; what follows a normalisation begins
/// as the identity but for DCGAN's scales.
package enum Initialization: String, Codable, CaseIterable, Hashable, Sendable {
  /// Weights and biases uniform within `±1/√(fan-in)`, embeddings standard normal: what PyTorch's
  /// layers do by themselves.
  case pytorch
  /// Weights normal with deviation 0.02 and scales around 1 likewise, embeddings standard normal.
  ///
  /// - Source: Radford et al., "Unsupervised Representation Learning with Deep Convolutional
  ///   Generative Adversarial Networks", 2015, arXiv:1511.06434, as its PyTorch code has it.
  case dcgan
  /// Weights normal with variance `2 / fan-in`.
  ///
  /// - Source: He et al., "Delving Deep into Rectifiers", 2015, arXiv:1502.01852.
  case he
  /// Weights uniform within `±√(6 / (fan-in + fan-out))`.
  ///
  /// - Source: Glorot & Bengio, "Understanding the difficulty of training deep feedforward neural
  ///   networks", 2010.
  case xavier
  /// Weights are matrices with orthonormal rows, or columns where those are fewer.
  ///
  /// - Source: Saxe et al., "Exact solutions to the nonlinear dynamics of learning in deep linear
  ///   neural networks", 2013, arXiv:1312.6120.
  case orthogonal
  /// Weights normal with variance `1 / fan-in`; in the main branch of residual blocks, of which there
  /// are L, `2 / (1 + 0.2²) · L^(-1 / (m - 1))` times that for all of its m weights but the last, which
  /// begins at 0: every block begins as its shortcut. Embeddings have variance `1 / classes`.
  ///
  /// - Source: Zhang, Dauphin, Ma, "Fixup Initialization: Residual Learning Without Normalization",
  ///   2019, arXiv:1901.09321, for LeakyReLU of slope 0.2 as in arXiv:2501.05441.
  case fixup
}

extension Initialization {
  /// A parameter's first values, from the numbers of a stream in order.
  ///
  /// - Parameter blockCount: Residual blocks in the network.
  func values(
    of parameter: NetworkDescription.Parameter, blockCount: Int, from stream: RandomStream
  ) -> [Float] {
    let indices = 0..<parameter.shape.elementCount
    func uniform(within bound: Double) -> [Float] {
      indices.map { (2 * stream.uniform(at: $0) - 1) * Float(bound) }
    }
    func normal(mean: Float = 0, deviation: Double) -> [Float] {
      indices.map { mean + stream.normal(at: $0) * Float(deviation) }
    }
    switch parameter.role {
    case .weight(let fanIn, let fanOut, _):
      switch self {
      case .pytorch: return uniform(within: 1 / Double(fanIn).squareRoot())
      case .dcgan: return normal(deviation: 0.02)
      case .he: return normal(deviation: (2 / Double(fanIn)).squareRoot())
      case .xavier: return uniform(within: (6 / Double(fanIn + fanOut)).squareRoot())
      case .orthogonal: return orthonormal(parameter.shape, normal(deviation: 1))
      case .fixup:
        let gain = Self.fixupGain(at: parameter.placeInBlock, blockCount: blockCount)
        return gain > 0
          ? normal(deviation: gain / Double(fanIn).squareRoot()) : indices.map { _ in 0 }
      }
    case .embedding:
      let (rows, columns) = (parameter.shape[0], parameter.shape[1])
      switch self {
      case .pytorch, .dcgan: return normal(deviation: 1)
      case .he: return normal(deviation: (2 / Double(columns)).squareRoot())
      case .xavier: return uniform(within: (6 / Double(rows + columns)).squareRoot())
      case .orthogonal: return orthonormal(parameter.shape, normal(deviation: 1))
      case .fixup: return normal(deviation: 1 / Double(rows).squareRoot())
      }
    case .bias(let fanIn):
      return self == .pytorch
        ? uniform(within: 1 / Double(fanIn).squareRoot()) : indices.map { _ in 0 }
    case .scale:
      return self == .dcgan ? normal(mean: 1, deviation: 0.02) : indices.map { _ in 1 }
    case .shift: return indices.map { _ in 0 }
    }
  }

  /// The deviation of a weight times the root of its fan-in.
  private static func fixupGain(
    at place: NetworkDescription.Parameter.PlaceInBlock?, blockCount: Int
  ) -> Double {
    guard let place else { return 1 }
    guard !place.isLast else { return 0 }
    let exponent = -1 / Double(2 * (place.count - 1))
    return (2 / (1 + 0.2 * 0.2)).squareRoot() * pow(Double(blockCount), exponent)
  }

  /// Orthonormal rows, or columns where those are fewer, of a matrix whose rows are the first axis:
  /// Gram-Schmidt's, twice for precision.
  private func orthonormal(_ shape: Shape, _ normals: [Float]) -> [Float] {
    let rows = shape[0]
    let columns = shape.elementCount / rows
    let (count, length) = (min(rows, columns), max(rows, columns))
    var vectors = (0..<count).map { i in (0..<length).map { Double(normals[i * length + $0]) } }
    for i in 0..<count {
      for j in [0..<i, 0..<i].joined() {
        let overlap = dotProduct(vectors[i], vectors[j])
        for k in 0..<length { vectors[i][k] -= overlap * vectors[j][k] }
      }
      let norm = dotProduct(vectors[i], vectors[i]).squareRoot()
      for k in 0..<length { vectors[i][k] /= norm }
    }
    return (0..<rows * columns).map { index in
      let (row, column) = index.quotientAndRemainder(dividingBy: columns)
      return Float(rows <= columns ? vectors[row][column] : vectors[column][row])
    }
  }

  private func dotProduct(_ a: [Double], _ b: [Double]) -> Double {
    zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
  }
}
