import Foundation
import GANFormats

/// Writes a scene as SVG.
///
/// Colours stand as attributes, in their light form, for programs that read no style sheets; a
/// style sheet replaces them where the reader prefers dark surroundings.
struct SVGWriter {
  private var body = ""
  private var fills: Set<Ink> = []
  private var strokes: Set<Ink> = []

  /// Layout reckons with the widths of the first, which are nearly the second's; others are narrower.
  private static let fonts = "'DejaVu Sans',Verdana,Helvetica,Arial,sans-serif"

  static func text(of scene: Scene) -> String {
    var writer = SVGWriter()
    for element in scene.elements { writer.write(element) }
    let (width, height) = (number(scene.width), number(scene.height))
    return """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(width) \(height)" \
      width="\(width)" height="\(height)" role="img" font-family="\(fonts)">
      <title>\(escaped(scene.title))</title>
      <desc>\(escaped(scene.description))</desc>
      <style>@media (prefers-color-scheme:dark){\(writer.darkRules)}</style>
      \(writer.body)</svg>

      """
  }

  private var darkRules: String {
    func rules(_ inks: Set<Ink>, _ prefix: String, _ property: String) -> String {
      inks.map { ink in
        ".\(prefix)\(Self.key(ink)){\(property):\(Self.hexadecimal(ink.colour(in: .dark)))}"
      }
      .sorted().joined()
    }
    return rules(fills, "f", "fill") + rules(strokes, "s", "stroke")
  }

  private mutating func write(_ element: Scene.Element) {
    switch element {
    case .lines(let parts, let stroke):
      let data = parts.map { SVGPath.polyline($0) }.joined()
      guard !data.isEmpty else { return }
      let dash = stroke.dash.pattern.map { Self.number($0 * stroke.width) }.joined(separator: " ")
      let dashes = dash.isEmpty ? "" : " stroke-dasharray=\"\(dash)\""
      body +=
        "<path fill=\"none\"\(self.stroke(stroke.ink)) stroke-width=\"\(Self.number(stroke.width))\""
        + "\(dashes) stroke-linejoin=\"round\" d=\"\(data)\"/>\n"
    case .area(let polygon, let fill):
      body += "<path\(self.fill(fill)) d=\"\(SVGPath.polyline(polygon))z\"/>\n"
    case .rectangle(let box, let fill):
      body += "<rect\(place(box))\(self.fill(fill))/>\n"
    case .dots(let centres, let radius, let fill):
      body +=
        "<path\(stroke(fill.ink))\(Self.opacity("stroke-opacity", fill.opacity))"
        + " stroke-width=\"\(Self.number(2 * radius))\" stroke-linecap=\"round\""
        + " d=\"\(SVGPath.dots(centres))\"/>\n"
    case .text(let text): write(text)
    case .image(let image, let box, let opacity):
      let data = Data(PNG.encoded(image)).base64EncodedString()
      body +=
        "<image\(place(box)) preserveAspectRatio=\"none\" style=\"image-rendering:pixelated\""
        + "\(Self.opacity("opacity", opacity)) href=\"data:image/png;base64,\(data)\"/>\n"
    }
  }

  private mutating func write(_ text: Scene.Text) {
    let (x, y) = (Self.number(text.origin.x), Self.number(text.origin.y))
    let anchor = text.anchor == .start ? "" : " text-anchor=\"\(text.anchor.rawValue)\""
    let weight = text.isBold ? " font-weight=\"bold\"" : ""
    let turn =
      text.degrees == 0
      ? "" : " transform=\"rotate(\(Self.number(text.degrees)) \(x) \(y))\""
    body +=
      "<text x=\"\(x)\" y=\"\(y)\" font-size=\"\(Self.number(text.size))\"\(anchor)\(weight)\(turn)"
      + "\(fill(Scene.Fill(ink: text.ink)))>\(Self.escaped(text.string))</text>\n"
  }

  private mutating func fill(_ fill: Scene.Fill) -> String {
    fills.insert(fill.ink)
    return
      " class=\"f\(Self.key(fill.ink))\" fill=\"\(Self.hexadecimal(fill.ink.colour(in: .light)))\""
      + Self.opacity("fill-opacity", fill.opacity)
  }

  private mutating func stroke(_ ink: Ink) -> String {
    strokes.insert(ink)
    return " class=\"s\(Self.key(ink))\" stroke=\"\(Self.hexadecimal(ink.colour(in: .light)))\""
  }

  private func place(_ box: Box) -> String {
    " x=\"\(Self.number(box.minX))\" y=\"\(Self.number(box.minY))\""
      + " width=\"\(Self.number(box.width))\" height=\"\(Self.number(box.height))\""
  }

  private static func opacity(_ name: String, _ value: Double) -> String {
    value == 1 ? "" : " \(name)=\"\(number(value))\""
  }

  private static func key(_ ink: Ink) -> String {
    switch ink {
    case .background: "b"
    case .text: "t"
    case .muted: "m"
    case .grid: "g"
    case .series(let index): "\(Ink.wrapped(index))"
    }
  }

  private static func hexadecimal(_ colour: Colour) -> String {
    "#" + [colour.red, colour.green, colour.blue].map(\.hexadecimal).joined()
  }

  private static func number(_ value: Double) -> String {
    SVGPath.number(hundredths: Int((value * 100).rounded()))
  }

  /// Text as XML takes it; characters that XML has no way to write become the replacement mark.
  static func escaped(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "\t", "\n", "\r": escaped += " "
      case "\u{0}"..<" ", "\u{fffe}", "\u{ffff}": escaped += "\u{fffd}"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}
