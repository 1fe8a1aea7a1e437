package import GANData
import GANRuntime
package import GANTensor

/// Data that a search found.
package struct FoundData: Sendable {
  /// The items, in the size asked for.
  package let data: any TrainingData
  /// Their place of origin.
  package let place: Place
  /// The shape of an item before it was resized.
  package let ownShape: Shape

  /// A place of origin.
  package enum Place: Hashable, Sendable {
    /// This program.
    case builtIn
    /// A folder or a packed file.
    case folder(String)
  }

  init(data: any TrainingData, place: Place, ownShape: Shape) {
    (self.data, self.place, self.ownShape) = (data, place, ownShape)
  }

  /// The same data, of the archive that they were unpacked from.
  func of(_ archive: String) -> FoundData {
    FoundData(data: data, place: .folder(archive), ownShape: ownShape)
  }

  /// Wraps points, which have one size.
  init(points: PointDataset) {
    self.init(data: points, place: .builtIn, ownShape: points.itemShape)
  }
}

extension FoundData: CustomStringConvertible {
  /// `mnist, 60000 images of 1x32x32, from folder, resized from 1x28x28`.
  package var description: String {
    guard !(data is PointDataset) else {
      let shape = "\(data.count) points"
      return place == .builtIn
        ? "\(data.name), \(shape) of a known density"
        : "\(data.name), \(shape) of \(data.itemShape.extents) numbers, \(place)"
    }
    let change = ownShape == data.itemShape ? "" : ", resized from \(ownShape.extents)"
    return "\(data.name), \(data.count) images of \(data.itemShape.extents), \(place)\(change)"
  }
}

extension FoundData.Place: CustomStringConvertible {
  /// `built in`, or `from folder`.
  package var description: String {
    switch self {
    case .builtIn: "built in"
    case .folder(let path): "from \(path)"
    }
  }
}

extension ImageDataset {
  /// The images in the size asked for; these themselves where they are in it.
  ///
  /// - Throws: `RuntimeError.tooLarge` where there is no memory for them.
  package func resized(_ request: FramingRequest) throws -> ImageDataset {
    let shape = request.framed(imageShape)
    if shape != imageShape {
      let (bytes, overflows) = count.multipliedReportingOverflow(by: shape.elementCount)
      try SystemMemory.require(
        overflows ? .max : bytes, for: "\(count) images resized to \(shape.extents)")
    }
    return framed(as: request)
  }
}
