import GANFormats
package import GANTensor

extension ItemSampler.Latents {
  /// The latents in a `.npy`, `[N, L]` or, of one, `[L]`.
  ///
  /// - Throws: `FormatError` where it is not readable, has another shape than the network takes, or
  ///   numbers that are not finite.
  package static func read(from path: String, size: Int) throws -> HostTensor {
    let array = try Npy.read(path)
    let count = array.dimensions.count == 1 ? 1 : array.dimensions.first ?? 0
    guard [1, 2].contains(array.dimensions.count), array.dimensions.last == size, count > 0 else {
      throw FormatError(
        path,
        .corrupt(
          .npy,
          .wrongShape(
            dimensions: array.dimensions, expected: "[N, \(size)], as the generator takes them")))
    }
    let values = array.floats
    if let wrong = values.first(where: { !$0.isFinite }) {
      throw FormatError(path, .unsupported(.npy, what: "latents of", value: "\(wrong)"))
    }
    return HostTensor(shape: [count, size], values)
  }

  /// The first latents, `[count, size]`.
  package func matrix(count: Int, size: Int) -> HostTensor {
    HostTensor(shape: [count, size], (0..<count * size).map(element))
  }
}
