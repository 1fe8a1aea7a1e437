import Foundation
import GANData
import GANTensor

/// Reads sums of terms such as `0.5*normal(-2,0.5)+0.5*ring-8(2,0.3)`.
struct SpecificationReader {
  private let specification: String

  init(_ specification: String) { self.specification = specification }

  /// A kind of term, and its arguments as an error shows them.
  private enum Kind: String, CaseIterable {
    case normal
    case normal2D = "normal2d"
    case uniform

    var usage: String {
      switch self {
      case .normal: "normal(mean,deviation)"
      case .normal2D: "normal2d(x,y,deviation)"
      case .uniform: "uniform(lower,upper)"
      }
    }
  }

  /// The mixture of all terms by their weights.
  ///
  /// - Throws: `SpecificationError`.
  func mixture() throws(SpecificationError) -> Mixture {
    do {
      return try sum()
    } catch let error as SpecificationError {
      throw error
    } catch let error as MixtureError {
      throw wrong("\(error.reason)")
    } catch {
      throw wrong("\(error)")
    }
  }

  private func sum() throws -> Mixture {
    let terms = try terms().map { (weight: $0.weight, mixture: try mixture(of: $0.text)) }
    guard let dimension = terms.first?.mixture.dimension,
      terms.allSatisfy({ $0.mixture.dimension == dimension })
    else { throw wrong("all terms must be over the line, or all over the plane") }
    if terms.count == 1 { return terms[0].mixture }
    let components = terms.flatMap { weight, mixture in
      mixture.components.map { $0.weighted(by: weight) }
    }
    return try Mixture(
      name: specification, dimension: dimension, components: components,
      isCountedByMode: terms.allSatisfy(\.mixture.isCountedByMode))
  }

  /// The terms between plus signs outside brackets, and the weights before their asterisks.
  private func terms() throws -> [(weight: Double, text: String)] {
    var parts = [""]
    var depth = 0
    for letter in specification where !letter.isWhitespace {
      if letter == "(" { depth += 1 }
      if letter == ")" { depth -= 1 }
      if letter == "+", depth == 0 {
        parts.append("")
      } else {
        parts[parts.count - 1].append(letter)
      }
    }
    return try parts.map { part in
      let factors = part.split(separator: "*", maxSplits: 1, omittingEmptySubsequences: false)
      guard factors.count == 2 else { return (1, part) }
      guard let weight = Double(factors[0]) else { throw wrong("\(factors[0]) is no weight") }
      return (weight, String(factors[1]))
    }
  }

  private func mixture(of term: String) throws -> Mixture {
    let (name, arguments) = try split(term)
    if let world = ToyWorld(rawValue: name) {
      guard arguments.count <= 2 else { throw wrong("\(name) takes a size and a deviation") }
      return try world.mixture(size: arguments.first, deviation: arguments.dropFirst().first)
    }
    guard let kind = Kind(rawValue: name) else {
      let names = Kind.allCases.map(\.usage) + ToyWorld.allCases.map(\.rawValue)
      throw wrong(
        "\(name.isEmpty ? "nothing" : name) is no distribution; there is "
          + names.joined(separator: ", ") + ", probabilities such as 0.1,0.9, and files .json")
    }
    let component: Mixture.Component
    switch (kind, arguments.count) {
    case (.normal, 2):
      component = .gaussian(mean: SIMD2(arguments[0], 0), deviations: SIMD2(arguments[1], 1))
    case (.normal2D, 3):
      component = .gaussian(
        mean: SIMD2(arguments[0], arguments[1]), deviations: SIMD2(repeating: arguments[2]))
    case (.uniform, 2):
      component = .uniform(from: SIMD2(arguments[0], -1), to: SIMD2(arguments[1], 1))
    default:
      throw wrong("write \(kind.usage)")
    }
    return try Mixture(
      name: term, dimension: kind == .normal2D ? 2 : 1, components: [component])
  }

  /// `name(1,2)` as its name and its numbers.
  private func split(_ term: String) throws -> (name: String, arguments: [Double]) {
    guard let open = term.firstIndex(of: "(") else { return (term, []) }
    guard term.last == ")" else { throw wrong("\(term) lacks a closing bracket") }
    let inner = term[term.index(after: open)..<term.index(before: term.endIndex)]
    let texts = inner.split(separator: ",", omittingEmptySubsequences: false)
    let numbers = texts.compactMap { Double($0) }
    guard numbers.count == texts.count else { throw wrong("\(inner) is no list of numbers") }
    return (String(term[..<open]), numbers)
  }

  private func wrong(_ reason: String) -> SpecificationError {
    SpecificationError(specification: specification, reason: reason)
  }
}

extension Mixture.Component {
  /// The same component, drawn more or less often.
  fileprivate func weighted(by factor: Double) -> Mixture.Component {
    switch kind {
    case .gaussian: .gaussian(weight: weight * factor, mean: centre, deviations: extents)
    case .uniform: .uniform(weight: weight * factor, from: centre - extents, to: centre + extents)
    }
  }
}
