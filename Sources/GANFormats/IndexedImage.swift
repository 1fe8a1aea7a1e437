/// A picture of at most 256 colours, each perhaps transparent; rows from the top, packed.
package struct IndexedImage: Hashable, Sendable {
  /// Pixels in a row.
  package let width: Int
  /// Rows.
  package let height: Int
  /// Red, green, blue and opacity of each colour in turn, 0 to 255.
  package let colours: [UInt8]
  /// `height * width` numbers of colours.
  package let indices: [UInt8]

  /// Wraps pixels already laid out.
  package init(width: Int, height: Int, colours: [UInt8], indices: [UInt8]) {
    // libpng's limit on extents.
    let extents = 1...1_000_000
    precondition(
      extents.contains(width) && extents.contains(height), "got \(width) x \(height)")
    precondition(
      (1...256).contains(colours.count / 4) && colours.count.isMultiple(of: 4),
      "1 to 256 colours of 4 parts; got \(colours.count) parts")
    precondition(
      indices.count == width * height && indices.allSatisfy { Int($0) < colours.count / 4 },
      "\(width) x \(height) needs as many colours of \(colours.count / 4)")
    self.width = width
    self.height = height
    self.colours = colours
    self.indices = indices
  }
}
