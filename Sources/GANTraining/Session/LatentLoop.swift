import Foundation
package import GANTensor

/// A closed path through latents, the last one followed by the first.
///
/// From one to the next it goes along the great circle, at a steady angle, while the length changes
/// steadily, too: latents in between are as long as normals are, where a straight line would pass
/// nearer to 0 than any image was learnt from.
///
/// - Source: Shoemake, "Animating Rotation with Quaternion Curves", 1985; for latents White,
///   "Sampling Generative Networks", 2016, arXiv:1609.04468.
package struct LatentLoop: Sendable {
  /// `[K · frames, L]`: of each latent itself, and then what lies before the next.
  package let latents: HostTensor

  /// Goes through latents.
  ///
  /// - Parameters:
  ///   - points: `[K, L]`, K at least 2.
  ///   - frames: From one to the next, the first of them counted; at least 1.
  package init(through points: HostTensor, frames: Int) {
    let (count, size) = (points.shape[0], points.shape[1])
    precondition(count >= 2 && frames >= 1, "\(count) latents, \(frames) frames")
    let values = points.floats
    let rows = (0..<count).map { Array(values[$0 * size..<($0 + 1) * size]) }
    latents = HostTensor(
      shape: [count * frames, size],
      rows.indices.flatMap { index -> [Float] in
        (0..<frames).flatMap { frame in
          Self.between(
            rows[index], rows[(index + 1) % count], at: Double(frame) / Double(frames))
        }
      })
  }

  /// The latent at a part of the way from one to another; exactly the first at 0.
  private static func between(_ a: [Float], _ b: [Float], at part: Double) -> [Float] {
    guard part > 0 else { return a }
    func length(_ vector: [Float]) -> Double {
      vector.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
    }
    let (from, to) = (length(a), length(b))
    let cosine = zip(a, b).reduce(0) { $0 + Double($1.0) * Double($1.1) } / (from * to)
    let angle = acos(min(1, max(-1, cosine)))
    // Opposite, equal or no directions have no one circle.
    guard from > 0, to > 0, sin(angle) > 1e-6 else {
      return zip(a, b).map { Float((1 - part) * Double($0) + part * Double($1)) }
    }
    let size = (1 - part) * from + part * to
    let (first, second) = (
      size * sin((1 - part) * angle) / sin(angle) / from, size * sin(part * angle) / sin(angle) / to
    )
    return zip(a, b).map { Float(first * Double($0) + second * Double($1)) }
  }
}
