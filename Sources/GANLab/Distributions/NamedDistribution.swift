import Foundation
package import GANData
import GANFormats
package import GANStatistics
import GANTensor

/// A distribution as a user writes it, and its meaning.
///
/// Written as probabilities, `0.1,0.2,0.7`; as a sum of terms, `normal(0,1)`,
/// `0.5*normal(-2,0.5)+0.5*normal(2,0.5)`, `ring-8(2,0.3)`; or as a JSON file, which holds a list
/// of probabilities or a mixture (`docs/divergences.md`).
package struct NamedDistribution: Hashable, Sendable {
  /// The specification, as written.
  package let specification: String
  /// The distribution itself.
  package let value: Value

  /// A distribution over finitely many outcomes, or over the line or the plane.
  package enum Value: Hashable, Sendable {
    /// Probabilities of outcomes.
    case discrete(DiscreteDistribution)
    /// A density.
    case density(Mixture)
  }

  /// Reads a specification.
  ///
  /// - Throws: `SpecificationError` where it means nothing, or its probabilities or sizes are none;
  ///   what reading a file throws.
  package init(_ specification: String) throws {
    self.specification = specification
    if specification.hasSuffix(".json") {
      value = try Self.contents(of: specification)
    } else if let probabilities = Self.numbers(specification) {
      value = .discrete(try Self.discrete(probabilities, from: specification))
    } else {
      value = .density(try SpecificationReader(specification).mixture())
    }
  }

  /// The density; nil of outcomes.
  package var mixture: Mixture? {
    if case .density(let mixture) = value { mixture } else { nil }
  }

  private static func numbers(_ text: String) -> [Double]? {
    let parts = text.split(separator: ",", omittingEmptySubsequences: false)
    let numbers = parts.compactMap { Double($0.trimmingCharacters(in: .whitespaces)) }
    return numbers.count == parts.count ? numbers : nil
  }

  private static func discrete(
    _ probabilities: [Double], from specification: String
  ) throws(SpecificationError) -> DiscreteDistribution {
    do {
      return try DiscreteDistribution(probabilities: probabilities)
    } catch {
      throw SpecificationError(specification: specification, reason: error.description)
    }
  }

  private static func contents(of path: String) throws -> Value {
    let file = try InputFile(path: path)
    let bytes = try file.bytes(upTo: file.byteCount)
    if let probabilities = try? JSONDecoder().decode([Double].self, from: Data(bytes)) {
      return .discrete(try discrete(probabilities, from: path))
    }
    return .density(try Mixture(json: bytes, source: path))
  }
}

extension NamedDistribution: Encodable {
  /// As it is written.
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(specification)
  }
}

/// Text that names no distribution.
package struct SpecificationError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The whole text.
  package let specification: String
  /// The fault.
  package let reason: String

  /// True where the text names a file, and the file is at fault.
  package var isOfFile: Bool { specification.hasSuffix(".json") }

  /// One line, without `error:` and without a full stop.
  package var description: String { "\"\(specification)\": \(reason)" }
}
