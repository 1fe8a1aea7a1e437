package import GANGraph
internal import GANTensor

/// Hyperparameters of Adam.
package struct AdamOptions: Encodable, Hashable, Sendable {
  /// Step size; may follow a schedule.
  package var learningRate: ScheduledValue = 2e-4
  /// The share of the mean gradient that is kept each step.
  package var beta1 = 0.9
  /// The share of the mean squared gradient that is kept each step; may follow a schedule.
  package var beta2: ScheduledValue = 0.999
  /// The addend to the root of the corrected second moment, as in PyTorch.
  package var epsilon = 1e-8

  /// Step sizes that single precision holds.
  package static let learningRateRange = 0..<1e38
  /// The range of shares of a mean that can be kept.
  package static let beta2Range = 0..<1.0

  package init() {}
}

/// Adam over one network: `m ← β₁m + (1-β₁)g`, `v ← β₂v + (1-β₂)g²`,
/// `p ← p - η · m̂ / (√v̂ + ε)` with `m̂ = m / (1-β₁ᵗ)`, `v̂ = v / (1-β₂ᵗ)`.
///
/// Where β₂ follows a schedule, `v̂` is corrected by the present one, as PyTorch does.
///
/// - Source: Kingma & Ba, "Adam: A Method for Stochastic Optimization", 2014, arXiv:1412.6980,
///   algorithm 1.
package struct Adam {
  package let options: AdamOptions
  private let prefix: String
  private let builder: GraphBuilder
  private let learningRate: Tensor
  /// β₂, 1 - β₂ and ln β₂, each rounded once.
  private let secondDecay: (value: Tensor, weight: Tensor, logarithm: Tensor)
  /// Both moments of each parameter after the updates made so far.
  private var moments: [String: Moments] = [:]

  private struct Moments {
    let states: (first: Tensor, second: Tensor)
    var first: Tensor
    var second: Tensor
  }

  /// An optimiser whose moments are states named `<prefix>.<parameter>.firstMoment` and
  /// `.secondMoment`.
  ///
  /// - Parameter hyperparameters: Gives `<prefix>.learningRate` and `<prefix>.beta2`; by default
  ///   constants.
  package init(
    _ options: AdamOptions, prefix: String, in builder: GraphBuilder,
    hyperparameters: Hyperparameters? = nil
  ) {
    let hyperparameters = hyperparameters ?? Hyperparameters(constantsOf: builder)
    self.options = options
    self.prefix = prefix
    self.builder = builder
    func beta2(_ derivation: HyperparameterInput.Derivation) -> Tensor {
      hyperparameters.scalar(
        "\(prefix).beta2", options.beta2, in: AdamOptions.beta2Range, derivation)
    }
    learningRate = hyperparameters.scalar(
      "\(prefix).learningRate", options.learningRate, in: AdamOptions.learningRateRange)
    secondDecay = (beta2(.value), beta2(.complement), beta2(.logarithm))
  }

  /// The factors that correct both moments, which depend on the number of the update alone.
  package struct Correction {
    let stepSize: Tensor
    let inverseRoot: Tensor
  }

  /// The correction for an update.
  ///
  /// - Parameters:
  ///   - update: `int64 []`, the number of this update, counted from 1.
  ///   - learningRate: `float32 []`, the step size of this update; nil for the hyperparameter.
  package func correction(update: Tensor, learningRate: Tensor? = nil) -> Correction {
    let t = update.converted(to: .float32)
    // 1 - βᵗ as -expm1(t ln β): in single precision the plain difference loses half its digits.
    let first = -(t * naturalLogarithm(options.beta1)).expm1()
    let second = -(t * secondDecay.logarithm).expm1()
    return Correction(
      stepSize: (learningRate ?? self.learningRate) / first,
      inverseRoot: t.constant(1) / second.squareRoot())
  }

  /// The next values of parameters by name; their moments go on.
  ///
  /// - Parameters:
  ///   - parameters: The values the gradients were taken at, by their names inside the network.
  ///   - gradients: Of the loss, one for each parameter, in their order.
  ///   - correction: For this update.
  ///   - clip: Bound of every parameter after the step; nil leaves them free.
  package mutating func step(
    _ parameters: [(name: String, tensor: Tensor)], gradients: some Sequence<Tensor>,
    _ correction: Correction, clip: Double? = nil
  ) -> [String: Tensor] {
    var next: [String: Tensor] = [:]
    for ((name, parameter), gradient) in zip(parameters, gradients) {
      let stepped = step(parameter, named: name, gradient: gradient, correction)
      next[name] = clip.map(stepped.clamped(to:)) ?? stepped
    }
    return next
  }

  /// The next value of a parameter; its moments go on.
  ///
  /// - Parameters:
  ///   - parameter: The value the gradient was taken at.
  ///   - name: The parameter's name inside its network.
  ///   - gradient: Of the loss, in the parameter's shape.
  ///   - correction: For this update.
  private mutating func step(
    _ parameter: Tensor, named name: String, gradient: Tensor, _ correction: Correction
  ) -> Tensor {
    let shape = parameter.shape
    let known = moments[name] ?? initialMoments(name, shape)
    let first = known.first * options.beta1 + gradient * (1 - options.beta1)
    let second =
      known.second * secondDecay.value.broadcast(to: shape)
      + gradient * gradient * secondDecay.weight.broadcast(to: shape)
    moments[name] = Moments(states: known.states, first: first, second: second)
    let root = second.squareRoot() * correction.inverseRoot.broadcast(to: shape)
    let direction = first * correction.stepSize.broadcast(to: shape)
    return parameter - direction / (root + options.epsilon)
  }

  /// Makes the moments the state of the next run.
  package func recordUpdates() {
    for name in moments.keys.sorted() {
      guard let known = moments[name] else { continue }
      builder.update(known.states.first, to: known.first)
      builder.update(known.states.second, to: known.second)
    }
  }

  private func initialMoments(_ name: String, _ shape: Shape) -> Moments {
    let first = builder.state("\(prefix).\(name).firstMoment", shape)
    let second = builder.state("\(prefix).\(name).secondMoment", shape)
    return Moments(states: (first, second), first: first, second: second)
  }
}
