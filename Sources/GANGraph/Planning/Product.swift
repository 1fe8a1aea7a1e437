/// A matrix product with its kernel's other work, `finish(op(lhs) · op(rhs) + … + bias)`; or a
/// convolution likewise, or one of its gradients, alone.
package struct Product: Hashable, Sendable {
  /// The matrix product or the convolution.
  package var operation: NodeID
  /// Products added to it, one after another: a weight's gradient has a term for each way in which
  /// the loss depends on it.
  package var addends: [NodeID] = []
  /// A vector added to each row, to each pixel of a convolution.
  package var bias: NodeID?
  /// The work on each element before it is written.
  package var finish = Finish.none
  /// The sum over the rows of a left operand as it is stored, which is a bias's gradient where the
  /// product is a weight's.
  package var lhsSums: NodeID?
  /// The node whose value is written; for `adam` only its three results are written.
  package var result: NodeID

  /// The work on an element of a product before it is written.
  package enum Finish: Hashable, Sendable {
    case none
    /// The function is applied.
    case activation(UnaryFunction)
    /// The step of Adam for the parameter whose gradient it is.
    case adam(AdamStep)
  }

  /// The operation and its addends, in order.
  package var operations: [NodeID] { [operation] + addends }

  /// Nodes whose memory the kernel reads beside the operands.
  package var finishReads: [NodeID] {
    switch finish {
    case .none, .activation: []
    case .adam(let step):
      [step.parameter, step.firstMoment, step.secondMoment, step.stepSize, step.inverseRoot]
        + step.factors.compactMap(\.node)
    }
  }

  /// Nodes whose memory the kernel writes.
  package var writes: [NodeID] {
    let results: [NodeID] =
      if case .adam(let step) = finish {
        [step.nextParameter, step.nextFirstMoment, step.nextSecondMoment]
      } else {
        [result]
      }
    return results + (lhsSums.map { [$0] } ?? [])
  }
}

/// A step of Adam as a product finishes it: states, their next values, scalars and factors.
///
/// `m' = m·d₁ + g·w₁`, `v' = v·d₂ + g²·w₂`, `p' = p - m'·stepSize / (√v'·inverseRoot + ε)`.
package struct AdamStep: Hashable, Sendable {
  package var parameter: NodeID
  package var firstMoment: NodeID
  package var secondMoment: NodeID
  package var nextParameter: NodeID
  package var nextFirstMoment: NodeID
  package var nextSecondMoment: NodeID
  /// `float32 []`, read when the kernel runs.
  package var stepSize: NodeID
  /// `float32 []`, read when the kernel runs.
  package var inverseRoot: NodeID
  package var firstDecay: Factor
  package var firstWeight: Factor
  package var secondDecay: Factor
  package var secondWeight: Factor
  package var epsilon: Double

  /// The factor of a moment or a gradient.
  package enum Factor: Hashable, Sendable {
    case constant(Double)
    /// `float32 []`, read when the kernel runs.
    case scalar(NodeID)

    /// The node whose memory is read; nil for a constant.
    package var node: NodeID? { if case .scalar(let node) = self { node } else { nil } }
  }

  /// The four in the order of the formulas: `d₁`, `w₁`, `d₂`, `w₂`.
  package var factors: [Factor] { [firstDecay, firstWeight, secondDecay, secondWeight] }
}
