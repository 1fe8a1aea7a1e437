import Foundation
import GANStatistics
import GANTensor
import Testing

/// Pairs of a real and a generated set whose difference is known: fifteen ways to be wrong, in
/// miniature, and one to be right.
///
/// - Source: the sanity checks of "Position: All Current Generative Fidelity and Diversity Metrics are
///   Flawed", 2025, arXiv:2505.22450.
enum SpoiledSets: String, CaseIterable, CustomTestStringConvertible {
  case nothing
  case meanShift
  case meanShiftWithOutliers
  case meanShiftWithHeavyTails
  case smallerDeviation
  case largerDeviation
  case simultaneousModeDropping
  case sequentialModeDropping
  case modeInvention
  case insideOfTheSphere
  case smallerCube
  case torusForSphere
  case oneModeForTwo
  case rescaledDimension
  case disjointDimensions
  case discreteValues

  var testDescription: String { rawValue }

  static let count = 500
  static let dimension = 8

  /// The sets, `[500, 8]` each.
  func sets() throws -> (real: FeatureSet, generated: FeatureSet) {
    (try set(isReal: true), try set(isReal: false))
  }

  /// Real items that no metric has seen.
  func freshReal() throws -> FeatureSet { try set(isReal: true, stream: 2) }

  private func set(isReal: Bool, stream: UInt64? = nil) throws -> FeatureSet {
    let stream = stream ?? (isReal ? 0 : 1)
    let normals = RandomStream(seed: 77, purpose: .worldData, step: stream)
    let uniforms = RandomStream(seed: 78, purpose: .worldData, step: stream)
    var values: [Float] = []
    for item in 0..<Self.count {
      let noise = (0..<Self.dimension).map { normals.normal(at: item * Self.dimension + $0) }
      let draws = (0..<Self.dimension).map { uniforms.uniform(at: item * Self.dimension + $0) }
      values += row(item, isReal: isReal, noise: noise, draws: draws)
    }
    return try FeatureSet(values, dimension: Self.dimension)
  }

  private func row(_ item: Int, isReal: Bool, noise: [Float], draws: [Float]) -> [Float] {
    let isGenerated = !isReal
    let share = Double(item) / Double(Self.count)
    switch self {
    case .nothing: return noise
    case .meanShift: return noise.map { $0 + (isGenerated ? 1 : 0) }
    case .meanShiftWithOutliers:
      // A hundredth of the real items lies at the place of the generated ones' mean.
      if isReal, item % 100 == 0 { return noise.map { $0 + 3 } }
      return noise.map { $0 + (isGenerated ? 3 : 0) }
    case .meanShiftWithHeavyTails:
      // Pareto's distribution with the exponent 2 of a length.
      let length = 1 / (1 - draws[0]).squareRoot()
      return noise.map { $0 * length / 2 + (isGenerated ? 1 : 0) }
    case .smallerDeviation: return noise.map { $0 * (isGenerated ? 0.6 : 1) }
    case .largerDeviation: return noise.map { $0 * (isGenerated ? 1.6 : 1) }
    case .simultaneousModeDropping:
      // Ten modes; the generator keeps half of each of nine for the tenth.
      let mode = isGenerated && share < 0.5 ? 0 : item % 10
      return place(noise, inMode: mode)
    case .sequentialModeDropping: return place(noise, inMode: item % (isGenerated ? 5 : 10))
    case .modeInvention: return place(noise, inMode: item % (isGenerated ? 10 : 5))
    case .insideOfTheSphere:
      let length = noise.reduce(0) { $0 + $1 * $1 }.squareRoot()
      return noise.map { $0 / length * (isGenerated ? 0.6 : 1) }
    case .smallerCube: return draws.map { isGenerated ? 0.3 + 0.4 * $0 : $0 }
    case .torusForSphere:
      if isReal {
        let length = noise[..<3].reduce(0) { $0 + $1 * $1 }.squareRoot()
        return noise[..<3].map { 0.8 * $0 / length } + noise[3...].map { $0 / 100 }
      }
      let (around, along) = (2 * Float.pi * draws[0], 2 * Float.pi * draws[1])
      let radius = 1 + 0.2 * cos(along)
      return [radius * cos(around), radius * sin(around), 0.2 * sin(along)]
        + noise[3...].map { $0 / 100 }
    case .oneModeForTwo:
      let side: Float = isReal ? (item % 2 == 0 ? 2 : -2) : 0
      return [noise[0] * (isReal ? 1 : Float(5).squareRoot()) + side] + noise[1...]
    case .rescaledDimension:
      // One axis is a hundred times as wide as the others, and only those are wrong.
      return [noise[0] * 100] + noise[1...].map { $0 + (isGenerated ? 1 : 0) }
    case .disjointDimensions:
      let used = isReal ? 0..<4 : 4..<8
      return noise.indices.map { used.contains($0) ? noise[$0] : 0 }
    case .discreteValues: return noise.map { isReal ? $0.rounded() : $0 }
    }
  }

  private func place(_ noise: [Float], inMode mode: Int) -> [Float] {
    noise.enumerated().map { axis, value in
      // Ten corners, far apart: the digits of the mode in two axes, and their signs.
      let corner: Float = (mode >> (axis % 4)) & 1 == 1 ? 4 : -4
      return value / 2 + corner
    }
  }
}
