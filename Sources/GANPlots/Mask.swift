import CFreeType
import Foundation

/// The share of each pixel that a shape covers, 0 to 255.
///
/// What is drawn between two drains counts as one shape: where parts overlap the larger coverage
/// stands, so that no seam and no crossing gets darker.
struct Mask {
  private let width: Int
  private let height: Int
  private var coverage: [UInt8]
  /// Rows and columns that may be covered.
  private var rows: Range<Int> = 0..<0
  private var columns: Range<Int> = 0..<0

  /// FreeType counts the points of an outline in 16 bits, and a stroke has several for each.
  private static let pointsPerStroke = 1000

  init(width: Int, height: Int) {
    self.width = width
    self.height = height
    coverage = Array(repeating: 0, count: width * height)
  }

  /// Lays a colour over every covered pixel, and uncovers it.
  mutating func drain(onto paper: inout Paper, _ colour: Colour, opacity: Double) {
    for row in rows {
      for pixel in row * width + columns.lowerBound..<row * width + columns.upperBound
      where coverage[pixel] > 0 {
        paper.lay(colour, share: Double(coverage[pixel]) / 255 * opacity, at: pixel)
        coverage[pixel] = 0
      }
    }
    (rows, columns) = (0..<0, 0..<0)
  }

  /// Covers a polygon, closed by itself.
  mutating func fill(
    _ polygon: [Point], scale: Double, _ library: FT_Library
  ) throws(PlotError) {
    guard polygon.count > 2, polygon.count <= Int(Int16.max) else { return }
    var outline = FT_Outline()
    try check(FT_Outline_New(library, FT_UInt(polygon.count), 1, &outline), "outline a polygon")
    defer { FT_Outline_Done(library, &outline) }
    for (index, point) in polygon.enumerated() {
      outline.points[index] = vector(point, scale)
      // A corner, not a control point of a curve.
      outline.tags[index] = 1
    }
    outline.contours[0] = numericCast(polygon.count - 1)
    try cover(&outline, library)
  }

  /// Covers an open line with round joins and flat ends.
  mutating func stroke(
    _ line: [Point], width: Double, scale: Double, _ library: FT_Library
  ) throws(PlotError) {
    var stroker: FT_Stroker?
    try check(FT_Stroker_New(library, &stroker), "make a stroker")
    defer { FT_Stroker_Done(stroker) }
    FT_Stroker_Set(
      stroker, FT_Fixed(width / 2 * scale * 64), FT_STROKER_LINECAP_BUTT,
      FT_STROKER_LINEJOIN_ROUND, 0)
    let line = line.thinned(to: 1 / (8 * scale))
    // Pieces share two pixels, so that no seam shows where one ends.
    for start in stride(from: 0, to: max(line.count - 1, 1), by: Self.pointsPerStroke) {
      let piece = line[start..<min(start + Self.pointsPerStroke + 16, line.count)]
      try stroke(piece, stroker, scale, library)
    }
  }

  private mutating func stroke(
    _ piece: ArraySlice<Point>, _ stroker: FT_Stroker?, _ scale: Double, _ library: FT_Library
  ) throws(PlotError) {
    guard let first = piece.first else { return }
    var place = vector(first, scale)
    // FreeType reads before its own memory where a line has no length.
    guard piece.contains(where: { vector($0, scale) != place }) else { return }
    FT_Stroker_Rewind(stroker)
    try check(FT_Stroker_BeginSubPath(stroker, &place, 1), "begin a line")
    for point in piece.dropFirst() {
      place = vector(point, scale)
      try check(FT_Stroker_LineTo(stroker, &place), "continue a line")
    }
    try check(FT_Stroker_EndSubPath(stroker), "end a line")
    var (points, contours) = (FT_UInt(0), FT_UInt(0))
    try check(FT_Stroker_GetCounts(stroker, &points, &contours), "measure a line")
    var outline = FT_Outline()
    try check(FT_Outline_New(library, points, FT_Int(contours), &outline), "outline a line")
    defer { FT_Outline_Done(library, &outline) }
    (outline.n_points, outline.n_contours) = (0, 0)
    FT_Stroker_Export(stroker, &outline)
    try cover(&outline, library)
  }

  /// Covers a line of text, each character from the first font that has it; one that all lack shows
  /// as the first one's empty box.
  mutating func write(
    _ text: Scene.Text, in faces: [FT_Face], scale: Double, _ library: FT_Library
  ) throws(PlotError) {
    let size = FT_F26Dot6((text.size * scale * 64).rounded())
    // At 72 dots to the inch a point is a pixel.
    for face in faces { try check(FT_Set_Char_Size(face, 0, size, 72, 72), "size a font") }
    let letters = text.letters.map { letter -> (face: FT_Face, glyph: FT_UInt) in
      let found = faces.lazy.map { ($0, FT_Get_Char_Index($0, FT_ULong(letter.value))) }
        .first { $0.1 != 0 }
      return found ?? (faces[0], 0)
    }
    let advances = try letters.map { face, glyph throws(PlotError) -> Double in
      try load(glyph, face)
      // 16.16 pixels, unhinted.
      return Double(face.pointee.glyph.pointee.linearHoriAdvance) / 65536
    }
    let total = advances.reduce(0, +)
    var pen = text.anchor == .start ? 0 : text.anchor == .middle ? -total / 2 : -total
    // FreeType's ordinates go up, so clockwise is negative.
    let angle = -text.degrees * .pi / 180
    let (sine, cosine) = (sin(angle), cos(angle))
    var turn = FT_Matrix(
      xx: FT_Fixed(cosine * 65536), xy: FT_Fixed(-sine * 65536), yx: FT_Fixed(sine * 65536),
      yy: FT_Fixed(cosine * 65536))
    let origin = vector(text.origin, scale)
    for ((face, glyph), advance) in zip(letters, advances) {
      try load(glyph, face)
      FT_Outline_Transform(&face.pointee.glyph.pointee.outline, &turn)
      FT_Outline_Translate(
        &face.pointee.glyph.pointee.outline, origin.x + FT_Pos(pen * cosine * 64),
        origin.y + FT_Pos(pen * sine * 64))
      try cover(&face.pointee.glyph.pointee.outline, library)
      pen += advance
    }
  }

  private func load(_ glyph: FT_UInt, _ face: FT_Face) throws(PlotError) {
    try check(
      FT_Load_Glyph(face, glyph, FT_Int32(FT_LOAD_NO_HINTING | FT_LOAD_NO_BITMAP)), "load a letter")
  }

  /// Ordinates from the bottom, in 64ths of a pixel.
  private func vector(_ point: Point, _ scale: Double) -> FT_Vector {
    FT_Vector(
      x: FT_Pos((point.x * scale * 64).rounded()),
      y: FT_Pos(((Double(height) - point.y * scale) * 64).rounded()))
  }

  /// The target of FreeType's callback.
  private struct Target {
    let coverage: UnsafeMutablePointer<UInt8>
    let width: Int
    let height: Int
  }

  private mutating func cover(_ outline: inout FT_Outline, _ library: FT_Library) throws(PlotError)
  {
    guard outline.n_points > 0 else { return }
    let columns = claim(outline)
    let (width, height) = (width, height)
    let code = coverage.withUnsafeMutableBufferPointer { coverage -> FT_Error in
      guard let base = coverage.baseAddress else { return 0 }
      var target = Target(coverage: base, width: width, height: height)
      return withUnsafeMutablePointer(to: &target) { target in
        for left in stride(from: columns.lowerBound, to: columns.upperBound, by: Self.stripWidth) {
          let right = min(left + Self.stripWidth, columns.upperBound)
          let code = Self.render(&outline, library, columns: left..<right, onto: target)
          guard code == 0 else { return code }
        }
        return 0
      }
    }
    try check(code, "fill an outline")
  }

  /// FreeType runs out of memory of its own on flat outlines that are wide, and gives up.
  private static let stripWidth = 128

  private static func render(
    _ outline: inout FT_Outline, _ library: FT_Library, columns: Range<Int>,
    onto target: UnsafeMutablePointer<Target>
  ) -> FT_Error {
    var parameters = FT_Raster_Params()
    parameters.flags = FT_RASTER_FLAG_AA | FT_RASTER_FLAG_DIRECT | FT_RASTER_FLAG_CLIP
    parameters.clip_box = FT_BBox(
      xMin: FT_Pos(columns.lowerBound), yMin: 0, xMax: FT_Pos(columns.upperBound),
      yMax: FT_Pos(target.pointee.height))
    parameters.user = UnsafeMutableRawPointer(target)
    parameters.gray_spans = { y, count, spans, user in
      guard let spans, let target = user?.assumingMemoryBound(to: Target.self) else { return }
      let top = target.pointee.height - 1 - Int(y)
      let row = target.pointee.coverage + top * target.pointee.width
      for span in UnsafeBufferPointer(start: spans, count: Int(count)) {
        for x in Int(span.x)..<Int(span.x) + Int(span.len) {
          row[x] = max(row[x], span.coverage)
        }
      }
    }
    return FT_Outline_Render(library, &outline, &parameters)
  }

  /// Counts the pixels around an outline as covered.
  ///
  /// - Returns: Their columns.
  private mutating func claim(_ outline: FT_Outline) -> Range<Int> {
    var outline = outline
    var box = FT_BBox()
    FT_Outline_Get_CBox(&outline, &box)
    let left = min(max(Int(box.xMin) >> 6, 0), width)
    let right = min(max((Int(box.xMax) + 63) >> 6, left), width)
    let top = min(max(height - (Int(box.yMax) + 63) >> 6, 0), height)
    let bottom = min(max(height - Int(box.yMin) >> 6, top), height)
    let isFresh = rows.isEmpty || columns.isEmpty
    rows = isFresh ? top..<bottom : min(rows.lowerBound, top)..<max(rows.upperBound, bottom)
    columns =
      isFresh ? left..<right : min(columns.lowerBound, left)..<max(columns.upperBound, right)
    return left..<right
  }
}

extension FT_Vector {
  fileprivate static func != (lhs: FT_Vector, rhs: FT_Vector) -> Bool {
    lhs.x != rhs.x || lhs.y != rhs.y
  }
}

/// Throws what FreeType says where it fails.
func check(_ code: FT_Error, _ operation: String) throws(PlotError) {
  guard code == 0 else { throw .freeType(operation: operation, code: Int(code)) }
}

extension [Point] {
  /// Without the points that are nearer than a distance to the one before; the ends stay.
  fileprivate func thinned(to distance: Double) -> [Point] {
    guard let last else { return self }
    var kept: [Point] = []
    for point in dropLast() {
      if let before = kept.last, point.distance(to: before) < distance { continue }
      kept.append(point)
    }
    return kept + [last]
  }
}

extension Point {
  /// A polygon that looks like a circle up to a few pixels of radius.
  func circle(radius: Double) -> [Point] {
    (0..<24).map { corner in
      let angle = Double(corner) / 24 * 2 * .pi
      return Point(x + radius * cos(angle), y + radius * sin(angle))
    }
  }
}
