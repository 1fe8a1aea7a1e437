package import GANData
package import GANTensor
package import GANTraining

/// Images to judge: those of a generator, made as they are needed, or given ones.
package struct JudgedImages: Sendable {
  /// What people call them: a path.
  package let name: String
  /// Where they come from.
  package let origin: Origin
  /// Steps that a generator was trained for; nil for given images.
  package let step: Int?
  /// The epoch of that step, from 1; nil for given images.
  package let epoch: Int?

  /// An origin of images.
  package enum Origin: Sendable {
    /// A trained generator.
    case generator(SavedNetwork)
    /// Images in memory or in a file.
    case images(ImageDataset)
  }

  /// Images of a generator.
  package init(name: String, _ generator: SavedNetwork) {
    (self.name, origin, step) = (name, .generator(generator), generator.step)
    epoch =
      generator.step > 0 ? (generator.step - 1) / generator.options.stepsPerEpoch + 1 : nil
  }

  /// Given images.
  package init(name: String, _ images: ImageDataset) {
    (self.name, origin, step, epoch) = (name, .images(images), nil, nil)
  }

  /// The relative length of an average that was made after training; nil for all else.
  package var averageLength: Double? {
    if case .generator(let generator) = origin { generator.averageLength } else { nil }
  }

  /// `[C, H, W]` of an image; `[D]` of a generator of points.
  package var imageShape: Shape {
    switch origin {
    case .generator(let generator): generator.options.itemShape
    case .images(let images): images.imageShape
    }
  }

  /// The number of images; nil where there is no end.
  package var count: Int? {
    switch origin {
    case .generator: nil
    case .images(let images): images.count
    }
  }
}

/// Values from -1 to 1 as bytes, rounded half up, as arrays of samples are read: what is judged is
/// what a file of 8 bits would hold.
func quantized(_ floats: [UInt8]) -> [UInt8] {
  floats.withUnsafeBytes { raw in
    (0..<raw.count / MemoryLayout<Float>.stride).map { index in
      let value = raw.loadUnaligned(
        fromByteOffset: index * MemoryLayout<Float>.stride, as: Float.self)
      // NaN is black, and so is every image of a generator that has diverged.
      guard value > -1 else { return 0 }
      return UInt8(min(Double(value), 1) * 127.5 + 127.5 + 0.5)
    }
  }
}
