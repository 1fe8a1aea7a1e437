internal import GANFormats
package import GANTensor

/// What a run learns from, all of it in memory: items of one shape, one after another.
package protocol TrainingData: Sendable {
  /// What the data are called in options and reports.
  var name: String { get }
  /// The number of items.
  var count: Int { get }
  /// The shape of one item: `[C, H, W]` of an image, `[D]` of a point.
  var itemShape: Shape { get }
  /// What an element is: bytes stand for values from -1 to 1, `float32` for itself.
  var elementType: ElementType { get }
  /// Every element, item after item.
  var bytes: [UInt8] { get }
}

extension TrainingData {
  /// The SHA-256 digest of the elements, in hexadecimal: which data these are, however they were
  /// stored.
  ///
  /// - Complexity: Reads all of them at each call, about 35 ms for MNIST.
  package func digest() -> String { SHA256.hexadecimalDigest(of: bytes) }

  /// Some items as a generator would make them, `[count] + itemShape`: images in [-1, 1], points as
  /// they are.
  package func items(_ indices: some Sequence<Int32>) -> HostTensor {
    let size = itemShape.elementCount * elementType.byteCount
    let chosen = Array(indices)
    let bytes = chosen.flatMap { self.bytes[Int($0) * size..<(Int($0) + 1) * size] }
    let tensor = HostTensor(
      shape: Shape([chosen.count] + itemShape.dimensions), elementType: elementType, bytes: bytes)
    guard elementType == .uint8 else { return tensor }
    return HostTensor(
      shape: tensor.shape, bytes.map { (byte: UInt8) -> Float in (Float(byte) / 255 - 0.5) / 0.5 })
  }
}

extension ImageDataset: TrainingData {
  package var itemShape: Shape { imageShape }
  package var elementType: ElementType { .uint8 }
  package var bytes: [UInt8] { pixels }
}
