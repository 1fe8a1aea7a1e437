import Foundation
import GANData
import GANFormats
import GANTensor
import GANTraining

/// Images at a path, in a generator's size.
struct GivenImages {
  /// Each with what people call it, and its pixels in [-1, 1].
  let named: [(name: String, pixels: [Float])]

  /// Reads a picture, a folder of pictures or a file of samples.
  ///
  /// - Throws: `FormatError`, `CommandError`.
  init(at path: String, shape: Shape, _ console: Console) throws {
    let ending = (path as NSString).pathExtension.lowercased()
    if !isFolder(path), ["png", "jpg", "jpeg", "webp", "bmp"].contains(ending) {
      let framing = ImageFraming(height: shape[1], width: shape[2], channels: shape[0])
      let bytes = framing.image(of: try ImageFile.read(path).1)
      named = [(path, bytes.map { (Float($0) / 255 - 0.5) * 2 })]
      return
    }
    guard FileManager.default.fileExists(atPath: path) else { throw FormatError(path, .notFound) }
    let source = DataSource(
      in: path, framing: FramingRequest(shape.extents) ?? FramingRequest(), cache: .ofUser)
    var reporter = DataReporter(console)
    let data: any TrainingData
    do {
      data = try reporter.watch { try source.find($0) }.data
    } catch let error as DataError {
      throw CommandError(error, naming: "", folder: "")
    }
    guard data.itemShape == shape, data.count <= 10_000 else {
      throw CommandError(
        .badOptions,
        "\(path) has \(data.count) items of \(data.itemShape.extents); at most 10000 of "
          + "\(shape.extents) can be looked for")
    }
    let values = data.items(Int32(0)..<Int32(data.count)).floats
    let size = shape.elementCount
    named = (0..<data.count).map {
      ("\(path) [\($0)]", Array(values[$0 * size..<($0 + 1) * size]))
    }
  }
}
