import GANFormats
import GANTensor

/// Images in an array of numbers, as one of several conventions has them.
///
/// Which one it was is never left unsaid: `assumptions` are for the console.
struct ArrayImages {
  /// `[C, H, W]` of one.
  let imageShape: Shape
  /// Samples, image after image, channel after channel.
  let pixels: [UInt8]
  /// What was taken for granted, each in words.
  let assumptions: [String]

  /// Takes images from an array whose first axis counts them: `[N, H, W]`, `[N, H, W, C]`,
  /// `[N, C, H, W]`, or rows of as many numbers as squares of at least 8 x 8 have.
  ///
  /// - Throws: `FormatError` of kind `invalid`, for `path`: no images of these extents, or values of
  ///   none of the usual ranges.
  init(
    _ array: NumericArray, of path: String, format: FormatError.Format
  ) throws(FormatError) {
    guard array.count > 0, let layout = Layout(array.dimensions) else {
      throw FormatError(
        path, .unsupported(format, what: "images of shape", value: "\(array.dimensions)"))
    }
    let samples = try Samples(
      layout.isChannelsLast ? array.transposed([0, 3, 1, 2]) : array, path, format)
    imageShape = Shape(layout.imageShape)
    pixels = samples.bytes
    assumptions = [layout.assumption, samples.assumption].compactMap(\.self)
  }

  /// True for the extents of images.
  static func areLikely(_ dimensions: [Int]) -> Bool { Layout(dimensions) != nil }
}

/// The meaning of an array's axes.
private struct Layout {
  var imageShape: [Int]
  var isChannelsLast = false
  var assumption: String?

  /// Channels that images have.
  private static let channelCounts = [1, 3]
  /// The least side of images that are rows of numbers: shorter rows are points.
  private static let leastRowSide = 8

  init?(_ dimensions: [Int]) {
    guard dimensions.allSatisfy({ $0 > 0 }) else { return nil }
    let extents = Array(dimensions.dropFirst())
    switch extents.count {
    case 1:
      guard let square = Self.square(of: extents[0]) else { return nil }
      imageShape = square
      assumption =
        "rows of \(extents[0]) numbers are taken as images of \(Shape(square).extents)"
    case 2:
      imageShape = [1] + extents
    case 3 where Self.channelCounts.contains(extents[2]):
      (imageShape, isChannelsLast) = ([extents[2], extents[0], extents[1]], true)
    case 3 where Self.channelCounts.contains(extents[0]):
      imageShape = extents
    default:
      return nil
    }
  }

  /// The square image, gray or of three channels one after another, of so many samples.
  private static func square(of count: Int) -> [Int]? {
    for channels in channelCounts where count.isMultiple(of: channels) {
      let area = count / channels
      let side = Int(Double(area).squareRoot().rounded())
      if side * side == area, side >= leastRowSide { return [channels, side, side] }
    }
    return nil
  }
}

/// Numbers of any type as samples from 0 to 255.
private struct Samples {
  let bytes: [UInt8]
  let assumption: String?

  init(
    _ array: NumericArray, _ path: String, _ format: FormatError.Format
  ) throws(FormatError) {
    if array.element == .uint8 {
      (bytes, assumption) = (array.bytes, nil)
      return
    }
    guard let (least, greatest, isWhole) = array.range else {
      throw FormatError(
        path,
        .unsupported(format, what: "samples of type", value: "\(array.element), not all finite"))
    }
    func words(_ value: Double) -> String {
      value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(Float(value))"
    }
    let found = "\(array.element.rawValue) from \(words(least)) to \(words(greatest))"
    let (scale, shift): (Double, Double)
    switch (least, greatest) {
    case (0..., ...1):
      (scale, shift) = (255, 0)
      assumption = "samples, \(found), are taken as 0 for black and 1 for white"
    case ((-1)..., ...1):
      (scale, shift) = (127.5, 127.5)
      assumption = "samples, \(found), are taken as -1 for black and 1 for white"
    case (0..., ...255):
      (scale, shift) = (1, 0)
      assumption =
        isWhole && greatest > 127
        ? nil
        : "samples, \(found), are taken as 0 for black and 255 for white"
    case (0..., ...65_535) where array.element == .uint16:
      (scale, shift) = (1.0 / 257, 0)
      assumption = "samples, \(found), are taken as 0 for black and 65535 for white"
    default:
      throw FormatError(path, .unsupported(format, what: "samples", value: found))
    }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(array.count)
    array.visitNumbers { bytes.append(UInt8($0 * scale + shift + 0.5)) }
    self.bytes = bytes
  }
}

/// Classes in an array of numbers.
struct ArrayLabels {
  /// A class for each item.
  let labels: [UInt8]

  /// Takes labels from whole numbers from 0 to 255: `[N]`, `[N, 1]`, or the first column of `[N, M]`
  /// where `takesFirstColumn`; or from `[N, K]` with one 1 in every row.
  ///
  /// - Throws: `FormatError` of kind `invalid`, for `path`.
  init(
    _ array: NumericArray, count: Int, takesFirstColumn: Bool = false, of path: String,
    format: FormatError.Format
  ) throws(FormatError) {
    let dimensions = array.dimensions
    let columns = dimensions.count == 2 ? dimensions[1] : 1
    guard (1...2).contains(dimensions.count), columns > 0 else {
      throw FormatError(
        path, .corrupt(format, .wrongShape(dimensions: dimensions, expected: "[labels]")))
    }
    guard dimensions[0] == count else {
      throw FormatError(
        path, .corrupt(format, .labelCount(images: count, labels: dimensions[0])))
    }
    var values: [Double] = []
    values.reserveCapacity(array.count)
    array.visitNumbers { values.append($0) }
    if columns > 1, takesFirstColumn {
      values = stride(from: 0, to: values.count, by: columns).map { values[$0] }
    } else if columns > 1 {
      guard let chosen = Self.chosenColumns(values, columns) else {
        throw FormatError(
          path, .corrupt(format, .wrongShape(dimensions: dimensions, expected: "[labels]")))
      }
      values = chosen
    }
    guard let strange = values.first(where: { !(0...255).contains($0) || $0 != $0.rounded() })
    else {
      labels = values.map { UInt8($0) }
      return
    }
    throw FormatError(path, .unsupported(format, what: "a class", value: "\(strange)"))
  }

  /// The place of the one 1 in every row; nil where there is another.
  private static func chosenColumns(_ values: [Double], _ columns: Int) -> [Double]? {
    var chosen: [Double] = []
    for start in stride(from: 0, to: values.count, by: columns) {
      let row = values[start..<start + columns]
      guard row.count(where: { $0 == 1 }) == 1, row.allSatisfy({ $0 == 0 || $0 == 1 }),
        let place = row.firstIndex(of: 1)
      else { return nil }
      chosen.append(Double(place - start))
    }
    return chosen
  }
}
