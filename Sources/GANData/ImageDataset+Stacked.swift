import GANTensor

extension ImageDataset {
  /// Stacks gray images into the channels of colour images, whose modes are the tuples of classes.
  ///
  /// Three digits make 10 x 10 x 10 = 1,000 modes, two make 100: known, many, and counted by whoever
  /// reads the digits one by one. Channel `c` of image `i` is image `p[c][i]` of these, where `p[c]`
  /// is the permutation of (seed, c): each image is in each channel once. A third channel without an
  /// image is black.
  ///
  /// - Parameters:
  ///   - depth: Images in an item, 2 or 3.
  ///   - seed: Another seed gives other tuples. It is the data's, not a run's: runs that should be
  ///     compared share it.
  /// - Returns: As many images of `[3, H, W]` as there are here, without labels; `stack` has these.
  /// - Complexity: Three bytes for each of these images' bytes, 141 MB for MNIST.
  /// - Source: Srivastava and others, "VEEGAN", 2017, arXiv:1705.07761, section 4; Metz and others,
  ///   "Unrolled Generative Adversarial Networks", 2017, arXiv:1611.02163.
  package func stacked(depth: Int, seed: UInt64 = 0) -> ImageDataset {
    precondition(imageShape[0] == 1, "gray images are stacked; got \(imageShape)")
    precondition((2...ImageStack.channels).contains(depth), "2 or 3 in an item; got \(depth)")
    let size = imageShape.elementCount
    let orders = (0..<depth).map { channel in
      RandomStream(seed: seed, purpose: .stackedImages, step: UInt64(channel))
        .permutation(count: count)
    }
    let byteCount = count * ImageStack.channels * size
    let pixels = [UInt8](unsafeUninitializedCapacity: byteCount) { pixels, initialized in
      pixels.initialize(repeating: 0)
      for index in 0..<count {
        for channel in 0..<depth {
          let start = (index * ImageStack.channels + channel) * size
          UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(pixels)[start...])
            .copyMemory(from: self.pixels(ofImage: Int(orders[channel][index])))
        }
      }
      initialized = byteCount
    }
    return ImageDataset(
      name: ImageStack.name(of: name, depth: depth),
      imageShape: [ImageStack.channels, imageShape[1], imageShape[2]],
      storage: DataStorage(pixels), assumptions: assumptions,
      stack: ImageStack(of: self, depth: depth))
  }
}

/// The gray images in the channels of others; a class because a data set holds it, which it holds in
/// turn, and with no identity beyond its values.
package final class ImageStack: Sendable {
  /// The gray images, with their labels where they have any.
  package let images: ImageDataset
  /// Images in an item, in its first channels.
  package let depth: Int

  /// Channels of an item.
  package static let channels = 3

  init(of images: ImageDataset, depth: Int) { (self.images, self.depth) = (images, depth) }

  /// The name of images that are stacked of others: `stacked-mnist`, of two `stacked-mnist-2`.
  static func name(of base: String, depth: Int) -> String {
    "stacked-\(base)" + (depth == channels ? "" : "-\(depth)")
  }

  /// The same in another size; nil where channels are mixed.
  func framed(as request: FramingRequest, channels: Int) -> ImageStack? {
    guard channels == Self.channels else { return nil }
    var gray = request
    gray.channels = nil
    return ImageStack(of: images.framed(as: gray), depth: depth)
  }
}

extension NamedDataset {
  /// MNIST-like data sets, three and two images in each item.
  package static let stacked: [NamedDataset] = [mnist, fashionMNIST, kmnist, strokes].flatMap {
    base in [3, 2].map { NamedDataset(stacking: $0, of: base) }
  }

  private init(stacking depth: Int, of base: NamedDataset) {
    let origin: Origin =
      switch base.origin {
      case .files(let files):
        .files(files.transformed { $0.stacked(depth: depth) })
      case .images(let make): .images { make($0).stacked(depth: depth) }
      case .points: preconditionFailure("points have no channels")
      }
    self.init(
      name: ImageStack.name(of: base.name, depth: depth),
      properName: "Stacked \(base.properName)" + (depth == ImageStack.channels ? "" : " (two)"),
      summary: "\(depth == ImageStack.channels ? "three" : "two") of \(base.name) in an image",
      origin: origin)
  }
}
