import GANGraph
import GANLearning
import GANNetworks
import GANRuntime
import GANTensor
import GANTraining

/// The generator's gradients of both of its original losses, at the same weights and latents.
///
/// Its identity is its program. It belongs to the thread of its session.
final class GradientProbe {
  private let executable: any Executable

  /// Prepares a game's networks, as a session has them.
  ///
  /// - Parameter batchSize: Latents: those of the generator's next update.
  init(of game: Game, batchSize: Int, in session: TrainingSession) throws {
    let builder = GraphBuilder()
    let generator = Network(game.network(of: .generator), prefix: "\(Role.generator)", in: builder)
    let discriminator = Network(
      game.network(of: .discriminator), prefix: "\(Role.discriminator)", in: builder)
    let latents = builder.random(
      .normal, .generatorLatents, Shape([batchSize] + generator.description.inputShape.dimensions),
      seed: builder.state(StepGraph.StateName.seed, .scalar, .int64),
      step: builder.state(StepGraph.StateName.updates(of: .generator), .scalar, .int64))
    let logits = Logits(discriminator(generator(latents)))
    let parameters = generator.orderedParameters.map(\.tensor)
    func gradient(_ objective: Objective) -> [Tensor] {
      objective.generatorLoss(fake: logits) {
        preconditionFailure("\(objective) does not look at real items")
      }.gradients(withRespectTo: parameters)
    }
    let (minimax, nonSaturating) = (gradient(.minimax), gradient(.nonSaturating))
    builder.output(logits.meanScore, as: "fakeScore")
    builder.output(Self.dotProduct(minimax, minimax).squareRoot(), as: "minimaxNorm")
    builder.output(
      Self.dotProduct(nonSaturating, nonSaturating).squareRoot(), as: "nonSaturatingNorm")
    builder.output(Self.dotProduct(minimax, nonSaturating), as: "dotProduct")
    executable = try session.prepare(measuring: builder.finish())
  }

  /// Both gradients now.
  func reading(step: Int) throws -> GradientReading {
    executable.run()
    func value(_ name: String) throws -> Double {
      Double(executable.float(try executable.output(name)))
    }
    let (minimax, nonSaturating) = (try value("minimaxNorm"), try value("nonSaturatingNorm"))
    return GradientReading(
      step: step, fakeScore: try value("fakeScore"), minimaxNorm: minimax,
      nonSaturatingNorm: nonSaturating,
      cosine: try value("dotProduct") / (minimax * nonSaturating))
  }

  /// The inner product of two gradients over all parameters, `[]`.
  private static func dotProduct(_ one: [Tensor], _ other: [Tensor]) -> Tensor {
    let products = zip(one, other).map { ($0 * $1).sum() }
    return products.dropFirst().reduce(products[0], +)
  }
}

/// Both generator gradients at one moment of a run.
package struct GradientReading: Encodable, Hashable, Sendable {
  /// Steps made before.
  let step: Int
  /// The mean of D(G(z)) over the latents.
  let fakeScore: Double
  /// The norm of the gradient of the mean of log(1 - D(G(z))).
  let minimaxNorm: Double
  /// The norm of the gradient of the mean of -log D(G(z)).
  let nonSaturatingNorm: Double
  /// The cosine of the angle between them.
  let cosine: Double

  /// The ratio of the norms of the gradients of -log D and log(1 - D).
  var factor: Double { nonSaturatingNorm / minimaxNorm }

  private enum CodingKeys: String, CodingKey {
    case step, fakeScore, minimaxNorm, nonSaturatingNorm, cosine, factor
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(step, forKey: .step)
    try container.encode(Finite(fakeScore), forKey: .fakeScore)
    try container.encode(Finite(minimaxNorm), forKey: .minimaxNorm)
    try container.encode(Finite(nonSaturatingNorm), forKey: .nonSaturatingNorm)
    try container.encode(Finite(cosine), forKey: .cosine)
    try container.encode(Finite(factor), forKey: .factor)
  }
}
