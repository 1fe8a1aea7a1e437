package import GANGraph
internal import GANTensor

/// The hyperparameters that a graph under construction asks for, by name.
///
/// Its identity is that list. Each is a scalar that the host writes before every run, so that it
/// changes without another program; or a constant, if no host writes it.
package final class Hyperparameters {
  /// The scalars that the host must write, in the order of first use.
  package private(set) var inputs: [HyperparameterInput] = []
  private let builder: GraphBuilder
  private let areInputs: Bool

  /// Hyperparameters that the host writes.
  package convenience init(inputsOf builder: GraphBuilder) {
    self.init(builder, areInputs: true)
  }

  /// Hyperparameters that keep their value from the start.
  package convenience init(constantsOf builder: GraphBuilder) {
    self.init(builder, areInputs: false)
  }

  private init(_ builder: GraphBuilder, areInputs: Bool) {
    (self.builder, self.areInputs) = (builder, areInputs)
  }

  /// A hyperparameter, or a value derived from it, as `float32 []`.
  package func scalar(
    _ name: String, _ schedule: ScheduledValue, in range: Range<Double>,
    _ derivation: HyperparameterInput.Derivation = .value
  ) -> Tensor {
    guard areInputs else { return builder.constant(derivation(schedule.start)) }
    let input = HyperparameterInput(
      name: name, schedule: schedule, range: range, derivation: derivation)
    if let known = inputs.first(where: { $0.inputName == input.inputName }) {
      precondition(known == input, "\(name) has one schedule and one range; got \(known), \(input)")
    } else {
      inputs.append(input)
    }
    return builder.input(input.inputName, .scalar)
  }
}

/// A scalar of a program that follows a hyperparameter.
package struct HyperparameterInput: Hashable, Sendable {
  /// The hyperparameter's name, such as `optimizer.generator.learningRate`.
  package let name: String
  /// Its value unless it is set while the run goes on.
  package let schedule: ScheduledValue
  /// Its allowed values.
  package let range: Range<Double>
  /// The value that the program computes with.
  package let derivation: Derivation

  /// The rule for the program's value: computed in double precision, rounded once.
  package enum Derivation: Hashable, Sendable {
    case value
    /// 1 - x.
    case complement
    /// ln x.
    case logarithm
    /// x times a number.
    case times(Double)

    package func callAsFunction(_ x: Double) -> Double {
      switch self {
      case .value: x
      case .complement: 1 - x
      case .logarithm: naturalLogarithm(x)
      case .times(let factor): x * factor
      }
    }
  }

  /// Its name in the program.
  package var inputName: String {
    switch derivation {
    case .value: "hyperparameter.\(name)"
    case .complement: "hyperparameter.\(name).complement"
    case .logarithm: "hyperparameter.\(name).logarithm"
    case .times(let factor): "hyperparameter.\(name).times.\(factor)"
    }
  }

  /// The number to write.
  package func scalar(of value: Double) -> Float { Float(derivation(value)) }
}
