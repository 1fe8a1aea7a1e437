internal import GANGraph
internal import GANTensor

/// The random numbers of augmentations at their strength, and the chances of changes.
struct AugmentationDraws {
  /// `float32 []`, from 0 to 1.
  let strength: Tensor
  /// That of each change, `float32 []`; nil has every one happen.
  let probability: Tensor?
  /// The numbers of a role as drawn, `[B]`.
  let numbers: (AugmentationRandomness) -> Tensor

  /// Uniforms on [-1/2, 1/2) times the strength.
  func deviations(_ role: AugmentationRandomness) -> Tensor {
    let deviations = numbers(role) - 0.5
    return deviations * strength.broadcast(to: deviations.shape)
  }

  /// Uniforms nearer to 1/2, which stands for no change.
  func weakened(_ role: AugmentationRandomness) -> Tensor { deviations(role) + 0.5 }

  /// Normals of this deviation times the strength, where their change happens, else 0.
  func spread(
    _ role: AugmentationRandomness, _ deviation: Double, where gate: AugmentationGate
  ) -> Tensor {
    let normals = numbers(role)
    return gate.choice(
      of: normals * (strength * deviation).broadcast(to: normals.shape), else: 0)
  }

  /// -1 with half the strength for a chance, where the change happens, else 1.
  func signs(_ role: AugmentationRandomness, where gate: AugmentationGate) -> Tensor {
    let uniforms = numbers(role)
    let isTurned = (strength * 0.5).broadcast(to: uniforms.shape)
      .compared(.greater, to: uniforms)
    return gate.choice(
      of: isTurned.select(uniforms.constant(-1), uniforms.constant(1)), else: 1)
  }

  /// The images to which a change happens.
  func gate(_ chance: AugmentationRandomness) -> AugmentationGate {
    gate(chance, probability: probability)
  }

  /// The images to which one of two rotations happens: some rotation does with the probability of a
  /// change.
  func rotationGate(_ chance: AugmentationRandomness) -> AugmentationGate {
    gate(chance, probability: probability.map { 1 - (1 - $0).squareRoot() })
  }

  private func gate(
    _ chance: AugmentationRandomness, probability: Tensor?
  ) -> AugmentationGate {
    AugmentationGate(
      happens: probability.map { probability in
        let uniforms = numbers(chance)
        return probability.broadcast(to: uniforms.shape).compared(.greater, to: uniforms)
      })
  }
}

/// The images to which a change happens.
struct AugmentationGate {
  /// `boolean [B]`; nil for all.
  let happens: Tensor?

  /// Values where the change happens, else others, both `[B, …]`.
  func choice(of changed: Tensor, else unchanged: Tensor) -> Tensor {
    guard let happens else { return changed }
    return happens.broadcast(to: changed.shape, axes: [0]).select(changed, unchanged)
  }

  /// Values where the change happens, else one that stands for no change.
  func choice(of changed: Tensor, else unchanged: Double) -> Tensor {
    choice(of: changed, else: changed.constant(unchanged))
  }
}
