internal import GANFormats
package import GANTensor

/// The data of a run: items of one shape, one after another, in memory or in a mapped file.
package protocol TrainingData: Sendable {
  /// The data's name in options and reports.
  var name: String { get }
  /// The number of items.
  var count: Int { get }
  /// The shape of one item: `[C, H, W]` of an image, `[D]` of a point.
  var itemShape: Shape { get }
  /// The type of an element: bytes stand for values from -1 to 1, `float32` for itself.
  var elementType: ElementType { get }
  /// Every element, item after item, where they stay.
  var storage: DataStorage { get }
  /// The class of each item, from 0; nil where the data tell none.
  var labels: [UInt8]? { get }
  /// Classes that there are, whether or not each has an item; nil where the data tell none.
  var classCount: Int? { get }
  /// The classes' names, where they are known.
  var classNames: [String]? { get }
}

extension TrainingData {
  /// The SHA-256 digest of the elements, in hexadecimal: which data these are, however they were
  /// stored.
  ///
  /// - Complexity: Reads all of them at each call, about 35 ms for MNIST.
  package func digest() -> String {
    var digest = SHA256()
    digest.append(storage.bytes)
    return digest.hexadecimalDigest()
  }

  /// The SHA-256 digest of the labels, a byte each, in hexadecimal; nil where there are none.
  package func labelsDigest() -> String? {
    labels.map { SHA256.hexadecimalDigest(of: $0) }
  }

  /// Some items as a generator would make them, `[count] + itemShape`: images in [-1, 1], points as
  /// they are.
  package func items(_ indices: some Sequence<Int32>) -> HostTensor {
    let size = itemShape.elementCount * elementType.byteCount
    let chosen = Array(indices)
    let bytes = chosen.flatMap { storage.bytes[Int($0) * size..<(Int($0) + 1) * size] }
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
  package var classCount: Int? {
    labels.map { max(classNames?.count ?? 1, Int($0.max() ?? 0) + 1) }
  }
}
