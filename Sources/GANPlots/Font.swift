import CFreeType

/// The font files that plots are drawn with as pixels: DejaVu Sans, whose widths layout reckons
/// with, or Verdana, whose are nearly the same; and for letters that those lack, others.
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

  /// Fonts with the letters of East Asia, where systems keep them.
  private static let fallbacks = [
    // Debian and its kin: fonts-noto-cjk, fonts-nanum, fonts-wqy-zenhei, fonts-droid-fallback.
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/nanum/NanumGothic.ttf",
    "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
    "/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf",
    // Fedora, Arch.
    "/usr/share/fonts/google-noto-sans-cjk-fonts/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/google-noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc",
    // macOS.
    "/System/Library/Fonts/AppleSDGothicNeo.ttc", "/System/Library/Fonts/PingFang.ttc",
    "/System/Library/Fonts/Hiragino Sans GB.ttc", "/Library/Fonts/Arial Unicode.ttf",
  ]

  /// Opens the fonts that may have what the usual ones lack; they close with the library.
  static func fallbackFaces(in library: FT_Library) -> [FT_Face] {
    fallbacks.compactMap { face($0, in: library) }
  }

  private static func face(_ path: String, in library: FT_Library) -> FT_Face? {
    var face: FT_Face?
    return FT_New_Face(library, path, 0, &face) == 0 ? face : nil
  }
}
