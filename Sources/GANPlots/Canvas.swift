import CFreeType
import GANFormats

/// Pixels that a scene is drawn on with FreeType, which fills and strokes outlines of any kind,
/// not only letters.
struct Canvas: ~Copyable {
  private let library: FT_Library
  private let regular: FT_Face
  private let bold: FT_Face
  /// Fonts for letters that those lack; nil until there is one.
  private var fallbacks: [FT_Face]?
  private let scale: Double
  private let theme: Theme
  private var paper: Paper
  /// The share of each pixel that the shape being drawn covers.
  private var mask: Mask

  /// Draws a scene; the same scene and font give the same pixels where FreeType is the same.
  static func picture(
    of scene: Scene, in theme: Theme, scale: Int
  ) throws(PlotError) -> PixelImage {
    var canvas = try Canvas(scene, theme, scale)
    for element in scene.elements { try canvas.draw(element) }
    return canvas.paper.picture
  }

  private init(_ scene: Scene, _ theme: Theme, _ scale: Int) throws(PlotError) {
    precondition((1...8).contains(scale), "1 to 8 pixels for one; got \(scale)")
    var library: FT_Library?
    let code = FT_Init_FreeType(&library)
    guard code == 0, let library else { throw .freeType(operation: "start", code: Int(code)) }
    let fonts: (regular: FT_Face, bold: FT_Face)
    do throws(PlotError) {
      fonts = try Font.faces(in: library)
    } catch {
      FT_Done_FreeType(library)
      throw error
    }
    (regular, bold) = fonts
    self.library = library
    self.scale = Double(scale)
    self.theme = theme
    paper = Paper(
      width: Int((scene.width * self.scale).rounded(.up)),
      height: Int((scene.height * self.scale).rounded(.up)))
    mask = Mask(width: paper.width, height: paper.height)
  }

  // Faces end with their library.
  deinit { FT_Done_FreeType(library) }

  private mutating func draw(_ element: Scene.Element) throws(PlotError) {
    switch element {
    case .lines(let parts, let stroke):
      for part in parts {
        for dash in part.dashed(by: stroke.dash.pattern.map { $0 * stroke.width }) {
          try mask.stroke(dash, width: stroke.width, scale: scale, library)
        }
      }
      paint(Scene.Fill(ink: stroke.ink))
    case .area(let polygon, let fill):
      try mask.fill(polygon, scale: scale, library)
      paint(fill)
    case .rectangle(let box, let fill):
      try mask.fill(box.corners, scale: scale, library)
      paint(fill)
    case .dots(let centres, let radius, let fill):
      for centre in centres {
        try mask.fill(centre.circle(radius: radius), scale: scale, library)
      }
      paint(fill)
    case .text(let text):
      try mask.write(text, in: faces(for: text), scale: scale, library)
      paint(Scene.Fill(ink: text.ink))
    case .image(let image, let box, let opacity):
      paper.draw(image, in: box, opacity: opacity, scale: scale)
    }
  }

  /// The fonts to look for a text's letters in, one after another.
  private mutating func faces(for text: Scene.Text) -> [FT_Face] {
    let usual = text.isBold ? bold : regular
    let isComplete = text.letters.allSatisfy { FT_Get_Char_Index(usual, FT_ULong($0.value)) != 0 }
    guard !isComplete else { return [usual] }
    let others = fallbacks ?? Font.fallbackFaces(in: library)
    fallbacks = others
    return [usual] + others
  }

  /// Lays a colour over what the mask covers, and empties the mask.
  private mutating func paint(_ fill: Scene.Fill) {
    mask.drain(onto: &paper, fill.ink.colour(in: theme), opacity: fill.opacity)
  }
}

extension [Point] {
  /// The strokes of a broken line: lengths of strokes and gaps by turns, the whole line for none.
  fileprivate func dashed(by pattern: [Double]) -> [[Point]] {
    guard let first, !pattern.isEmpty else { return [self] }
    var dashes: [[Point]] = [[first]]
    var (index, rest) = (0, pattern[0])
    for (start, end) in zip(self, dropFirst()) {
      let length = ((end.x - start.x) * (end.x - start.x) + (end.y - start.y) * (end.y - start.y))
        .squareRoot()
      var done = 0.0
      while length - done > rest {
        done += rest
        let place = Point(
          start.x + (end.x - start.x) * done / length, start.y + (end.y - start.y) * done / length)
        if index.isMultiple(of: 2) {
          dashes[dashes.count - 1].append(place)
        } else {
          dashes.append([place])
        }
        index = (index + 1) % pattern.count
        rest = pattern[index]
      }
      rest -= length - done
      if index.isMultiple(of: 2) { dashes[dashes.count - 1].append(end) }
    }
    return dashes.filter { $0.count > 1 }
  }
}
