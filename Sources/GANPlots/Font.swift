import CFreeType

/// The font files that plots are drawn with as pixels: DejaVu Sans, whose widths layout reckons
/// with, or Verdana, whose are nearly the same.
enum Font {
  /// The places where systems keep them, regular and bold.
  private static let files = [
    // Debian and its kin, Fedora, Arch.
    (
      "/usr/share/fonts/truetype/dejavu/DejaVuSans",
      "/usr/share/fonts/truetype/dejavu/DejaVuSans-Bold"
    ),
    (
      "/usr/share/fonts/dejavu-sans-fonts/DejaVuSans",
      "/usr/share/fonts/dejavu-sans-fonts/DejaVuSans-Bold"
    ),
    ("/usr/share/fonts/TTF/DejaVuSans", "/usr/share/fonts/TTF/DejaVuSans-Bold"),
    // macOS.
    (
      "/System/Library/Fonts/Supplemental/Verdana",
      "/System/Library/Fonts/Supplemental/Verdana Bold"
    ),
  ].map { (regular: $0 + ".ttf", bold: $1 + ".ttf") }

  /// Opens the first pair that is there; they close with the library.
  static func faces(in library: FT_Library) throws(PlotError) -> (regular: FT_Face, bold: FT_Face) {
    for file in files {
      if let regular = face(file.regular, in: library), let bold = face(file.bold, in: library) {
        return (regular, bold)
      }
    }
    throw .noFont(lookedFor: files.map(\.regular))
  }

  private static func face(_ path: String, in library: FT_Library) -> FT_Face? {
    var face: FT_Face?
    return FT_New_Face(library, path, 0, &face) == 0 ? face : nil
  }
}
