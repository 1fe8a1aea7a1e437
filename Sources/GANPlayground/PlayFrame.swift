import Foundation
import GANLab
import GANStatistics
import GANTensor
import GANTraining

/// What a page draws many times a second.
package struct PlayFrame: Encodable, Sendable {
  /// Updates that each player has made.
  let discriminatorUpdates: Int
  let generatorUpdates: Int
  /// Losses and scores of the last updates; absent before the first.
  let losses: [String: Float]
  /// D, `1 / (1 + e^-logit)`, in 64 x 64 cells from below: a byte each, 0 to 254 for 0 to 1, 255 for NaN.
  let field: String
  /// Generated points: x, y, ... as little-endian `float32` in base64, and so are the others.
  let samples: String
  /// Real points.
  let real: String
  /// A generated point and minus the gradient of the generator's loss there: x, y, dx, dy.
  let arrows: String
  /// The image of a grid of latents, row after row; empty where there is no generator.
  let manifold: String
  /// Points in a row of the grid; 0 where it is one line.
  let manifoldColumns: Int
  /// Mean length of all arrows.
  let push: Float
  /// Generated points that are NaN or infinite.
  let nonFinite: Int
}

extension PlaySession {
  /// Points that are drawn.
  static let drawnCount = 400
  private static let arrowCount = 100
  /// Latents along a side of the grid.
  private static let gridSide = 21

  /// Looks at the players; changes nothing.
  func frame(_ judge: PlayJudge) throws -> PlayFrame {
    let logits = try probes.field.logits(at: judge.cells.middles)
    let latents = drawnLatents
    let count = max(Self.drawnCount, settings.batchSize)
    let made = try generated(latents)
    let points = Array(made.prefix(2 * count))
    let pushed = Array(points.prefix(2 * settings.batchSize))
    let pushes = try probes.pushes.pushes(at: pushed, beside: firstReal(settings.batchSize))
    var length: Float = 0
    var arrows: [Float] = []
    for place in 0..<settings.batchSize {
      let (x, y) = (pushes[2 * place], pushes[2 * place + 1])
      length += (x * x + y * y).squareRoot()
      if place < Self.arrowCount { arrows += [pushed[2 * place], pushed[2 * place + 1], x, y] }
    }
    let drawn = points.prefix(2 * Self.drawnCount)
    return PlayFrame(
      discriminatorUpdates: discriminatorUpdates, generatorUpdates: generatorUpdates,
      losses: losses, field: Self.bytes(logits.map { 1 / (1 + exp(-$0)) }),
      samples: Self.base64(drawn), real: Self.base64(firstReal(Self.drawnCount)),
      arrows: Self.base64(arrows), manifold: Self.base64(made.dropFirst(2 * count)),
      manifoldColumns: hasStandIn || settings.latentSize == 1 ? 0 : Self.gridSide,
      push: length / Float(settings.batchSize),
      nonFinite: stride(from: 0, to: drawn.count, by: 2).count {
        !drawn[$0].isFinite || !drawn[$0 + 1].isFinite
      })
  }

  /// The points that latents become, x, y, ...; of a density that stands in, as many of its own.
  func generated(_ latents: [Float]) throws -> [Float] {
    if let standIn = world.standIn {
      return Array(standIn.points.storedValues.prefix(2 * latents.count / settings.latentSize))
    }
    guard let sampler = probes.sampler else { return [] }
    let shape: Shape = [latents.count / settings.latentSize, settings.latentSize]
    return try sampler.outputs(of: HostTensor(shape: shape, latents)).floats
  }

  /// The first points of the world's data.
  func firstReal(_ count: Int) -> [Float] { Array(world.real.storedValues.prefix(2 * count)) }

  /// Fixed latents, then those of the grid: places that hold equal shares of the normals.
  private var drawnLatents: [Float] {
    let stream = RandomStream(seed: settings.seed, purpose: .previewLatents, step: 0)
    let count = max(Self.drawnCount, settings.batchSize)
    let fixed = (0..<count * settings.latentSize).map { stream.normal(at: $0) }
    guard !hasStandIn else { return fixed }
    let places = (0..<Self.gridSide).map {
      normalQuantile((Double($0) + 0.5) / Double(Self.gridSide))
    }
    if settings.latentSize == 1 {
      return fixed + (0..<201).map { Float(normalQuantile((Double($0) + 0.5) / 201)) }
    }
    let rest = [Float](repeating: 0, count: settings.latentSize - 2)
    return fixed + places.flatMap { y in places.flatMap { [Float($0), Float(y)] + rest } }
  }

  static func bytes(_ shares: [Double]) -> String {
    Data(shares.map { $0.isNaN ? 255 : UInt8((min(max($0, 0), 1) * 254).rounded()) })
      .base64EncodedString()
  }

  private static func base64(_ values: some Sequence<Float>) -> String {
    Data(values.flatMap { value in withUnsafeBytes(of: value.bitPattern.littleEndian, Array.init) })
      .base64EncodedString()
  }
}
