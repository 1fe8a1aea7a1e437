import Foundation
import GANNetworks
import GANRuntime
import GANStatistics
import GANTensor
import GANTraining

/// The search for latents of given images.
///
/// It belongs to the thread of its device.
struct LatentSearch {
  /// Numbers of a latent.
  let latentSize: Int
  private let generator: SavedNetwork
  private let program: InversionProgram
  private let device: any Device
  private let seed: UInt64

  /// A latent on its way to an image, with Adam's moments.
  struct Descent {
    let image: Int
    let label: Int32
    var latent: [Float]
    /// The nearest so far, and its error.
    var best: [Float]
    var error = Float.infinity
    var first: [Float]
    var second: [Float]
  }

  init(_ generator: SavedNetwork, seed: UInt64, on device: any Device) throws {
    (self.generator, self.device, self.seed) = (generator, device, seed)
    latentSize = generator.network.inputShape.elementCount
    program = try InversionProgram(generator, on: device)
  }

  /// The drawn latents whose images are nearest to each image.
  func nearest(
    to targets: [Float], count: Int, _ effort: Inversion.Effort,
    pause: (_ share: Double) async throws -> Void
  ) async throws -> [Descent] {
    let classes = generator.network.classCount
    let drawn = max(effort.candidates, effort.starts)
    let sampler = try ItemSampler(
      generator.network,
      tensors: Dictionary(uniqueKeysWithValues: generator.tensors.map { ($0.name, $0.tensor) }),
      itemShape: generator.options.itemShape, on: device)
    let labels = classes.map { ItemSampler.Labels.turns($0) }
    let latents = ItemSampler.Latents.drawn(seed: seed, .evaluationLatents)
    let size = targets.count / count
    var made: [Float] = []
    try await sampler.forEachBatch(count: drawn, labels: labels, latents: latents) { batch, first in
      made += HostTensor(shape: [batch.count / 4], elementType: .float32, bytes: batch).floats
      try await pause(Double(first) / Double(drawn))
    }
    let neighbours = try Neighbours(
      of: FeatureSet(targets, dimension: size), in: FeatureSet(made, dimension: size),
      count: effort.starts, threads: device.threadCount)
    let element = latents.element
    return (0..<count).flatMap { image in
      (0..<effort.starts).map { place in
        let index = Int(neighbours.indices[image * effort.starts + place])
        let latent = (0..<latentSize).map { element(index * latentSize + $0) }
        let zeros = [Float](repeating: 0, count: latentSize)
        return Descent(
          image: image,
          label: classes.map { ItemSampler.Labels.turns($0).label(of: index, count: drawn) } ?? 0,
          latent: latent, best: latent, first: zeros, second: zeros)
      }
    }
  }

  /// Adam's step at its greatest; it falls to nothing by a cosine.
  private static let rate: Float = 0.1

  /// Descends from the best places so far.
  func descend(
    _ descents: inout [Descent], _ targets: [Float], steps: Int,
    pause: (_ share: Double) async throws -> Void
  ) async throws {
    for index in descents.indices where descents[index].error.isFinite {
      descents[index].latent = descents[index].best
      descents[index].first = descents[index].first.map { _ in 0 }
      descents[index].second = descents[index].second.map { _ in 0 }
    }
    let size = generator.options.itemShape.elementCount
    let batchSize = InversionProgram.batchSize
    let batches = stride(from: 0, to: descents.count, by: batchSize).map {
      $0..<min($0 + batchSize, descents.count)
    }
    for (number, batch) in batches.enumerated() {
      let wanted = batch.flatMap { index -> ArraySlice<Float> in
        let image = descents[index].image
        return targets[image * size..<(image + 1) * size]
      }
      let labels = batch.map { descents[$0].label }
      for step in 0...steps {
        let (errors, slopes) = program.evaluate(
          latents: batch.flatMap { descents[$0].latent }, targets: wanted, labels: labels)
        let rate =
          Self.rate * Float(0.5 * (1 + cos(Double.pi * Double(step) / Double(max(steps, 1)))))
        for (place, index) in batch.enumerated() {
          descents[index].take(
            errors[place], slopes[place * latentSize..<(place + 1) * latentSize], step, rate)
        }
        try await pause(
          (Double(number) + Double(step) / Double(steps + 1)) / Double(batches.count))
      }
    }
  }
}

extension LatentSearch.Descent {
  /// Keeps the best, and goes a step of Adam.
  fileprivate mutating func take(
    _ error: Float, _ slope: ArraySlice<Float>, _ step: Int, _ rate: Float
  ) {
    if error < self.error { (self.error, best) = (error, latent) }
    let (beta1, beta2): (Float, Float) = (0.9, 0.99)
    let corrections = (1 - pow(beta1, Float(step + 1)), 1 - pow(beta2, Float(step + 1)))
    for (column, slope) in slope.enumerated() where slope.isFinite {
      first[column] = beta1 * first[column] + (1 - beta1) * slope
      second[column] = beta2 * second[column] + (1 - beta2) * slope * slope
      let scale = (second[column] / corrections.1).squareRoot() + 1e-12
      latent[column] -= rate * (first[column] / corrections.0) / scale
    }
  }
}
