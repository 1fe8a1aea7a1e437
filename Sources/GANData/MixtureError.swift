/// Why a mixture cannot be what its numbers say.
package struct MixtureError: Error, Hashable, Sendable {
  /// The mixture's name, or the file it was read from.
  package let source: String
  /// The fault.
  package let reason: Reason

  /// Blames `source` for `reason`.
  package init(_ source: String, _ reason: Reason) {
    self.source = source
    self.reason = reason
  }

  /// The operands of a failure, by its cause.
  package enum Reason: Hashable, Sendable {
    /// There is nothing to mix.
    case noComponents
    /// A number is infinite or NaN.
    case notFinite(component: Int)
    /// A component would be drawn less often than never.
    case negativeWeight(component: Int, Double)
    /// No component would ever be drawn, or the weights overflow.
    case weightSum(Double)
    /// A deviation or a side is not positive, or too small or too large to reckon with.
    case extent(component: Int)
    /// A component has another number of coordinates than the first, or more than 2.
    case dimension(component: Int, expected: Int?, got: Int)
    /// The text is not JSON.
    case syntax(String)
    /// A value is absent or of the wrong type; `path` leads to it.
    case wrongValue(path: String, expected: String, got: String?)
    /// A key means nothing here.
    case unknownKey(path: String, among: [String])
    /// A size or deviation was asked for that is not positive, or that the world does not have.
    case parameter(String, requirement: String, got: Double)
  }
}

extension MixtureError: CustomStringConvertible {
  /// One line, without `error:` and without a full stop.
  package var description: String { "\(source): \(reason)" }
}

extension MixtureError.Reason: CustomStringConvertible {
  /// The words after the name of the mixture.
  package var description: String {
    switch self {
    case .noComponents:
      "a mixture needs at least one component"
    case .notFinite(let component):
      "components[\(component)]: every number must be finite"
    case .negativeWeight(let component, let weight):
      "components[\(component)].weight must not be negative, got \(weight)"
    case .weightSum(let sum):
      "weights must sum to a positive number, got \(sum)"
    case .extent(let component):
      "components[\(component)]: deviations and sides must be from 1e-9 to 1e9, and no centre "
        + "further from 0 than 1e9 of them"
    case .dimension(let component, let expected, let got):
      "components[\(component)]: points must have "
        + (expected.map { "\($0) coordinate\($0 == 1 ? "" : "s") like the others'" }
          ?? "1 or 2 coordinates") + ", got \(got)"
    case .syntax(let message):
      "not JSON: \(message)"
    case .wrongValue(let path, let expected, let got):
      "\(path) must be \(expected)" + (got.map { ", got \($0)" } ?? ", is missing")
    case .unknownKey(let path, let names):
      "\(path): no such key; there is \(names.joined(separator: ", "))"
    case .parameter(let name, let requirement, let got):
      "\(name) \(requirement), got \(got)"
    }
  }
}
