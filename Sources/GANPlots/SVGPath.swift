/// The shortest path data for points rounded to hundredths of a pixel.
///
/// Each point is written as the way from the one before, both rounded, so that errors do not add
/// up.
enum SVGPath {
  static func polyline(_ points: [Point]) -> String {
    var data = ""
    var last = (x: 0, y: 0)
    for (index, point) in points.enumerated() {
      let here = rounded(point)
      if index == 0 {
        data += "M" + pair(here.x, here.y)
      } else {
        // Points that fall together after rounding draw nothing.
        if here == last, index > 1 { continue }
        let way = pair(here.x - last.x, here.y - last.y)
        data += index == 1 ? "l" + way : way.hasPrefix("-") ? way : " " + way
      }
      last = here
    }
    return data
  }

  /// Zero-length lines, which round ends make discs of.
  static func dots(_ centres: [Point]) -> String {
    var data = ""
    var last = (x: 0, y: 0)
    for (index, centre) in centres.enumerated() {
      let here = rounded(centre)
      data += (index == 0 ? "M" : "m") + pair(here.x - last.x, here.y - last.y) + "h0"
      last = here
    }
    return data
  }

  private static func rounded(_ point: Point) -> (x: Int, y: Int) {
    (Int((point.x * 100).rounded()), Int((point.y * 100).rounded()))
  }

  private static func pair(_ x: Int, _ y: Int) -> String {
    let (first, second) = (number(hundredths: x), number(hundredths: y))
    return second.hasPrefix("-") ? first + second : first + " " + second
  }

  /// A number of hundredths, without zeros that say nothing.
  static func number(hundredths: Int) -> String {
    let (whole, rest) = hundredths.magnitude.quotientAndRemainder(dividingBy: 100)
    var text = whole == 0 && rest != 0 ? "" : String(whole)
    if rest != 0 {
      text += rest < 10 ? ".0\(rest)" : rest % 10 == 0 ? ".\(rest / 10)" : ".\(rest)"
    }
    return hundredths < 0 ? "-" + text : text
  }
}
